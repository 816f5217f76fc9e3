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
    /// How many users' tokens are kept; past it, users who were not seen for long must be asked for anew.
    static let defaultMaximumUserCount = 100_000

    fileprivate struct State {
        var users: [String: UserPartition] = [:]
        var applications: [TenantKey: AccessTokenTable] = [:]
        var clock: UInt64 = 0
    }

    private let state = Mutex(State())
    private let maximumUserCount: Int

    init(maximumUserCount: Int = defaultMaximumUserCount) {
        self.maximumUserCount = maximumUserCount
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
        at now: Date
    ) -> (token: CachedAccessToken, idToken: IDToken)? {
        state.withLock { state in
            guard let realm = state.users[account.homeAccountID]?.realms[TenantKey(account)],
                let token = realm.tokens.token(for: asked, at: now)
            else { return nil }
            state.clock += 1
            state.users[account.homeAccountID]?.lastUse = state.clock
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
    func store(_ grant: UserGrant, at now: Date) {
        state.withLock { state in
            state.clock += 1
            if state.users[grant.account.homeAccountID] == nil, state.users.count >= maximumUserCount {
                state.evictOne()
            }
            state.users[grant.account.homeAccountID, default: UserPartition()].merge(grant, at: now, use: state.clock)
        }
    }

    /// Removes a refresh token that the provider no longer takes, unless it was replaced meanwhile.
    func removeRefreshToken(_ token: Secret, of account: Account) {
        let environment = TenantKey.canonical(account.environment)
        state.withLock { state in
            guard state.users[account.homeAccountID]?.refreshTokens[environment] == token else { return }
            state.users[account.homeAccountID]?.refreshTokens[environment] = nil
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
        state.withLock { _ = $0.users.removeValue(forKey: homeAccountID) }
    }

    // MARK: The application itself

    /// The application's own usable token for a tenant.
    func applicationToken(in tenant: TenantKey, for asked: ScopeSet, at now: Date) -> CachedAccessToken? {
        state.withLock { $0.applications[tenant]?.token(for: asked, at: now) }
    }

    /// Keeps a token of the application itself.
    func store(_ token: CachedAccessToken, in tenant: TenantKey, askedFor asked: ScopeSet, at now: Date) {
        state.withLock { $0.applications[tenant, default: AccessTokenTable()].insert(token, askedFor: asked, at: now) }
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
    var lastUse: UInt64 = 0

    mutating func merge(_ grant: TokenCache.UserGrant, at now: Date, use: UInt64) {
        let key = TenantKey(grant.account)
        var realm = realms[key] ?? Realm(account: grant.account, idToken: grant.idToken)
        realm.account = grant.account
        realm.idToken = grant.idToken
        realm.tokens.insert(grant.accessToken, askedFor: grant.asked, at: now)
        realms[key] = realm
        if let token = grant.refreshToken {
            refreshTokens[key.environment] = token
        }
        lastUse = use
    }
}

extension TokenCache.State {
    /// Drops the user who was not seen for the longest among a few: near enough to the oldest, at no cost of order.
    mutating func evictOne() {
        var oldest: (key: String, use: UInt64)?
        for _ in 0..<8 {
            guard let candidate = users.randomElement() else { return }
            if oldest.map({ candidate.value.lastUse < $0.use }) ?? true {
                oldest = (candidate.key, candidate.value.lastUse)
            }
        }
        if let oldest { users[oldest.key] = nil }
    }
}
