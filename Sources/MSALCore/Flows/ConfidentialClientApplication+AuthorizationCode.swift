// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension ConfidentialClientApplication {
    /// Begins a sign-in by authorization code (RFC 6749 §4.1) with state, nonce and proof key.
    ///
    /// - Parameters:
    ///   - scopes: what to ask for besides the ID token and a refresh token, for one API or several.
    ///   - redirectURI: where the provider sends the browser back to, as registered; https, or http on loopback.
    ///   - options: what else to ask for.
    /// - Returns: the flow. Send the browser to its ``AuthorizationCodeFlow/url`` and keep the flow, sealed, for the answer.
    /// - Throws: ``AuthenticationError`` when a parameter is wrong or the provider's metadata cannot be had.
    public func startAuthorizationCodeFlow(
        scopes: [String],
        redirectURI: String,
        options: AuthorizationOptions = AuthorizationOptions()
    ) async throws -> AuthorizationCodeFlow {
        guard Endpoint(redirectURI) != nil, !redirectURI.contains("#") else {
            throw AuthenticationError(
                .invalidCall,
                .redirectURIInvalid,
                "'\(redirectURI)' cannot be a redirect URI: it must be an https URL without a fragment "
                    + "(http for localhost only)."
            )
        }
        try Scopes.checkUserFlow(scopes)
        let authority = configuration.authority
        let metadata = try await metadata(of: authority, makeCorrelationID())
        let granted = try Scopes.userFlow(scopes, excluding: metadata.unofferedScopes(of: authority))
        let state = Secret(randomness.token())
        let nonce = Secret(randomness.token())
        let key = ProofKey(randomness)
        let mode = metadata.responseMode(options.responseMode, of: authority)
        var parameters = [
            ("client_id", configuration.clientID),
            ("response_type", "code"),
            ("redirect_uri", redirectURI),
            ("scope", granted.joined(separator: " ")),
            ("state", state.reveal()),
            ("nonce", SignInNonce.hash(nonce.reveal())),
            ("code_challenge", key.challenge),
            ("code_challenge_method", "S256"),
            ("response_mode", mode.rawValue),
        ]
        if authority.kind.sendsClientInfo {
            parameters.append(("client_info", "1"))
        }
        parameters += options.parameters
        return AuthorizationCodeFlow(
            url: metadata.authorizationEndpoint.adding(parameters).url,
            state: state,
            redirectURI: redirectURI,
            responseMode: mode,
            startedAt: time.now,
            scopes: granted,
            authority: authority.base.url,
            nonce: nonce,
            verifier: key.verifier,
            maximumAge: options.maximumAge?.components.seconds
        )
    }

    /// Finishes a sign-in: checks the answer, redeems its code, validates the ID token, and only then keeps the tokens.
    ///
    /// - Parameters:
    ///   - flow: the flow that the browser was sent off with. Never use one twice.
    ///   - response: what the browser brought back.
    /// - Returns: the access token, the account and the ID token.
    /// - Throws: ``AuthenticationError``: `rejectedResponse` when the answer does not belong to the flow, what the
    ///   provider said when it said no, `rejectedToken` when the ID token fails. Nothing is kept then.
    public func acquireToken(
        completing flow: AuthorizationCodeFlow,
        with response: AuthorizationResponse
    ) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        let correlationID = makeCorrelationID()
        let authority = configuration.authority
        try check(response, against: flow)
        let metadata = try await metadata(of: authority, correlationID)
        try checkIssuer(of: response, metadata)
        if let error = response.error {
            throw error.error(correlationID: correlationID)
        }
        guard let code = response.code else {
            throw AuthenticationError(
                .rejectedResponse,
                .responseMalformed,
                "The identity provider's answer holds neither a code nor an error."
            )
        }
        let answer = try await redeem(.code(code, of: flow), at: metadata, of: authority, correlationID: correlationID)
        guard let token = answer.idToken else {
            throw AuthenticationError(
                .rejectedToken,
                .idTokenMissing,
                "The identity provider's answer holds no ID token."
            )
        }
        let idToken = try await validator.validate(
            token,
            from: metadata,
            of: authority,
            expecting: .init(nonce: SignInNonce.hash(flow.nonce.reveal()), maximumAge: flow.maximumAge),
            correlationID: correlationID
        )
        let account = try Account(claims: idToken.claims, clientInfo: answer.clientInfo, authority: authority)
        let http = watch.elapsed
        let accessToken = CachedAccessToken(answer, askedFor: flow.scopes, at: time.now)
        try await keep(answer, idToken, account, accessToken)
        let total = watch.elapsed
        return AuthenticationResult(
            accessToken,
            of: account,
            in: account.tenantID,
            idToken,
            .identityProvider,
            correlationID: correlationID,
            AuthenticationResult.Durations(total: total, cache: total - http, http: http)
        )
    }

    private func check(
        _ response: AuthorizationResponse,
        against flow: AuthorizationCodeFlow
    ) throws(AuthenticationError) {
        guard flow.authority == configuration.authority.base.url else {
            throw AuthenticationError(
                .invalidCall,
                .authorityInvalid,
                "The sign-in was begun at '\(flow.authority)' and cannot be finished with '\(configuration.authority)'."
            )
        }
        let age = time.now.seconds(since: flow.startedAt)
        guard (-configuration.clockSkew.inSeconds...AuthorizationCodeFlow.lifetime.inSeconds).contains(age) else {
            throw AuthenticationError(.rejectedResponse, .flowExpired, "The sign-in took too long. Start it anew.")
        }
        guard response.mode == flow.responseMode else {
            throw AuthenticationError(
                .rejectedResponse,
                .responseMode,
                "The answer came by '\(response.mode.rawValue)' although '\(flow.responseMode.rawValue)' was asked for."
            )
        }
        // Compared in constant time, as every `Secret` is.
        guard let state = response.state, state == flow.state else {
            throw AuthenticationError(
                .rejectedResponse,
                .state,
                "The answer does not belong to this sign-in: its state is another. Start anew."
            )
        }
    }

    /// Guards against answers of another provider (RFC 9207 §2.4).
    private func checkIssuer(
        of response: AuthorizationResponse,
        _ metadata: ProviderMetadata
    ) throws(AuthenticationError) {
        guard response.issuer == nil && !metadata.sendsIssuer || response.issuer == metadata.issuer else {
            throw AuthenticationError(
                .rejectedResponse,
                .responseIssuer,
                "The answer does not name the issuer '\(metadata.issuer)'; it may come from another provider."
            )
        }
    }

    /// Puts a validated answer into the cache and the store.
    private func keep(
        _ answer: TokenResponse,
        _ idToken: IDToken,
        _ account: Account,
        _ accessToken: CachedAccessToken
    ) async throws {
        families.note(answer.familyID, at: account.environment)
        let grant = UserGrant(
            account: account,
            tenantName: account.tenantID,
            idToken: idToken,
            accessToken: accessToken,
            refreshToken: answer.refreshToken,
            familyID: answer.familyID
        )
        try await turnstile.inTurn(account.homeAccountID) {
            // A sign-in is the newest there is: it needs no look at what the store holds.
            try await persist(account.homeAccountID, isConditional: false) { now in cache.store(grant, at: now) }
        }
    }
}

extension AuthorizationOptions {
    /// What the options add to the request, except the response mode.
    var parameters: [(String, String)] {
        var result: [(String, String)] = []
        if let prompt { result.append(("prompt", prompt.rawValue)) }
        if let loginHint { result.append(("login_hint", loginHint)) }
        if let domainHint { result.append(("domain_hint", domainHint)) }
        if let maximumAge { result.append(("max_age", String(maximumAge.components.seconds))) }
        if let claims { result.append(("claims", claims)) }
        return result
    }
}
