// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The tokens of one application, in memory: the application's own by tenant, users' by home account ID.
///
/// Every look-up is a few dictionary reads under a lock, on the caller's own executor, however many users there are.
final class TokenCache: Sendable {
    private struct State {
        var users: BoundedTable<String, UserPartition>
        var applications: BoundedTable<TenantKey, AccessTokenTable>
    }

    private let state: Mutex<State>

    /// Makes an empty cache.
    ///
    /// - Parameters:
    ///   - maximumUserCount: how many users' tokens are kept; past it, users not seen for long must sign in anew.
    ///   - maximumTenantCount: how many tenants' application tokens are kept; past it, they are asked for anew.
    init(maximumUserCount: Int = 100_000, maximumTenantCount: Int = 10_000) {
        state = Mutex(
            State(
                users: BoundedTable(capacity: maximumUserCount),
                applications: BoundedTable(capacity: maximumTenantCount)
            )
        )
    }

    /// What one answer of the provider brings for a user.
    struct UserGrant {
        var account: Account
        var idToken: IDToken
        var accessToken: CachedAccessToken
        /// What was asked for.
        var asked: ScopeSet
        /// The new refresh token; nil to keep the one there is.
        var refreshToken: Secret?
    }

    // MARK: Users

    /// A user's usable access token, with the ID token it came with.
    func userToken(
        of account: Account,
        for asked: ScopeSet,
        at now: Date,
        untilTheEnd: Bool = false
    ) -> (token: CachedAccessToken, idToken: IDToken)? {
        state.withLock { state in
            guard let realm = state.users[account.homeAccountID]?.realms[TenantKey(account)],
                let token = realm.tokens.token(for: asked, at: now, untilTheEnd: untilTheEnd)
            else { return nil }
            state.users.touch(account.homeAccountID)
            return (token, realm.idToken)
        }
    }

    /// A user's refresh token; it serves every tenant of the account.
    func refreshToken(of account: Account) -> Secret? {
        state.withLock { $0.users[account.homeAccountID]?.refreshTokens[TenantKey.canonical(account.environment)] }
    }

    /// The ID token of an account's last answer.
    func idToken(of account: Account) -> IDToken? {
        state.withLock { $0.users[account.homeAccountID]?.realms[TenantKey(account)]?.idToken }
    }

    /// Takes in an answer.
    ///
    /// What a refresh brought is dropped when the refresh token it was made with is gone: the person signed out meanwhile,
    /// or signed in anew.
    func store(_ grant: UserGrant, refreshedWith used: Secret? = nil, at now: Date) {
        let environment = TenantKey.canonical(grant.account.environment)
        state.withLock { state in
            if let used, state.users[grant.account.homeAccountID]?.refreshTokens[environment] != used { return }
            state.users.change(grant.account.homeAccountID, from: UserPartition()) { $0.merge(grant, at: now) }
        }
    }

    /// Removes a refresh token that the provider no longer takes, unless it was replaced meanwhile.
    func removeRefreshToken(_ token: Secret, of account: Account) {
        let environment = TenantKey.canonical(account.environment)
        state.withLock { state in
            guard state.users[account.homeAccountID]?.refreshTokens[environment] == token else { return }
            state.users.change(account.homeAccountID) { $0.refreshTokens[environment] = nil }
        }
    }

    /// Puts a refresh token in the place of the one it was got with.
    func replaceRefreshToken(_ token: Secret, by new: Secret, of account: Account) {
        let environment = TenantKey.canonical(account.environment)
        state.withLock { state in
            guard state.users[account.homeAccountID]?.refreshTokens[environment] == token else { return }
            state.users.change(account.homeAccountID) { $0.refreshTokens[environment] = new }
        }
    }

    /// Everybody with something in the cache, ordered by home account ID.
    func accounts() -> [Account] {
        state.withLock { state in state.users.values.flatMap { $0.realms.values.map(\.account) } }
            .sorted { ($0.homeAccountID, $0.tenantID) < ($1.homeAccountID, $1.tenantID) }
    }

    /// The account of a home account ID; the one in its home tenant where it has several.
    func account(homeAccountID: String) -> Account? {
        state.withLock { state in
            let accounts = state.users[homeAccountID]?.realms.values.map(\.account) ?? []
            return accounts.first { homeAccountID.hasSuffix("." + $0.tenantID) }
                ?? accounts.min { $0.tenantID < $1.tenantID }
        }
    }

    /// Removes all that is kept for an account, in every tenant.
    func remove(homeAccountID: String) {
        state.withLock { $0.users.remove(homeAccountID) }
    }

    // MARK: The application itself

    /// The application's own usable token for a tenant.
    func applicationToken(in tenant: TenantKey, for asked: ScopeSet, at now: Date) -> CachedAccessToken? {
        state.withLock { state in
            guard let token = state.applications[tenant]?.token(for: asked, at: now) else { return nil }
            state.applications.touch(tenant)
            return token
        }
    }

    /// Keeps a token of the application itself.
    func store(_ token: CachedAccessToken, in tenant: TenantKey, askedFor asked: ScopeSet, at now: Date) {
        state.withLock { state in
            state.applications.change(tenant, from: AccessTokenTable()) { $0.insert(token, askedFor: asked, at: now) }
        }
    }
}

/// A tenant at a provider, as the cache tells them apart: aliases of a cloud are one, case does not count.
struct TenantKey: Hashable, Sendable {
    let environment: String
    let tenant: String

    init(environment: String, tenant: String) {
        self.environment = Self.canonical(environment)
        self.tenant = tenant.lowercased()
    }

    init(_ account: Account) {
        self.init(environment: account.environment, tenant: account.tenantID)
    }

    /// The one name that stands for all aliases of a host.
    static func canonical(_ environment: String) -> String {
        Cloud.of(host: environment)?.preferredNetwork ?? environment
    }
}

/// All that is kept for one user.
private struct UserPartition {
    struct Realm {
        var account: Account
        var idToken: IDToken
        var tokens = AccessTokenTable()
    }

    var realms: [TenantKey: Realm] = [:]
    var refreshTokens: [String: Secret] = [:]

    mutating func merge(_ grant: TokenCache.UserGrant, at now: Date) {
        let key = TenantKey(grant.account)
        var realm = realms[key] ?? Realm(account: grant.account, idToken: grant.idToken)
        realm.account = grant.account
        realm.idToken = grant.idToken
        realm.tokens.insert(grant.accessToken, askedFor: grant.asked, at: now)
        realms[key] = realm
        if let token = grant.refreshToken {
            refreshTokens[key.environment] = token
        }
    }
}
