// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension ClientApplication {
    /// Everybody this application holds tokens for, ordered by home account ID, one account a tenant.
    ///
    /// With a token store these are the store's, read page by page: a person who is kept nowhere but there counts too.
    /// Where the store does not answer, they are those in memory.
    ///
    /// - Throws: `CancellationError` alone.
    public func accounts() async throws -> [Account] {
        guard let stored = try await vault?.accounts() else { return cache.accounts() }
        let known = Set(stored.map { [$0.homeAccountID, $0.tenantID] })
        return (stored + cache.accounts().filter { !known.contains([$0.homeAccountID, $0.tenantID]) }).inOrder
    }

    /// The account of a home account ID; nil when nothing is held for it.
    ///
    /// Where the person is known to several tenants it is the account in their home tenant, if they were seen there.
    ///
    /// - Throws: `CancellationError` alone.
    public func account(homeAccountID: String) async throws -> Account? {
        if let account = cache.account(homeAccountID: homeAccountID) { return account }
        guard let vault else { return nil }
        return try await turnstile.inTurn(homeAccountID) {
            hold(homeAccountID)
            defer { release(homeAccountID) }
            try await vault.load(homeAccountID, at: time.now)
            return cache.account(homeAccountID: homeAccountID)
        }
    }

    /// Forgets all tokens of an account, in every tenant, in memory and in the token store.
    ///
    /// The sign-in at the provider is not touched. Long-running work on behalf of the person goes on: stop it by its
    /// session key.
    ///
    /// - Throws: ``AuthenticationError`` when the store does not answer: what it holds is still there then.
    public func removeAccount(_ account: Account) async throws {
        let homeAccountID = account.homeAccountID
        // At once, so that what a refresh under way brings is dropped.
        cache.remove(homeAccountID: homeAccountID)
        guard let vault else {
            foreign.change { $0.remove(homeAccountID: homeAccountID, clientID: configuration.clientID) }
            return
        }
        try await turnstile.inTurn(homeAccountID) {
            let isOfFamily = families.isMember(at: account.environment)
            try await vault.remove(homeAccountID, withFamily: isOfFamily)
            try await vault.changeForeign { $0.remove(homeAccountID: homeAccountID, clientID: configuration.clientID) }
            cache.remove(homeAccountID: homeAccountID)
        }
    }

    /// Forgets the application's own tokens for a tenant.
    ///
    /// - Parameter tenant: the tenant, by the name the tokens were asked for under; the authority's unless told otherwise.
    /// - Throws: ``AuthenticationError`` when the store does not answer: what it holds is still there then.
    public func removeTokensForClient(tenant: String? = nil) async throws {
        let tenant = tenant ?? configuration.authority.tenant
        cache.removeApplicationTokens(in: tenant)
        try await vault?.removeApplicationTokens(in: tenant)
    }
}
