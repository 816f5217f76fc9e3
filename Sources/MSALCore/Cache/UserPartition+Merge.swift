// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One thing that the cache keeps of a user, as a store is told about it.
enum CacheEntry: Sendable {
    /// An access token of an account.
    case accessToken(CachedAccessToken, Account)
    /// A refresh token.
    case refreshToken(CachedRefreshToken)
    /// An account in a tenant, with its ID token.
    case account(UserRealm)
}

/// What changed in the cache, as a store is told about it.
struct CacheChanges: Sendable {
    var put: [CacheEntry] = []
    var remove: [CacheEntry] = []
}

extension UserPartition {
    /// Takes in an answer of the provider.
    func merge(
        _ grant: UserGrant,
        refreshedWith used: CachedRefreshToken?,
        clientID: String,
        at now: Date
    ) -> CacheChanges {
        let account = grant.account
        let realm: RealmBox
        if let known = self.realm(environment: account.environment, tenant: account.tenantID) {
            realm = known
        } else {
            realm = RealmBox(UserRealm(account: account))
            realms.append(realm)
        }
        if let idToken = grant.idToken {
            realm.value.keep(account, idToken: idToken.token, isValidated: true)
        } else {
            realm.value.keep(account)
        }
        if !GUID.isValid(grant.tenantName), !grant.tenantName.isEmpty, !account.tenantID.isEmpty,
            !realm.value.otherNames.contains(grant.tenantName.lowercased())
        {
            realm.value.otherNames.append(grant.tenantName.lowercased())
        }
        let gone = realm.value.tokens.insert(grant.accessToken, at: now)
        var changes = CacheChanges(
            put: [.accessToken(grant.accessToken, account), .account(realm.value)],
            remove: gone.map { .accessToken($0, account) }
        )
        if let secret = grant.refreshToken {
            var token = CachedRefreshToken(
                secret: secret,
                environment: account.environment,
                clientID: clientID,
                familyID: grant.familyID,
                modifiedAt: now
            )
            let replaced = refreshTokens.filter {
                token.replaces($0) || $0.secret == used?.secret && $0.familyID == nil
            }
            token.modifiedAt = Date.following(replaced.map(\.modifiedAt), at: now)
            refreshTokens.removeAll { replaced.contains($0) }
            refreshTokens.append(token)
            changes.remove += replaced.map { .refreshToken($0) }
            changes.put.append(.refreshToken(token))
        } else if let used, let kept = refreshTokens.first(where: { $0.secret == used.secret }) {
            // Put again, so that a store does not forget the token of somebody who is seen every day.
            changes.put.append(.refreshToken(kept))
        }
        return changes
    }
}

extension Date {
    /// The time at which something took the place of what is of these times: later than each by a second at least, whatever
    /// the clocks of other machines said, since times are kept in whole seconds.
    static func following(_ times: [Date], at now: Date) -> Date {
        times.map { $0.addingTimeInterval(1) }.reduce(now) { max($0, $1) }
    }
}

extension CachedRefreshToken {
    /// Whether this token takes the place of another one: same provider, same application or family.
    func replaces(_ other: CachedRefreshToken) -> Bool {
        guard Cloud.areAliases(environment, other.environment), familyID == other.familyID else { return false }
        return familyID != nil || clientID == other.clientID
    }
}
