// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension ClientApplication {
    /// Takes in a token cache in the JSON that the MSALs share.
    ///
    /// Entries are read by field, so that a cache of any MSAL serves. What this application can use goes into its memory and
    /// its token store, unless something newer is there; what is another application's or another provider's, or is good for
    /// special requests alone, is kept as it is for ``exportCache()``. An ID token that comes so was not validated here:
    /// results carry none until the first refresh.
    ///
    /// - Parameter json: the cache. It may have commas too many and a byte order mark, as some MSALs write.
    /// - Returns: what was read and what was passed over, with the reasons.
    /// - Throws: ``AuthenticationError`` with the code `cacheMalformed` when it is not one JSON object; `storeUnavailable`
    ///   when the token store does not take what is kept for others.
    public func importCache(_ json: [UInt8]) async throws -> CacheImportReport {
        let document = try CacheDocument(reading: json)
        let authority = configuration.authority
        let imported = CacheImport(document, clientID: configuration.clientID, authority: authority, at: time.now)
        for (environment, family) in imported.families { families.note(family, at: environment) }
        for (homeAccountID, places) in imported.users {
            try await take(imported.user(at: places), of: homeAccountID)
        }
        for token in imported.applicationTokens {
            try await take(token)
        }
        if !imported.rest.isEmpty {
            if let vault {
                try await vault.changeForeign { $0.merge(imported.rest) }
            } else {
                foreign.change { $0.merge(imported.rest) }
            }
        }
        var report = CacheImportReport(document)
        report.endedAccessTokens = imported.ended
        return report
    }

    /// All tokens of this application in the JSON that the MSALs share, with what earlier imports brought for others.
    ///
    /// It holds tokens in plain text: whoever can read it can act for everybody in it. Hosts stand in it without ports.
    ///
    /// - Returns: the cache; with a token store everything that is there, read page by page.
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable` when the token store does not answer.
    public func exportCache() async throws -> [UInt8] {
        var document: CacheDocument
        if let vault {
            let stored = try await vault.document(of: configuration.clientID).0
            let known = Set(stored.accounts.map(\.homeAccountID))
            // Whom the store does not have yet.
            document = cache.users { !known.contains($0) }
            document.merge(stored)
        } else {
            document = cache.users()
            document.accessTokens += cache.applicationTokens(of: configuration.authority.environment)
            document.merge(foreign.contents)
        }
        document.makeShareable()
        var known = CacheDocument()
        known.appMetadata = families.all.map { environment, family in
            AppMetadataEntity(clientID: configuration.clientID, environment: environment, familyID: family)
        }
        known.makeShareable()
        document.merge(known)
        return document.json()
    }

    /// Takes in what an import brings of a person.
    private func take(_ user: ImportedUser, of homeAccountID: String) async throws {
        let merge = { (now) in
            self.cache.change(homeAccountID, at: now, making: true) {
                $0.merge(user, homeAccountID: homeAccountID, isRecorded: self.vault != nil, at: now)
            }
        }
        guard let vault else {
            _ = merge(time.now)
            return
        }
        try await turnstile.inTurn(homeAccountID) {
            try await vault.load(homeAccountID, at: time.now)
            try await persist(homeAccountID, isConditional: true, merge)
        }
    }

    /// Takes in a token of the application itself.
    private func take(_ entity: AccessTokenEntity) async throws {
        let now = time.now
        let token = entity.cached(asked: ScopeSet(entity.scopes))
        let scopes = ScopeSet(entity.scopes)
        try await vault?.loadApplicationToken(in: entity.realm, for: scopes, at: now)
        let known = cache.applicationToken(in: entity.realm, for: entity.scopes, at: now)
        guard known.map({ $0.expiresOn < token.expiresOn }) ?? true else { return }
        cache.store(token, in: entity.realm, at: now)
        try await vault?.saveApplicationToken(token, in: entity.realm, of: entity.environment, for: scopes)
    }
}
