// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What makes two requests for the application's own token equal.
struct ClientGrantKey: Hashable, Sendable {
    var tenant: String
    var scopes: ScopeSet
    var isolation: String?
    var claims: String?
}

/// The application's own token, as somebody wants it.
private struct ClientGrant {
    var tenant: String
    var scopes: [String]
    var claims: String?
    var reason: AuthenticationResult.RefreshReason
    /// A token that was issued later serves even where a new one is wanted.
    var newerThan: Date
    var isolation: String?
    var options: RequestOptions

    var key: ClientGrantKey {
        ClientGrantKey(tenant: tenant.lowercased(), scopes: ScopeSet(scopes), isolation: isolation, claims: claims)
    }
}

extension ClientApplication where Kind == ConfidentialClient {
    /// Acquires a token for the application itself by client credentials (RFC 6749 §4.4), from the cache where there is one.
    ///
    /// A token that the provider wants renewed ahead of its end is handed out at once and renewed in the background;
    /// equal calls at the same time share one request.
    ///
    /// - Parameters:
    ///   - scopes: the API's identifier followed by `/.default`.
    ///   - tenant: another tenant than the authority's, by GUID or domain.
    ///   - claims: a claims challenge of the API, verbatim; the token in the cache is passed over then.
    ///   - options: what few requests need.
    /// - Returns: the token; it belongs to no account.
    /// - Throws: ``AuthenticationError``.
    public func acquireTokenForClient(
        scopes: [String],
        tenant: String? = nil,
        claims: String? = nil,
        options: RequestOptions? = nil
    ) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        let now = time.now
        let place = tenant ?? configuration.authority.tenant
        let isolation = try isolation(of: options)
        let found = cache.applicationToken(in: place, for: scopes, isolation: isolation, at: now)
        if claims == nil, let found, !scopes.isEmpty, found.isUsable(at: now) {
            let isRenewed = found.isDueForRefresh(at: now) && found.claimRefresh(at: now)
            if isRenewed { renewInBackground(found, scopes, place, options) }
            telemetry.noteHit(found)
            let result = result(found, place, isRenewed ? .proactive : nil, Self.atHand(watch.elapsed))
            if instruments.watchesHits { instruments.noteHit(.client, result, found, scopes, at: now) }
            return result
        }
        let grant = ClientGrant(
            tenant: place,
            scopes: scopes,
            claims: claims,
            reason: claims != nil ? .claims : found == nil ? .noToken : .expired,
            newerThan: now,
            isolation: isolation,
            options: options ?? RequestOptions()
        )
        return try await instruments.acquiring(.client, scopes, time) { try await acquire(grant, watch) }
    }

    /// Acquires a token that is not at hand, with all who want the same; while the provider is down one that ends later.
    private func acquire(_ grant: ClientGrant, _ watch: Stopwatch) async throws -> AuthenticationResult {
        // The tenant is read as part of a URL only when nothing is kept for it.
        let authority = try check(grant)
        do {
            let answer = try await clientGrants.value(for: grant.key) { [self] in try await acquire(grant, authority) }
            return answer.after(watch.elapsed)
        } catch let error as AuthenticationError where error.isOutage && grant.claims == nil {
            let now = time.now
            guard
                let found = cache.applicationToken(
                    in: grant.tenant,
                    for: grant.scopes,
                    isolation: grant.isolation,
                    at: now
                ),
                found.isUsable(at: now, .extended)
            else { throw error }
            let end = now < found.expiresOn ? nil : found.endsOn
            return result(found, grant.tenant, nil, Self.atHand(watch.elapsed), until: end)
        }
    }

    private func result(
        _ token: CachedAccessToken,
        _ tenant: String,
        _ reason: AuthenticationResult.RefreshReason?,
        _ durations: AuthenticationResult.Durations,
        until end: Date? = nil
    ) -> AuthenticationResult {
        AuthenticationResult(token, until: end, of: nil, in: tenant, nil, .cache, reason, durations)
    }

    private func renewInBackground(
        _ token: CachedAccessToken,
        _ scopes: [String],
        _ tenant: String,
        _ options: RequestOptions?
    ) {
        var options = options ?? RequestOptions()
        // It named the call that has its token already.
        options.correlationID = nil
        let grant = ClientGrant(
            tenant: tenant,
            scopes: scopes,
            reason: .proactive,
            newerThan: token.cachedAt,
            isolation: token.isolation,
            options: options
        )
        clientGrants.start(for: grant.key) { [self] in
            do {
                let answer = try await instruments.acquiring(.client, scopes, time) {
                    try await acquire(grant, try check(grant))
                }
                report(BackgroundRefresh(account: nil, tenantID: tenant, scopes: scopes, error: nil))
                return answer
            } catch {
                report(BackgroundRefresh(account: nil, tenantID: tenant, scopes: scopes, error: error))
                throw error
            }
        }
    }

    /// Asks the store, then the provider.
    private func acquire(_ grant: ClientGrant, _ authority: Authority) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        let asked = ScopeSet(grant.scopes)
        if let vault {
            let now = time.now
            try await vault.loadApplicationToken(in: grant.tenant, for: asked, isolation: grant.isolation, at: now)
            let found = cache.applicationToken(
                in: grant.tenant,
                for: grant.scopes,
                isolation: grant.isolation,
                at: now
            )
            if let found, found.isUsable(at: now), grant.claims == nil,
                grant.reason != .proactive || found.cachedAt > grant.newerThan
            {
                return result(found, grant.tenant, nil, Self.atHand(watch.elapsed))
            }
        }
        let beforeHTTP = watch.elapsed
        let call = call(.client, grant.reason, options: grant.options)
        let answer = try await answer(to: grant, authority, call)
        let http = watch.elapsed - beforeHTTP
        let now = time.now
        let token = CachedAccessToken(answer, askedFor: grant.scopes, isolation: grant.isolation, at: now)
        cache.store(token, in: grant.tenant, at: now)
        try await vault?.saveApplicationToken(token, in: grant.tenant, of: authority.environment, for: asked)
        let total = watch.elapsed
        return AuthenticationResult(
            token,
            of: nil,
            in: grant.tenant,
            nil,
            .identityProvider,
            grant.reason,
            correlationID: call.correlationID,
            AuthenticationResult.Durations(total: total, cache: total - http, http: http)
        )
    }

    /// What the provider says, or the application's own in its place.
    private func answer(to grant: ClientGrant, _ authority: Authority, _ call: Call) async throws -> TokenResponse {
        if let provide = configuration.tokenProvider {
            let request = TokenProviderRequest(
                scopes: grant.scopes,
                tenant: grant.tenant,
                claims: grant.claims,
                correlationID: call.correlationID
            )
            return try TokenResponse(
                try await CredentialCallback.value(of: "provides tokens") { try await provide(request) }
            )
        }
        return try await redeem(
            .clientCredentials(scopes: grant.scopes, claims: grant.claims),
            at: try await metadata(of: authority, call.correlationID),
            of: authority,
            call
        )
    }

    /// Checks a request before anything is sent, and says whom it goes to.
    private func check(_ grant: ClientGrant) throws(AuthenticationError) -> Authority {
        try Scopes.check(grant.scopes)
        try checkClaims(grant.claims, grant.options)
        guard !grant.scopes.isEmpty else {
            throw AuthenticationError(.invalidCall, .scopeInvalid, "Name the API whose token is wanted as a scope.")
        }
        let home = configuration.authority
        let authority = grant.tenant == home.tenant ? home : try home.with(tenant: grant.tenant)
        try checkClientScopes(grant.scopes, authority)
        return authority
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
