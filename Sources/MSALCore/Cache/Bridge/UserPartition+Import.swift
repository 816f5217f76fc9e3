// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension UserPartition {
    /// Takes in what an import brings, but for what is older than what is here.
    func merge(_ imported: ImportedUser, homeAccountID: String, at now: Date) -> CacheChanges {
        var changes = CacheChanges()
        var changed: Set<Int> = []
        for entity in imported.accounts {
            let index = realmIndex(entity.environment, entity.realm) { entity.cached }
            changed.insert(index)
            // What a sign-in here has told is newer than any import.
            guard !realms[index].isIDTokenValidated else { continue }
            realms[index].account = entity.cached.account
            realms[index].authorityType = entity.authorityType
            realms[index].foreign = entity.foreign
        }
        for entity in imported.idTokens {
            let index = realmIndex(entity.environment, entity.realm) {
                Self.realm(homeAccountID, entity.environment, entity.realm)
            }
            guard !realms[index].isIDTokenValidated else { continue }
            changed.insert(index)
            realms[index].idToken = entity.secret
        }
        for entity in imported.accessTokens {
            let index = realmIndex(entity.environment, entity.realm) {
                Self.realm(homeAccountID, entity.environment, entity.realm)
            }
            let token = entity.cached()
            let isKnown = realms[index].tokens.all.contains { $0.isNewer(than: token, at: now) }
            guard !isKnown else { continue }
            changed.insert(index)
            let gone = realms[index].tokens.insert(token, at: now)
            changes.put.append(.accessToken(token, realms[index].account))
            changes.remove += gone.map { .accessToken($0, realms[index].account) }
        }
        for entity in imported.refreshTokens where merge(entity.cached, into: &changes) {
            guard !realms.contains(where: { Cloud.areAliases($0.account.environment, entity.environment) }) else {
                continue
            }
            // Without any account nobody could ask for the token: it gets one in the home tenant.
            let tenant = homeAccountID.split(separator: ".").last.map(String.init) ?? ""
            changed.insert(realms.count)
            realms.append(Self.realm(homeAccountID, entity.environment, tenant))
        }
        for (tenant, names) in imported.otherNames {
            for index in realms.indices where realms[index].account.tenantID == tenant {
                realms[index].otherNames += names.filter { !realms[index].otherNames.contains($0) }
            }
        }
        changes.put += changed.sorted().map { .account(realms[$0]) }
        return changes
    }

    /// Takes in a refresh token, if it is not older than the one here; one without a date counts as older.
    ///
    /// The shared schema knows whole seconds. Of one and the same second the imported one counts: whoever imports has used
    /// the other cache last.
    private func merge(_ token: CachedRefreshToken, into changes: inout CacheChanges) -> Bool {
        let replaced = refreshTokens.filter { token.replaces($0) }
        guard replaced.allSatisfy({ $0.modifiedAt.seconds(since: token.modifiedAt) < 1 && $0.secret != token.secret })
        else {
            return false
        }
        refreshTokens.removeAll { replaced.contains($0) }
        refreshTokens.append(token)
        changes.remove += replaced.map { .refreshToken($0) }
        changes.put.append(.refreshToken(token))
        return true
    }

    /// The realm of a provider and tenant, made where there is none.
    private func realmIndex(_ environment: String, _ tenant: String, make: () -> UserRealm) -> Int {
        if let index = realm(environment: environment, tenant: tenant) { return index }
        realms.append(make())
        return realms.count - 1
    }

    /// A realm of somebody of whom nothing but tokens is known.
    private static func realm(_ homeAccountID: String, _ environment: String, _ tenant: String) -> UserRealm {
        UserRealm(
            account: Account(
                homeAccountID: homeAccountID,
                environment: environment,
                tenantID: tenant,
                localAccountID: "",
                username: "",
                name: nil
            )
        )
    }
}

extension CachedAccessToken {
    /// Whether an imported token is of no use beside this one: it is for no more, and older, or of the same second and not
    /// good for longer.
    fileprivate func isNewer(than imported: CachedAccessToken, at now: Date) -> Bool {
        guard isUsable(at: now), grant.holds(imported.grant.members) else { return false }
        let age = cachedAt.seconds(since: imported.cachedAt)
        return age >= 1 || (age >= 0 && expiresOn >= imported.expiresOn)
    }
}
