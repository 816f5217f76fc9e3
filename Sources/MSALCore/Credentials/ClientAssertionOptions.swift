// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALJWT

/// How assertions are signed that prove a certificate.
public struct ClientAssertionOptions: Sendable, Hashable {
    /// The algorithm; nil picks the one that the authority takes.
    public var algorithm: Algorithm?

    /// The assertion's `aud`; the token endpoint unless set.
    ///
    /// Some OpenID Connect providers want their issuer here.
    public var audience: String?

    /// More claims for each assertion.
    ///
    /// The claims of the protocol (`iss`, `sub`, `aud`, `exp`, `nbf`, `iat`, `jti`) are not among them: an application
    /// that names one is refused at start.
    public var claims: [String: JSONValue]

    /// Creates options.
    ///
    /// - Parameters:
    ///   - algorithm: the algorithm; picked by the authority unless told otherwise.
    ///   - audience: the assertion's `aud`; the token endpoint unless told otherwise.
    ///   - claims: more claims for each assertion; none unless told otherwise.
    public init(algorithm: Algorithm? = nil, audience: String? = nil, claims: [String: JSONValue] = [:]) {
        self.algorithm = algorithm
        self.audience = audience
        self.claims = claims
    }

    /// What an assertion is signed with.
    @nonexhaustive
    public enum Algorithm: Sendable, Hashable {
        /// RSASSA-PSS with SHA-256, the certificate named by its SHA-256: what the platform asks for.
        case ps256
        /// RSASSA-PKCS1-v1_5 with SHA-256, the certificate named by its SHA-1: all that AD FS takes.
        case rs256

        /// The algorithm's name in a header.
        var name: JWSAlgorithm {
            switch self {
            case .ps256: .ps256
            case .rs256: .rs256
            }
        }
    }

    /// The claims that only the protocol sets (RFC 7523 §3).
    private static let reserved: Set<String> = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"]

    /// Checks claims that are to be added.
    ///
    /// - Parameters:
    ///   - claims: the claims.
    ///   - kind: what to say about it: the settings are wrong, or a call is.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid`, naming the claim.
    static func check(
        _ claims: [String: JSONValue],
        _ kind: AuthenticationError.Kind
    ) throws(AuthenticationError) {
        guard let claim = claims.keys.sorted().first(where: reserved.contains) else { return }
        throw AuthenticationError(
            kind,
            .configurationInvalid,
            "'\(claim)' cannot be added to a client assertion: the protocol sets it. Leave it out; "
                + "another audience has a setting of its own."
        )
    }
}
