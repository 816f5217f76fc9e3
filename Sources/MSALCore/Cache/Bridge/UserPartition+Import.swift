// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension UserPartition {
    /// Takes in what an import brings, but for what is older than what is here.
    ///
    /// - Parameters:
    ///   - imported: what it brings.
    ///   - homeAccountID: whose it is.
    ///   - isRecorded: whether anybody wants to know what changed.
    ///   - now: the time.
    /// - Returns: what a store must be told; nothing unless it was to be recorded.
    func merge(_ imported: ImportedUser, homeAccountID: String, isRecorded: Bool, at now: Date) -> CacheChanges {
        var changes = isRecorded ? CacheChanges() : nil
        var changed = OneOrMany<RealmBox>()
        let note = { (realm: RealmBox) in
            if !changed.contains(where: { $0 === realm }) { changed.append(realm) }
        }
        var taken = 0
        for entity in imported.accounts {
            guard let known = realm(environment: entity.environment, tenant: entity.realm) else {
                // With its ID token, so that it is made once.
                let idToken = imported.idToken(of: entity)
                if idToken != nil { taken += 1 }
                let realm = RealmBox(entity.cached(idToken: idToken))
                realms.append(realm)
                note(realm)
                continue
            }
            // What a sign-in here has told is newer than any import.
            guard !known.value.isIDTokenValidated else { continue }
            let cached = entity.cached()
            known.value.keep(cached.account)
            known.value.authorityType = cached.authorityType
            known.value.foreign = entity.foreign
            note(known)
        }
        if taken != imported.idTokens.count {
            for entity in imported.idTokens {
                let realm = realm(homeAccountID, entity.environment, entity.realm)
                guard !realm.value.isIDTokenValidated else { continue }
                realm.value.keep(realm.value.account, idToken: entity.secret, isValidated: false)
                note(realm)
            }
        }
        for entity in imported.accessTokens {
            let realm = realm(homeAccountID, entity.environment, entity.realm)
            let token = entity.cached()
            let isOutdone =
                realm.value.tokens.count > 0
                && realm.value.tokens.all.contains { $0.isNewer(than: token, at: now) }
            guard !isOutdone else { continue }
            let gone = realm.value.tokens.insert(token, at: now)
            changes?.put.append(.accessToken(token, realm.value.account))
            changes?.remove += gone.map { .accessToken($0, realm.value.account) }
            note(realm)
        }
        for entity in imported.refreshTokens where merge(entity.cached, into: &changes) {
            guard !realms.contains(where: { Cloud.areAliases($0.value.account.environment, entity.environment) }) else {
                continue
            }
            // Without any account nobody could ask for the token: it gets one in the home tenant.
            let tenant = homeAccountID.split(separator: ".").last.map(String.init) ?? ""
            note(realm(homeAccountID, entity.environment, tenant))
        }
        for (tenant, names) in imported.otherNames {
            for realm in realms where realm.value.account.tenantID == tenant {
                realm.value.otherNames += names.filter { !realm.value.otherNames.contains($0) }
            }
        }
        changes?.put += changed.map { .account($0.value) }
        return changes ?? CacheChanges()
    }

    /// Takes in a refresh token, if it is not older than the one here; one without a date counts as older.
    ///
    /// The shared schema knows whole seconds. Of one and the same second the imported one counts: whoever imports has used
    /// the other cache last.
    private func merge(_ token: CachedRefreshToken, into changes: inout CacheChanges?) -> Bool {
        let replaced = refreshTokens.filter { token.replaces($0) }
        guard replaced.allSatisfy({ $0.modifiedAt.seconds(since: token.modifiedAt) < 1 && $0.secret != token.secret })
        else {
            return false
        }
        if !replaced.isEmpty { refreshTokens.removeAll { replaced.contains($0) } }
        refreshTokens.append(token)
        changes?.remove += replaced.map { .refreshToken($0) }
        changes?.put.append(.refreshToken(token))
        return true
    }

    /// The realm of a provider and tenant; where there is none, one of somebody of whom nothing but tokens is known.
    private func realm(_ homeAccountID: String, _ environment: String, _ tenant: String) -> RealmBox {
        if let known = realm(environment: environment, tenant: tenant) { return known }
        let realm = RealmBox(
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
        )
        realms.append(realm)
        return realm
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
