// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension ClientApplication {
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
        try Scopes.check(options.extraScopesToConsent)
        try options.checkParameters()
        let claims = try ClaimsRequest.parameter(capabilities: configuration.capabilities, challenge: options.claims)
        let authority = configuration.authority
        let metadata = try await metadata(of: authority, makeCorrelationID())
        let granted = try Scopes.userFlow(scopes, excluding: metadata.unofferedScopes(of: authority))
        // Asked for consent, and not for a token: the token endpoint takes the scopes of one API.
        let shown = Set(granted).union(options.extraScopesToConsent).sorted(by: Scopes.byCodePoint)
        let state = Secret(randomness.token())
        let nonce = Secret(randomness.token())
        let key = ProofKey(randomness)
        let mode = metadata.responseMode(options.responseMode, of: authority)
        var parameters = [
            ("client_id", configuration.clientID),
            ("response_type", "code"),
            ("redirect_uri", redirectURI),
            ("scope", shown.joined(separator: " ")),
            ("state", state.reveal()),
            ("nonce", SignInNonce.hash(nonce.reveal())),
            ("code_challenge", key.challenge),
            ("code_challenge_method", "S256"),
            ("response_mode", mode.rawValue),
        ]
        if authority.kind.sendsClientInfo {
            parameters.append(("client_info", "1"))
        }
        parameters += options.query
        if let claims { parameters.append(("claims", claims)) }
        if authority.kind.sendsClientInfo, let hint = options.loginHint {
            parameters.append(("X-AnchorMailbox", AnchorMailbox.userName(hint).value))
        }
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
        try await acquireToken(.authorizationCode, completing: flow, with: response)
    }

    /// The same for a browser elsewhere, or for the one of this machine.
    func acquireToken(
        _ api: RequestTelemetry.API,
        completing flow: AuthorizationCodeFlow,
        with response: AuthorizationResponse
    ) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        return try await instruments.acquiring(api, flow.scopes, time) {
            var call = call(api)
            let authority = configuration.authority
            try check(response, against: flow)
            let metadata = try await metadata(of: authority, call.correlationID)
            try checkIssuer(of: response, metadata)
            if let error = response.error {
                throw error.error(correlationID: call.correlationID)
            }
            guard let code = response.code else {
                throw AuthenticationError(
                    .rejectedResponse,
                    .responseMalformed,
                    "The identity provider's answer holds neither a code nor an error."
                )
            }
            if authority.kind.sendsClientInfo, let info = response.clientInfo.flatMap({ try? ClientInfo($0) }) {
                // A hint where to route the request to, and nothing more: it came with the browser.
                call.anchor = .object(id: info.uid, tenant: info.utid)
            }
            let grant = PersonalGrant(
                request: .code(code, of: flow),
                scopes: flow.scopes,
                expectation: .init(nonce: SignInNonce.hash(flow.nonce.reveal()), maximumAge: flow.maximumAge)
            )
            return try await acquire(grant, at: metadata, of: authority, call, watch)
        }
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
            throw AuthenticationError(
                .rejectedResponse,
                .flowExpired,
                "The sign-in took too long, or this machine's clock was set meanwhile. Start it anew."
            )
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
}

extension AuthorizationOptions {
    /// What the options add to the request, except the response mode.
    var query: [(String, String)] {
        var result: [(String, String)] = []
        if let prompt { result.append(("prompt", prompt.rawValue)) }
        if let loginHint { result.append(("login_hint", loginHint)) }
        if let domainHint { result.append(("domain_hint", domainHint)) }
        if let maximumAge { result.append(("max_age", String(maximumAge.components.seconds))) }
        if isInstanceAware { result.append(("instance_aware", "true")) }
        return result + parameters.map { ($0.name, $0.value) }
    }
}
