// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// A grant as it is posted to a token endpoint.
struct TokenRequest {
    /// `grant_type` and what belongs to it.
    var parameters: [(String, String)]
    /// Whom a pause asked for by the provider concerns; nil for a request that none holds back.
    var party: ThrottleKey.Party?

    /// The exchange of a code (RFC 6749 §4.1.3, RFC 7636 §4.5).
    ///
    /// Never held back: a code is good once, and whoever brings one has just come from the provider.
    static func code(_ code: Secret, of flow: AuthorizationCodeFlow) -> TokenRequest {
        TokenRequest(parameters: [
            ("grant_type", "authorization_code"),
            ("code", code.reveal()),
            ("redirect_uri", flow.redirectURI),
            ("code_verifier", flow.verifier.reveal()),
            ("scope", flow.scopes.joined(separator: " ")),
        ])
    }

    /// The use of a refresh token (RFC 6749 §6).
    static func refresh(_ token: Secret, scopes: [String], claims: String? = nil) -> TokenRequest {
        let parameters = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.reveal()),
            ("scope", scopes.joined(separator: " ")),
        ]
        return TokenRequest(
            parameters: parameters + (claims.map { [("claims", $0)] } ?? []),
            party: .holder(of: token)
        )
    }

    /// The application's own credentials (RFC 6749 §4.4.2).
    static func clientCredentials(scopes: [String], claims: String? = nil) -> TokenRequest {
        let parameters = [
            ("grant_type", "client_credentials"),
            ("scope", scopes.joined(separator: " ")),
        ]
        return TokenRequest(
            parameters: parameters + (claims.map { [("claims", $0)] } ?? []),
            party: .application
        )
    }

    /// A parameter; nil if it is not sent.
    fileprivate func value(of name: String) -> String? {
        parameters.first { $0.0 == name }?.1
    }

    /// What equal requests have in common; nil for one that no pause holds back.
    func throttleKey(at endpoint: Endpoint, clientID: String) -> ThrottleKey? {
        guard let party else { return nil }
        return ThrottleKey(
            endpoint: endpoint,
            clientID: clientID,
            grant: value(of: "grant_type") ?? "",
            scopes: ScopeSet(Scopes.split(value(of: "scope") ?? "")),
            party: party
        )
    }
}

extension ConfidentialClientApplication {
    /// Posts a grant and reads its answer, unless the provider asked to hold equal ones back for a while.
    ///
    /// - Throws: ``AuthenticationError``, with what the provider said where it said no, now or to the last equal request.
    func redeem(
        _ request: TokenRequest,
        at metadata: ProviderMetadata,
        of authority: Authority,
        correlationID: String
    ) async throws -> TokenResponse {
        let key = request.throttleKey(at: metadata.tokenEndpoint, clientID: configuration.clientID)
        if let key, let error = throttle.error(for: key, at: time.now) { throw error }
        do {
            let answer = try await post(request, to: metadata, of: authority, correlationID)
            if let key { throttle.clear(key) }
            return answer
        } catch let error as AuthenticationError {
            if let key { throttle.note(error, for: key, at: time.now) }
            throw error
        }
    }

    private func post(
        _ request: TokenRequest,
        to metadata: ProviderMetadata,
        of authority: Authority,
        _ correlationID: String
    ) async throws -> TokenResponse {
        let asked = ClientAuthenticationRequest(
            assertion: AssertionRequest(
                clientID: configuration.clientID,
                tokenEndpoint: metadata.tokenEndpoint.url,
                authority: authority,
                fmiPath: request.value(of: "fmi_path"),
                claims: request.value(of: "claims"),
                correlationID: correlationID
            ),
            usesBasic: authority.kind == .openIDConnect && metadata.usesBasicAuthentication,
            now: time.now,
            randomness: randomness
        )
        let proof = try await configuration.credential.authenticate(asked)
        do {
            return try await post(request, with: proof, to: metadata, of: authority, correlationID)
        } catch let error as AuthenticationError where error.serverCode == "invalid_client" {
            // A secret or certificate that was replaced meanwhile: the callback may have the new one by now.
            guard let renewed = try await configuration.credential.authenticate(asked, insteadOf: proof) else {
                throw error
            }
            return try await post(request, with: renewed, to: metadata, of: authority, correlationID)
        }
    }

    private func post(
        _ request: TokenRequest,
        with proof: ClientAuthentication,
        to metadata: ProviderMetadata,
        of authority: Authority,
        _ correlationID: String
    ) async throws -> TokenResponse {
        var form = request.parameters
        if proof.authorization == nil {
            form.insert(("client_id", configuration.clientID), at: 0)
        }
        if authority.kind.sendsClientInfo {
            form.append(("client_info", "1"))
        }
        form.append(contentsOf: proof.parameters)
        let answer = try await client.post(
            form,
            to: metadata.tokenEndpoint,
            correlationID: correlationID,
            authorization: proof.authorization
        )
        guard answer.isSuccess else {
            throw ServerError(answer).error(correlationID: correlationID)
        }
        do throws(AuthenticationError) {
            return try TokenResponse(answer.json)
        } catch {
            var error = error
            error.correlationID = correlationID
            error.httpStatus = answer.status
            throw error
        }
    }
}

extension Authority.Kind {
    /// Whether every ID token names its tenant by `tid`.
    var hasTenantClaim: Bool {
        switch self {
        case .entra, .externalID: true
        default: false
        }
    }

    /// Whether the provider knows the platform's `client_info` parameter.
    var sendsClientInfo: Bool {
        switch self {
        case .entra, .b2c, .externalID: true
        default: false
        }
    }
}
