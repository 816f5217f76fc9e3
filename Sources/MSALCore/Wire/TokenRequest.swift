// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

/// A grant as it is posted to a token endpoint.
struct TokenRequest {
    /// `grant_type` and what belongs to it.
    var parameters: [(String, String)]
    /// A claims challenge that the token must meet, as it came.
    var claims: String?
    /// Whom a pause asked for by the provider concerns; nil for a request that none holds back.
    var party: ThrottleKey.Party?
    /// What it does if it arrives twice.
    var repetition = Repetition.harmless

    /// The exchange of a code (RFC 6749 §4.1.3, RFC 7636 §4.5).
    ///
    /// Never held back: a code is good once, and whoever brings one has just come from the provider.
    static func code(_ code: Secret, of flow: AuthorizationCodeFlow) -> TokenRequest {
        TokenRequest(
            parameters: [
                ("grant_type", "authorization_code"),
                ("code", code.reveal()),
                ("redirect_uri", flow.redirectURI),
                ("code_verifier", flow.verifier.reveal()),
                ("scope", flow.scopes.joined(separator: " ")),
            ],
            repetition: .spendsSomething
        )
    }

    /// The use of a refresh token (RFC 6749 §6).
    ///
    /// The platform takes a second use for a first one; others take it for theft (RFC 9700 §4.14.2).
    static func refresh(
        _ token: Secret,
        scopes: [String],
        claims: String? = nil,
        at kind: Authority.Kind
    ) -> TokenRequest {
        TokenRequest(
            parameters: [
                ("grant_type", "refresh_token"),
                ("refresh_token", token.reveal()),
                ("scope", scopes.joined(separator: " ")),
            ],
            claims: claims,
            party: .holder(of: token),
            repetition: kind == .openIDConnect ? .spendsSomething : .harmless
        )
    }

    /// The application's own credentials (RFC 6749 §4.4.2).
    static func clientCredentials(scopes: [String], claims: String? = nil) -> TokenRequest {
        TokenRequest(
            parameters: [("grant_type", "client_credentials"), ("scope", scopes.joined(separator: " "))],
            claims: claims,
            party: .application
        )
    }

    /// The token of a caller, exchanged for one for the next API (RFC 7523 §2.1, as the platform extends it).
    static func onBehalfOf(_ assertion: Secret, scopes: [String], claims: String? = nil) -> TokenRequest {
        TokenRequest(
            parameters: [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", assertion.reveal()),
                ("requested_token_use", "on_behalf_of"),
                ("scope", scopes.joined(separator: " ")),
            ],
            claims: claims,
            party: .holder(of: assertion)
        )
    }

    /// A question whether the code on another device was entered (RFC 8628 §3.4); asked again and again, so never held back.
    static func deviceCode(_ code: Secret, claims: String?) -> TokenRequest {
        TokenRequest(
            parameters: [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
                ("device_code", code.reveal()),
            ],
            claims: claims,
            repetition: .spendsSomething
        )
    }

    /// A user name and its password (RFC 6749 §4.3.2).
    static func password(_ password: Secret, of username: String, scopes: [String], claims: String?) -> TokenRequest {
        TokenRequest(
            parameters: [
                ("grant_type", "password"),
                ("username", username),
                ("password", password.reveal()),
                ("scope", scopes.joined(separator: " ")),
            ],
            claims: claims,
            party: .holder(of: Secret(username + "\n" + password.reveal())),
            // A wrong one counts against the account.
            repetition: .spendsSomething
        )
    }

    /// A token of an agent's instance, exchanged for one of the person it works for.
    static func userFederatedIdentity(
        _ assertion: Secret,
        of user: FederatedUser,
        scopes: [String],
        claims: String?
    ) -> TokenRequest {
        let name =
            switch user {
            case .username(let name): ("username", name)
            case .objectID(let id): ("user_id", id)
            }
        return TokenRequest(
            parameters: [
                ("grant_type", "user_fic"),
                ("user_federated_identity_credential", assertion.reveal()),
                name,
                ("scope", scopes.joined(separator: " ")),
            ],
            claims: claims,
            party: .holder(of: assertion)
        )
    }

    /// A parameter; nil if it is not sent.
    private func value(of name: String) -> String? {
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

extension ClientApplication {
    /// Posts a grant and reads its answer, unless the provider asked to hold equal ones back for a while.
    ///
    /// - Throws: ``AuthenticationError``, with what the provider said where it said no, now or to the last equal request.
    func redeem(
        _ request: TokenRequest,
        at metadata: ProviderMetadata,
        of authority: Authority,
        _ call: Call
    ) async throws -> TokenResponse {
        let key = request.throttleKey(at: metadata.tokenEndpoint, clientID: configuration.clientID)
        if let key, let error = throttle.error(for: key, at: time.now) { throw error }
        do {
            let answer = try await post(request, to: metadata, of: authority, call)
            if let key { throttle.clear(key) }
            telemetry.noteSuccess()
            return answer
        } catch let error as AuthenticationError {
            if let key { throttle.note(error, for: key, at: time.now) }
            // Somebody who has not entered a code yet is no failure.
            guard !["authorization_pending", "slow_down"].contains(error.serverCode) else { throw error }
            telemetry.noteFailure(
                call.api,
                correlationID: call.correlationID,
                error: error.serverCode ?? (error.httpStatus.map { "http_\($0)" } ?? "no_answer")
            )
            throw error
        }
    }

    private func post(
        _ request: TokenRequest,
        to metadata: ProviderMetadata,
        of authority: Authority,
        _ call: Call
    ) async throws -> TokenResponse {
        var form = request.parameters + call.parameters
        let claims = try ClaimsRequest.parameter(
            capabilities: configuration.capabilities,
            challenge: request.claims,
            forwarded: call.forwardedClaims
        )
        if let claims { form.append(("claims", claims)) }
        if authority.kind.sendsClientInfo { form.append(("client_info", "1")) }
        let endpoint = try await endpoint(of: authority, metadata, call)
        guard let credential = configuration.credential else {
            return try await post(
                form,
                with: ClientAuthentication(),
                to: endpoint,
                request.repetition,
                of: authority,
                call
            )
        }
        let asked = ClientAuthenticationRequest(
            assertion: AssertionRequest(
                clientID: configuration.clientID,
                tokenEndpoint: metadata.tokenEndpoint.url,
                authority: authority,
                fmiPath: call.parameters.first { $0.0 == "fmi_path" }?.1,
                claims: claims,
                correlationID: call.correlationID
            ),
            usesBasic: authority.kind == .openIDConnect && metadata.usesBasicAuthentication,
            claims: call.assertionClaims,
            now: time.now,
            randomness: randomness
        )
        let proof = try await credential.authenticate(asked)
        do {
            return try await post(form, with: proof, to: endpoint, request.repetition, of: authority, call)
        } catch let error as AuthenticationError where error.serverCode == "invalid_client" {
            // A secret or certificate that was replaced meanwhile: the callback may have the new one by now.
            guard let renewed = try await credential.authenticate(asked, insteadOf: proof) else { throw error }
            return try await post(form, with: renewed, to: endpoint, request.repetition, of: authority, call)
        }
    }

    /// Where a request goes: with a TLS client certificate to where that is asked for (RFC 8705 §5), and for the application's
    /// own tokens at the platform to the region it is in, if it is to know that.
    private func endpoint(of authority: Authority, _ metadata: ProviderMetadata, _ call: Call) async throws -> Endpoint
    {
        let isByTLS = configuration.credential?.isTLSClientCertificate == true
        let central = isByTLS ? try metadata.mutualTLSTokenEndpoint(of: authority) : metadata.tokenEndpoint
        guard call.api == .client, authority.kind == .entra, let region = try await region.region() else {
            return central
        }
        return Region.endpoint(central, in: region)
    }

    private func post(
        _ form: [(String, String)],
        with proof: ClientAuthentication,
        to endpoint: Endpoint,
        _ repetition: Repetition,
        of authority: Authority,
        _ call: Call
    ) async throws -> TokenResponse {
        var form = form
        if proof.authorization == nil {
            form.insert(("client_id", configuration.clientID), at: 0)
        }
        form.append(contentsOf: proof.parameters)
        let answer = try await client.post(
            form,
            to: endpoint,
            correlationID: call.correlationID,
            authorization: proof.authorization,
            fields: authority.kind == .openIDConnect ? [:] : platformFields(call),
            repetition: repetition
        )
        guard answer.isSuccess else {
            throw ServerError(answer).error(correlationID: call.correlationID)
        }
        do throws(AuthenticationError) {
            return try TokenResponse(answer.json, of: call.tokenType)
        } catch {
            var error = error
            error.correlationID = call.correlationID
            error.httpStatus = answer.status
            throw error
        }
    }

    /// The fields that the platform alone knows.
    func platformFields(_ call: Call) -> HTTPFields {
        var fields = ClientFields(
            applicationName: configuration.applicationName,
            applicationVersion: configuration.applicationVersion
        ).fields
        fields.append(contentsOf: telemetry.fields(call.api, call.reason))
        if let anchor = call.anchor { fields.append(contentsOf: anchor.fields) }
        return fields
    }
}
