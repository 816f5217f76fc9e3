// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A token whose signature fits a key of the set it was checked against.
///
/// Only ``JSONWebKeySet/verify(_:allowing:)`` makes one. What the claims mean is decided after, by ``IDTokenRules``.
public struct VerifiedJWT: Sendable, CustomStringConvertible {
    /// What the token says about its signature, now known to be true.
    public let header: JWSHeader
    /// What the token says.
    public let claims: JWTClaims
    /// The issuer the signing key belongs to (fixed, or a template with `{tenantid}`), where its set names one.
    public let keyIssuer: String?

    /// Binds the claims to the key that signed them.
    init(header: JWSHeader, claims: JWTClaims, keyIssuer: String?) {
        self.header = header
        self.claims = claims
        self.keyIssuer = keyIssuer
    }

    /// The kind of value, without anything of the token.
    public var description: String { "VerifiedJWT(\(header.algorithm))" }
}
