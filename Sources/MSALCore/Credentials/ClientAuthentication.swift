// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a token request says about the client that makes it.
struct ClientAuthentication {
    /// Parameters of the form.
    var parameters: [(String, String)] = []
    /// The `Authorization` field.
    var authorization: String?
    /// What was proven, where a callback provided it and may provide another.
    var renewable: Proof?
    /// What was signed for it, and may be used again.
    var signed: ClientAssertion.Content?

    /// What a client was proven with.
    enum Proof: Hashable, Sendable {
        case secret(Secret)
        case certificate(CertificateThumbprint)
    }
}

/// A token request that a client is to be proven for.
struct ClientAuthenticationRequest: Sendable {
    /// What is told to callbacks.
    ///
    /// Its token endpoint is the audience of assertions: the tenant's own, even where the request goes to a regional one.
    var assertion: AssertionRequest
    /// Whether a secret goes into the `Authorization` field (RFC 6749 §2.3.1).
    var usesBasic = false
    /// More claims for the assertion of this one request.
    var claims: [String: JSONValue] = [:]
    /// The time.
    var now: Date
    /// Where identifiers of assertions come from.
    var randomness: Randomness
}

extension ClientCredential {
    /// Proves the client for a token request.
    ///
    /// - Throws: ``AuthenticationError`` with the codes `certificateInvalid`, `credentialUnavailable` or
    ///   `configurationInvalid`, `CancellationError`.
    func authenticate(_ request: ClientAuthenticationRequest) async throws -> ClientAuthentication {
        switch kind {
        case .secret(let secret):
            return Self.authentication(secret, request)
        case .secretCallback(let provide):
            let secret = try await CredentialCallback.value(of: "provides the client secret", provide)
            try Self.checkNotEmpty(secret, "client secret")
            var answer = Self.authentication(secret, request)
            answer.renewable = .secret(secret)
            return answer
        case .certificate(let certificate):
            return try await prove(certificate, nil, request)
        case .signing(let certificate, let function):
            return try await prove(certificate, function, request)
        case .certificateCallback(let provide):
            let certificate = try await CredentialCallback.value(of: "provides the client certificate", provide)
            var answer = try await prove(certificate, nil, request)
            answer.renewable = .certificate(certificate.sha256Thumbprint)
            return answer
        case .assertionCallback(let provide):
            let assertion = try await CredentialCallback.value(of: "provides the client assertion") {
                try await provide(request.assertion)
            }
            try Self.checkNotEmpty(assertion, "client assertion")
            return Self.authentication(assertion: assertion)
        case .tokenFile(let file):
            return Self.authentication(assertion: try Self.token(in: file))
        case .tlsClientCertificate:
            return ClientAuthentication()
        }
    }

    /// Proves the client anew after the provider refused it with `invalid_client` (RFC 6749 §5.2).
    ///
    /// - Parameters:
    ///   - request: the token request.
    ///   - earlier: what the provider refused.
    /// - Returns: another proof, to repeat the request with once; nil where there is none.
    /// - Throws: what ``authenticate(_:)`` throws.
    func authenticate(
        _ request: ClientAuthenticationRequest,
        insteadOf earlier: ClientAuthentication
    ) async throws -> ClientAuthentication? {
        // Perhaps only the assertion was refused, by a clock that was set meanwhile: the next request gets a new one.
        if let content = earlier.signed { memory.forget(content) }
        guard let refused = earlier.renewable else { return nil }
        let answer = try await authenticate(request)
        return answer.renewable == refused ? nil : answer
    }

    /// Checks what can be checked without asking anybody.
    ///
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid` or `certificateInvalid`.
    func validate(at now: Date) throws(AuthenticationError) {
        try ClientAssertionOptions.check(options.claims, .misconfigured)
        switch kind {
        case .secret(let secret):
            guard secret.byteCount > 0 else {
                throw AuthenticationError(
                    .misconfigured,
                    .configurationInvalid,
                    "The client secret is empty. Create one in the registration."
                )
            }
        case .certificate(let certificate):
            guard certificate.hasPrivateKey else {
                throw certificate.origin.refusal(
                    "was read without its private key.",
                    cure: "Give the key too, or sign elsewhere with ClientCredential.signing."
                )
            }
            try certificate.check(at: now)
        case .signing(let certificate, _):
            try certificate.check(at: now)
        case .secretCallback, .certificateCallback, .assertionCallback, .tokenFile, .tlsClientCertificate:
            break
        }
    }

    /// Proves a certificate by an assertion.
    private func prove(
        _ certificate: ClientCertificate,
        _ function: SigningFunction?,
        _ request: ClientAuthenticationRequest
    ) async throws -> ClientAuthentication {
        try ClientAssertionOptions.check(request.claims, .invalidCall)
        try certificate.check(at: request.now)
        let asked = request.assertion
        let content = ClientAssertion.Content(
            clientID: asked.clientID,
            audience: options.audience ?? asked.tokenEndpoint,
            // AD FS knows neither PS256 nor the SHA-256 of a certificate.
            algorithm: options.algorithm ?? (asked.authority.kind == .adfs ? .rs256 : .ps256),
            thumbprint: certificate.sha256Thumbprint,
            sendsX5C: certificate.sendsX5C,
            claims: options.claims.merging(request.claims) { _, ofRequest in ofRequest }
        )
        let unsigned = ClientAssertion(content: content, certificate: certificate)
        let sign = { @Sendable in
            try await unsigned.sign(using: function, at: request.now, identifier: request.randomness.uuid())
        }
        // A provider may accept each assertion only once (RFC 7523 §3, point 7). The platform accepts it until its end.
        guard asked.authority.kind != .openIDConnect else { return Self.authentication(assertion: try await sign()) }
        let assertion = try await memory.assertion(of: content, at: request.now, sign: sign)
        var answer = Self.authentication(assertion: assertion)
        answer.signed = content
        return answer
    }

    /// Carries a secret (RFC 6749 §2.3.1).
    private static func authentication(
        _ secret: Secret,
        _ request: ClientAuthenticationRequest
    ) -> ClientAuthentication {
        guard request.usesBasic else {
            return ClientAuthentication(parameters: [("client_secret", secret.reveal())])
        }
        let pair = FormEncoding.encode(request.assertion.clientID) + ":" + FormEncoding.encode(secret.reveal())
        return ClientAuthentication(authorization: "Basic " + Base64.encode(Array(pair.utf8)))
    }

    /// Carries an assertion (RFC 7521 §4.2).
    private static func authentication(assertion: Secret) -> ClientAuthentication {
        ClientAuthentication(parameters: [
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion.reveal()),
        ])
    }

    /// The token that a workload's platform has put into a file.
    private static func token(in file: String) throws(AuthenticationError) -> Secret {
        do throws(CredentialFile.Failure) {
            let text = String(decoding: try CredentialFile.bytes(at: file), as: UTF8.self)
            let token = text.filter { !$0.isWhitespace }
            guard !token.isEmpty else {
                throw CredentialFile.Failure(
                    problem: "is empty.",
                    cure: "Look after what is to write the token into it."
                )
            }
            return Secret(token)
        } catch {
            throw AuthenticationError(
                .misconfigured,
                .credentialUnavailable,
                "The federated token file '\(file)' \(error.problem) \(error.cure)"
            )
        }
    }

    /// Refuses what a callback should not have given.
    private static func checkNotEmpty(_ secret: Secret, _ name: String) throws(AuthenticationError) {
        guard secret.byteCount == 0 else { return }
        throw AuthenticationError(
            .misconfigured,
            .credentialUnavailable,
            "The application's callback gave an empty \(name). Look where it takes it from."
        )
    }
}
