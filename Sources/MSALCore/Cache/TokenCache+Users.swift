// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the cache holds for a user's request.
struct UserToken: Sendable {
    /// The token that serves the request: a usable one if there is any.
    var token: CachedAccessToken
    /// The user as the tenant of the token knows them.
    var account: Account
    /// When the user's tokens were last known to be what the store holds.
    var checkedAt: Date
}

/// What one answer of the provider brings for a user.
struct UserGrant: Sendable {
    var account: Account
    /// The tenant by the name it was asked for under.
    var tenantName: String
    /// The new ID token, validated; nil to keep the one there is.
    var idToken: IDToken?
    var accessToken: CachedAccessToken
    /// The new refresh token; nil to keep the one there is.
    var refreshToken: Secret?
    /// The family of the new refresh token.
    var familyID: String?
}

/// Everything that is kept of one user.
struct UserContents: Sendable {
    var realms: [UserRealm] = []
    var refreshTokens: [CachedRefreshToken] = []
}

extension TokenCache {
    /// A user's token that serves a request in a tenant: a usable one, else the one that ends last.
    func userToken(
        of account: Account,
        in tenant: String,
        for wanted: [String],
        isolation: String? = nil,
        at now: Date
    ) -> UserToken? {
        userToken(account.partition, account.environment, tenant, for: wanted, isolation: isolation, at: now)
    }

    /// A token in a partition that serves a request in a tenant.
    func userToken(
        _ partition: String,
        _ environment: String,
        _ tenant: String,
        for wanted: [String],
        isolation: String? = nil,
        at now: Date
    ) -> UserToken? {
        shard(of: partition).state.withLock { state in
            guard let user = state.users[partition],
                let realm = user.realm(environment: environment, tenant: tenant),
                let token = realm.value.tokens.token(for: wanted, isolation: isolation, at: now)
            else { return nil }
            user.touch(at: now)
            return UserToken(token: token, account: realm.value.account, checkedAt: user.checkedAt)
        }
    }

    /// Everything that is kept of a user; nil for one who is not here.
    func contents(of homeAccountID: String) -> UserContents? {
        shard(of: homeAccountID).state.withLock { state in
            state.users[homeAccountID].map {
                UserContents(realms: $0.realms.map(\.value), refreshTokens: Array($0.refreshTokens))
            }
        }
    }

    /// What a user has in a tenant; nil for one they were not seen in.
    func realm(of account: Account, in tenant: String) -> UserRealm? {
        contents(of: account.partition)?.realms
            .first { $0.isNamed(environment: account.environment, tenant: tenant) }
    }

    /// The refresh tokens that may serve a user at a provider: the newest of the application's own or its family's.
    func refreshTokens(of account: Account) -> [CachedRefreshToken] {
        (contents(of: account.partition)?.refreshTokens ?? [])
            .filter { Cloud.areAliases($0.environment, account.environment) }
            .sorted { $0.modifiedAt > $1.modifiedAt }
    }

    /// Takes in an answer.
    ///
    /// What a refresh brought is dropped when the refresh token it was made with is gone: the person signed out meanwhile,
    /// or signed in anew.
    ///
    /// - Parameters:
    ///   - grant: the answer.
    ///   - used: the refresh token it was got with; nil for a sign-in.
    ///   - now: the time.
    /// - Returns: what a store must be told; nil if it was dropped.
    func store(_ grant: UserGrant, refreshedWith used: CachedRefreshToken? = nil, at now: Date) -> CacheChanges? {
        change(grant.account.partition, at: now, making: used == nil) { user -> CacheChanges? in
            if let used, !user.refreshTokens.contains(where: { $0.secret == used.secret }) { return nil }
            return user.merge(grant, refreshedWith: used, clientID: clientID, at: now)
        } ?? nil
    }

    /// Removes a refresh token that the provider no longer takes, unless it was replaced meanwhile.
    func removeRefreshToken(_ token: CachedRefreshToken, of account: Account, at now: Date) -> CacheChanges? {
        change(account.partition, at: now) { user -> CacheChanges? in
            guard let index = user.refreshTokens.firstIndex(where: { $0.secret == token.secret }) else { return nil }
            return CacheChanges(remove: [.refreshToken(user.refreshTokens.remove(at: index))])
        } ?? nil
    }

    /// Puts a refresh token in the place of the one it was got with.
    func replaceRefreshToken(
        _ token: CachedRefreshToken,
        by new: Secret,
        of account: Account,
        at now: Date
    ) -> CacheChanges? {
        change(account.partition, at: now) { user -> CacheChanges? in
            guard let index = user.refreshTokens.firstIndex(where: { $0.secret == token.secret }) else { return nil }
            user.refreshTokens[index].secret = new
            user.refreshTokens[index].modifiedAt = Date.following([token.modifiedAt], at: now)
            return CacheChanges(put: [.refreshToken(user.refreshTokens[index])])
        } ?? nil
    }

    /// Everybody with something in the cache, ordered by home account ID.
    func accounts() -> [Account] {
        var accounts: [Account] = []
        var order: [AccountOrder] = []
        accounts.reserveCapacity(totals.partitionCount)
        order.reserveCapacity(totals.partitionCount)
        for shard in shards {
            shard.state.withLock { state in
                for user in state.users.values where !user.isOnBehalf {
                    for realm in user.realms {
                        order.append(AccountOrder(prefix: user.order, index: accounts.count))
                        accounts.append(realm.value.account)
                    }
                }
            }
        }
        return accounts.inOrder(of: order)
    }

    /// The account of a home account ID; the one in its home tenant where it has several.
    func account(homeAccountID: String) -> Account? {
        shard(of: homeAccountID).state.withLock { state in
            guard let realms = state.users[homeAccountID]?.realms, let first = realms.first else { return nil }
            guard realms.count > 1 else { return first.value.account }
            return realms.first { homeAccountID.hasSuffix("." + $0.value.account.tenantID) }?.value.account
                ?? realms.map(\.value.account).min { $0.tenantID < $1.tenantID }
        }
    }

    /// Everybody with changes that the store has not taken yet.
    func unsavedUsers() -> [String] {
        shards.flatMap { shard in
            shard.state.withLock { state in state.users.values.filter { !$0.unsaved.isEmpty }.map(\.name) }
        }
    }

    /// Puts what a store or an import holds of a user in the place of what is here.
    ///
    /// - Parameters:
    ///   - contents: everything of the user; they go where it is empty.
    ///   - homeAccountID: the user.
    ///   - version: the store's version; nil where there is none.
    ///   - now: the time.
    func replace(_ contents: UserContents, of homeAccountID: String, version: TokenVersion?, at now: Date) {
        guard !contents.realms.isEmpty || !contents.refreshTokens.isEmpty else {
            remove(homeAccountID: homeAccountID)
            return
        }
        change(homeAccountID, at: now, making: true) { user in
            let before = user.realms
            user.realms = OneOrMany(contents.realms.map { RealmBox($0) })
            for realm in user.realms where !before.isEmpty {
                // No store knows the other names.
                let tenant = realm.value.account.tenantID
                realm.value.otherNames = before.first { $0.value.account.tenantID == tenant }?.value.otherNames ?? []
            }
            user.refreshTokens = OneOrMany(contents.refreshTokens)
            user.version = version
            user.checkedAt = now
        }
    }

    /// Removes all that is kept for a user, in every tenant.
    func remove(homeAccountID: String) {
        let freed = shard(of: homeAccountID).state.withLock { state -> Int? in
            guard let user = state.users[homeAccountID] else { return nil }
            state.remove(user)
            return user.countedBytes
        }
        if let freed { totals.add(partitions: -1, bytes: -freed) }
    }

    /// Changes what is kept of a user and counts it.
    ///
    /// - Returns: what the change returns; nil for a user who is not here and is not to be made.
    @discardableResult
    func change<Result: Sendable>(
        _ homeAccountID: String,
        at now: Date,
        making: Bool = false,
        _ body: (UserPartition) -> Result
    ) -> Result? {
        let changed = shard(of: homeAccountID).state.withLock { state -> (Result, CacheGrowth)? in
            let isNew = state.users[homeAccountID] == nil
            guard making || !isNew else { return nil }
            let user = state.user(homeAccountID, at: now)
            user.lastUse = now
            let result = body(user)
            return (result, CacheGrowth(of: user, isNew: isNew))
        }
        guard let (result, growth) = changed else { return nil }
        grow(growth, keeping: homeAccountID)
        return result
    }
}

/// Where an account stands in a list, and how its home account ID begins: nearly always that tells the order, and comparing
/// numbers does not reach for texts far away.
struct AccountOrder {
    /// The first eight bytes.
    var prefix: UInt64
    /// The place in the list.
    var index: Int
}

extension [Account] {
    /// The accounts ordered by home account ID and tenant.
    var inOrder: [Account] {
        inOrder(
            of: enumerated().map { AccountOrder(prefix: $0.element.homeAccountID.bigEndianPrefix, index: $0.offset) }
        )
    }

    /// The same where the beginnings are at hand.
    fileprivate func inOrder(of order: [AccountOrder]) -> [Account] {
        let sorted = order.sorted { one, other in
            if one.prefix != other.prefix { return one.prefix < other.prefix }
            let (first, second) = (self[one.index], self[other.index])
            return (first.homeAccountID, first.tenantID) < (second.homeAccountID, second.tenantID)
        }
        return sorted.map { self[$0.index] }
    }
}

extension String {
    /// The first eight bytes as a number that orders as they do; what is missing counts as zero.
    var bigEndianPrefix: UInt64 {
        var number: UInt64 = 0
        var count = 0
        for byte in utf8.prefix(8) {
            number = number << 8 | UInt64(byte)
            count += 1
        }
        return count == 8 ? number : number << UInt64(8 * (8 - count))
    }
}
