// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What an access token is bound to, so that it is worth nothing to whoever steals it.
///
/// The platform's own extension: other OpenID Connect providers do not know it. A bound token is kept apart from all
/// others, and never stands in for a bearer token or the other way round: where the provider answers with a token of
/// another type, the answer is refused.
@nonexhaustive
public enum TokenBinding: Sendable {
    /// A key of the application's own: each request to the API is signed with it, by
    /// ``ProofOfPossession/authorization(for:accessToken:nonce:at:)``.
    case signedRequests(ProofOfPossession)

    /// The certificate that TLS connections prove themselves with, to the provider and to the API (RFC 8705 §3).
    ///
    /// The application's credential must be ``ClientCredential/tlsClientCertificate``, and its transport have the same
    /// certificate. The header ``AuthenticationResult/authorizationHeader`` goes over such a connection to the API.
    case tlsClientCertificate(ClientCertificate)

    /// The types of bound tokens.
    static let tokenTypes: Set<String> = ["pop", "mtls_pop"]

    /// The type of such tokens.
    var tokenType: String {
        switch self {
        case .signedRequests: "pop"
        case .tlsClientCertificate: "mtls_pop"
        }
    }

    /// What a token request says besides its grant.
    var parameters: [(String, String)] {
        switch self {
        case .signedRequests(let proof):
            [("token_type", tokenType), ("req_cnf", proof.requestConfirmation)]
        // The connection itself shows the certificate.
        case .tlsClientCertificate:
            [("token_type", tokenType)]
        }
    }

    /// The key, by a name that no other has.
    var keyID: String {
        switch self {
        case .signedRequests(let proof): proof.keyID
        case .tlsClientCertificate(let certificate): certificate.sha256Thumbprint.base64URL
        }
    }

    /// Refuses a binding that an application cannot keep.
    ///
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`.
    func check(_ configuration: ApplicationConfiguration) throws(AuthenticationError) {
        guard configuration.authority.kind != .openIDConnect else {
            throw AuthenticationError(
                .invalidCall,
                .configurationInvalid,
                "Bound tokens are asked for in the platform's own words, which '\(configuration.authority)' does not know. "
                    + "Leave the binding out."
            )
        }
        guard configuration.tokenProvider == nil else {
            throw AuthenticationError(
                .invalidCall,
                .configurationInvalid,
                "A token provider's tokens are bearer tokens. Ask for bound ones with an application that has none."
            )
        }
        guard case .tlsClientCertificate = self, configuration.credential?.isTLSClientCertificate != true else {
            return
        }
        throw AuthenticationError(
            .misconfigured,
            .configurationInvalid,
            "A token can be bound to a TLS client certificate only where that proves the application. Use "
                + "ClientCredential.tlsClientCertificate, and give the certificate to the transport."
        )
    }
}

extension ClientCredential {
    /// Whether the transport's TLS connections prove the application.
    var isTLSClientCertificate: Bool {
        if case .tlsClientCertificate = kind { true } else { false }
    }
}
