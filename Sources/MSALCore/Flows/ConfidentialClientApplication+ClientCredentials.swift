// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What makes two requests for the application's own token equal.
struct ClientGrantKey: Hashable, Sendable {
    var tenant: TenantKey
    var scopes: ScopeSet
}

extension ConfidentialClientApplication {
    /// Acquires a token for the application itself by client credentials (RFC 6749 §4.4), from the cache where there is one.
    ///
    /// - Parameters:
    ///   - scopes: the API's identifier followed by `/.default`.
    ///   - tenant: another tenant than the authority's, by GUID or domain.
    /// - Returns: the token; it belongs to no account.
    /// - Throws: ``AuthenticationError``.
    public func acquireTokenForClient(scopes: [String], tenant: String? = nil) async throws -> AuthenticationResult {
        try Scopes.check(scopes)
        guard !scopes.isEmpty else {
            throw AuthenticationError(.invalidCall, .scopeInvalid, "Name the API whose token is wanted as a scope.")
        }
        let asked = ScopeSet(scopes)
        // The tenant is read as part of a URL only when nothing is kept for it.
        let key = TenantKey(
            environment: configuration.authority.environment,
            tenant: tenant ?? configuration.authority.tenant
        )
        if let token = cache.applicationToken(in: key, for: asked, at: time.now) {
            return AuthenticationResult(token, nil, nil, .cache, nil)
        }
        let authority =
            if let tenant { try configuration.authority.with(tenant: tenant) } else { configuration.authority }
        try checkClientScopes(scopes, authority)
        return try await clientGrants.value(for: ClientGrantKey(tenant: key, scopes: asked)) { [self] in
            let correlationID = makeCorrelationID()
            let metadata = try await metadata(of: authority, correlationID)
            let answer = try await redeem(
                .clientCredentials(scopes: scopes),
                at: metadata,
                of: authority,
                correlationID: correlationID
            )
            let now = time.now
            let token = CachedAccessToken(answer, askedFor: scopes, at: now)
            cache.store(token, in: key, askedFor: asked, at: now)
            return AuthenticationResult(token, nil, nil, .identityProvider, correlationID)
        }
    }

    private func checkClientScopes(_ scopes: [String], _ authority: Authority) throws(AuthenticationError) {
        guard !authority.isMultiTenant else {
            throw AuthenticationError(
                .invalidCall,
                .authorityInvalid,
                "An application's own token is issued by one tenant; '\(authority)' stands for many. Name the tenant."
            )
        }
        if authority.kind == .entra, let scope = scopes.first(where: { !$0.hasSuffix("/.default") }) {
            throw AuthenticationError(
                .invalidCall,
                .scopeInvalid,
                "'\(scope)' cannot be asked for with client credentials: use the API's identifier followed by '/.default'."
            )
        }
    }
}
