// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALJWT

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A token, and where it came from.
public struct AuthenticationResult: Sendable {
    /// The access token, opaque to its client: do not read claims out of it.
    public let accessToken: Secret

    /// How the token is presented: `Bearer`.
    public let tokenType: String

    /// When the token ends.
    public let expiresOn: Date

    /// What the token is good for, as granted.
    public let scopes: [String]

    /// Whose token it is; nil for a token of the application itself.
    public let account: Account?

    /// The ID token of the sign-in or of its last refresh, validated; nil for a token of the application itself.
    public let idToken: IDToken?

    /// Where the token came from.
    public let source: Source

    /// The identifier under which the provider logged the request; nil for a token from the cache.
    public let correlationID: String?

    /// The value of the `Authorization` field that presents the token; a secret, since it holds the token.
    public var authorizationHeader: String { "\(tokenType) \(accessToken.reveal())" }

    /// Where a token can come from.
    @nonexhaustive
    public enum Source: Sendable, Hashable {
        /// It was at hand.
        case cache
        /// The provider issued it for this call.
        case identityProvider
    }
}

extension AuthenticationResult: CustomStringConvertible {
    /// Source, scopes and expiry; nothing secret.
    public var description: String {
        "AuthenticationResult(\(source), scopes: \(scopes.joined(separator: " ")), expires: \(expiresOn))"
    }
}

/// An ID token that was validated whole: signature, issuer, audience, times, nonce and tenant.
public struct IDToken: Sendable {
    /// The token as it came, for a sign-out that wants it as a hint.
    public let token: Secret

    /// What it says.
    public let claims: JWTClaims
}
