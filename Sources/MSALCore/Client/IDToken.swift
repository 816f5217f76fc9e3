// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALJWT

/// An ID token that was validated whole: signature, issuer, audience, times, nonce and tenant.
public struct IDToken: Sendable {
    /// The token as it came, for a sign-out that wants it as a hint.
    public let token: Secret

    /// What it says, where it was just read.
    private let parsed: JWTClaims?

    /// A token that was just validated.
    init(token: Secret, claims: JWTClaims) {
        self.token = token
        parsed = claims
    }

    /// A token that was validated when it was put into the cache.
    init(cached token: Secret) {
        self.token = token
        parsed = nil
    }

    /// What it says.
    ///
    /// The cache keeps the token alone: for a result from there the claims are read each time, which takes some
    /// microseconds. Keep them where they are needed more than once.
    public var claims: JWTClaims {
        if let parsed { return parsed }
        do throws(JWTError) {
            return try UnverifiedJWT(token.reveal()).unverifiedClaims()
        } catch {
            // It could be read when it was validated; without claims nobody is anybody.
            return JWTClaims()
        }
    }
}
