// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ClientApplication where Kind == ConfidentialClient {
    /// Acquires a token for another API on behalf of whoever called this one.
    ///
    /// It is kept for the caller's very token, and handed out again for it: another token of the same person, with other
    /// rights, gets its own. Equal calls at the same time share one request.
    ///
    /// - Parameters:
    ///   - assertion: the access token that the caller sent, which this application has validated; never an ID token.
    ///   - scopes: what the token must be good for, for one API; `…/.default` for all that was consented to.
    ///   - tenant: the caller's tenant, where the authority stands for many; the authority's unless told otherwise.
    ///   - forceRefresh: passes over the token in the cache.
    ///   - claims: a claims challenge of the API, verbatim; the token in the cache is passed over then.
    ///   - options: what few requests need.
    /// - Returns: the token.
    /// - Throws: ``AuthenticationError``; for `interactionRequired` answer the caller with 401 and a challenge that holds its
    ///   ``AuthenticationError/claims``: only the caller can ask the person.
    public func acquireTokenOnBehalfOf(
        _ assertion: Secret,
        scopes: [String],
        tenant: String? = nil,
        forceRefresh: Bool = false,
        claims: String? = nil,
        options: RequestOptions? = nil
    ) async throws -> AuthenticationResult {
        let request = OnBehalfRequest(
            partition: OnBehalf.partition(of: assertion),
            tenant: tenant ?? configuration.authority.tenant,
            scopes: scopes,
            claims: claims,
            isForced: forceRefresh,
            isolation: try isolation(of: options),
            options: options ?? RequestOptions()
        )
        return try await acquire(request, with: assertion)
    }

    /// Begins work on behalf of a caller that goes on after the caller's token has ended.
    ///
    /// The refresh token is kept under the session key, in the token store if there is one, so that the work can go on after a
    /// restart and on another machine. Who has the key can act for the caller through this application, so make it hard to
    /// guess, and stop the session when the work is done.
    ///
    /// - Parameters:
    ///   - assertion: the access token that the caller sent, which this application has validated.
    ///   - sessionKey: under what to go on; a fresh random one unless told otherwise.
    ///   - scopes: what the token must be good for, for one API.
    ///   - tenant: the caller's tenant, where the authority stands for many.
    ///   - options: what few requests need.
    /// - Returns: the token, and the key to go on with.
    /// - Throws: ``AuthenticationError``, as for ``acquireTokenOnBehalfOf(_:scopes:tenant:forceRefresh:claims:options:)``.
    public func startLongRunningOnBehalfOf(
        _ assertion: Secret,
        sessionKey: String? = nil,
        scopes: [String],
        tenant: String? = nil,
        options: RequestOptions? = nil
    ) async throws -> (result: AuthenticationResult, sessionKey: String) {
        let key = sessionKey ?? randomness.token()
        let request = OnBehalfRequest(
            partition: OnBehalf.partition(ofSession: key),
            tenant: tenant ?? configuration.authority.tenant,
            scopes: scopes,
            claims: nil,
            // A key that was used before must not serve what an earlier caller could do; a fresh one was not.
            isForced: true,
            isFirst: sessionKey != nil,
            isolation: try isolation(of: options),
            options: options ?? RequestOptions()
        )
        return (try await acquire(request, with: assertion), key)
    }

    /// Goes on with work on behalf of a caller: from the cache, or with the refresh token.
    ///
    /// - Parameters:
    ///   - sessionKey: the key from
    ///     ``startLongRunningOnBehalfOf(_:sessionKey:scopes:tenant:options:)``.
    ///   - scopes: what the token must be good for, for one API.
    ///   - forceRefresh: passes over the token in the cache.
    ///   - claims: a claims challenge of the API, verbatim.
    ///   - options: what few requests need, a binding like that of the start above all.
    /// - Returns: the token.
    /// - Throws: ``AuthenticationError``; `interactionRequired` with the code `noTokenInCache` when the session is unknown,
    ///   or with the provider's words when only the caller can help; `transient` with the code `storeUnavailable` when the
    ///   token store does not answer.
    public func continueLongRunningOnBehalfOf(
        sessionKey: String,
        scopes: [String],
        forceRefresh: Bool = false,
        claims: String? = nil,
        options: RequestOptions? = nil
    ) async throws -> AuthenticationResult {
        guard let account = try await account(ofSession: sessionKey) else { throw Self.signInNeeded }
        return try await acquireTokenSilently(
            scopes: scopes,
            account: account,
            forceRefresh: forceRefresh,
            claims: claims,
            options: options
        )
    }

    /// Ends work on behalf of a caller: forgets its tokens, on all machines that share the token store.
    ///
    /// - Parameter sessionKey: the key of the session.
    /// - Returns: whether there was such a session.
    /// - Throws: ``AuthenticationError`` when the token store does not answer: what it holds is still there then.
    @discardableResult
    public func stopLongRunningOnBehalfOf(sessionKey: String) async throws -> Bool {
        let partition = OnBehalf.partition(ofSession: sessionKey)
        let isKnown = try await account(ofSession: sessionKey) != nil
        // At once, so that what a refresh under way brings is dropped.
        cache.remove(homeAccountID: partition)
        guard let vault else { return isKnown }
        try await turnstile.inTurn(partition) {
            try await vault.remove(partition, withFamily: false)
            cache.remove(homeAccountID: partition)
        }
        return isKnown
    }

    /// Whose session it is; nil where nobody knows it.
    ///
    /// The store is asked each time, since another machine may have stopped the session, or begun another one under its key:
    /// what memory holds may be a former caller's.
    private func account(ofSession key: String) async throws -> Account? {
        let partition = OnBehalf.partition(ofSession: key)
        return try await turnstile.inTurn(partition) {
            hold(partition)
            defer { release(partition) }
            if let vault, try await !vault.load(partition, at: time.now) {
                throw AuthenticationError(
                    .transient,
                    .storeUnavailable,
                    "The token store does not answer, so that nobody knows whose session it is. Try again later."
                )
            }
            let accounts = (cache.contents(of: partition)?.realms ?? []).map(\.account)
            // What came to lie under one key of two callers serves neither.
            guard Set(accounts.map { $0.homeAccountID.lowercased() }).count == 1 else { return nil }
            return accounts.first
        }
    }

    /// Looks into the cache, then asks the provider.
    private func acquire(_ request: OnBehalfRequest, with assertion: Secret) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        let now = time.now
        let found = cache.userToken(
            request.partition,
            configuration.authority.environment,
            request.tenant,
            for: request.scopes,
            isolation: request.isolation,
            at: now
        )
        if !request.isForced, request.claims == nil, let found, found.token.isUsable(at: now) {
            telemetry.noteHit(found.token)
            let result = result(found, nil, Self.atHand(watch.elapsed))
            if instruments.watchesHits {
                instruments.noteHit(.onBehalfOf, result, found.token, request.scopes, at: now)
            }
            return result
        }
        return try await instruments.acquiring(.onBehalfOf, request.scopes, time) {
            try await acquire(request, with: assertion, found, watch)
        }
    }

    /// Acquires a token that is not at hand, with all who want the same; while the provider is down one that ends later.
    private func acquire(
        _ request: OnBehalfRequest,
        with assertion: Secret,
        _ found: UserToken?,
        _ watch: Stopwatch
    ) async throws -> AuthenticationResult {
        let authority = try check(request, assertion)
        let reason: AuthenticationResult.RefreshReason =
            request.isForced ? .forced : request.claims != nil ? .claims : found == nil ? .noToken : .expired
        do {
            let answer = try await onBehalfGrants.value(for: request.key(assertion)) { [self] in
                try await redeem(request, with: assertion, at: authority, reason)
            }
            return answer.after(watch.elapsed)
        } catch let error as AuthenticationError where error.isOutage && !request.isForced && request.claims == nil {
            guard let found, found.token.isUsable(at: time.now, .extended) else { throw error }
            let end = time.now < found.token.expiresOn ? nil : found.token.endsOn
            return result(found, nil, Self.atHand(watch.elapsed), until: end)
        }
    }

    private func redeem(
        _ request: OnBehalfRequest,
        with assertion: Secret,
        at authority: Authority,
        _ reason: AuthenticationResult.RefreshReason
    ) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        let call = call(.onBehalfOf, reason, options: request.options)
        let metadata = try await metadata(of: authority, call.correlationID)
        let scopes = try Scopes.userFlow(request.scopes, excluding: metadata.unofferedScopes(of: authority))
        let grant = PersonalGrant(
            request: .onBehalfOf(assertion, scopes: scopes, claims: request.claims),
            scopes: scopes,
            acceptsClientInfo: true,
            partition: request.partition,
            isFirst: request.isFirst,
            isolation: request.isolation,
            tenantName: request.tenant,
            reason: reason
        )
        return try await acquire(grant, at: metadata, of: authority, call, watch)
    }

    /// Checks a request before anything is sent, and says whom it goes to.
    private func check(_ request: OnBehalfRequest, _ assertion: Secret) throws(AuthenticationError) -> Authority {
        try Scopes.checkUserFlow(request.scopes)
        try checkClaims(request.claims, request.options)
        guard !request.scopes.isEmpty else {
            throw AuthenticationError(.invalidCall, .scopeInvalid, "Name the API whose token is wanted as a scope.")
        }
        guard assertion.byteCount > 0 else {
            throw AuthenticationError(
                .invalidCall,
                .assertionInvalid,
                "The caller's access token is empty. Pass on what stood behind 'Bearer' in its request."
            )
        }
        let home = configuration.authority
        return request.tenant == home.tenant ? home : try home.with(tenant: request.tenant)
    }
}

/// A token on behalf of a caller, as somebody wants it.
private struct OnBehalfRequest: Sendable {
    var partition: String
    var tenant: String
    var scopes: [String]
    var claims: String?
    var isForced: Bool
    /// Whether it begins the session that its partition is of.
    var isFirst = false
    var isolation: String?
    var options: RequestOptions

    /// What makes two requests equal: the caller's token above all.
    func key(_ assertion: Secret) -> OnBehalfGrantKey {
        OnBehalfGrantKey(
            assertion: assertion,
            partition: partition,
            tenant: tenant.lowercased(),
            scopes: ScopeSet(scopes),
            isolation: isolation,
            claims: claims,
            isForced: isForced
        )
    }
}
