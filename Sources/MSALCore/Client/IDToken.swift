// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALJWT

/// An ID token that was validated whole: signature, issuer, audience, times, nonce and tenant.
public struct IDToken: Sendable {
    /// Where it comes from.
    private enum Origin {
        /// It was just validated and read.
        case answer(Secret, JWTClaims)
        /// It was validated when it was put into the cache.
        case cache(Secret)
        /// The same, in the record of its account.
        case record(Account.Record)
    }

    private let origin: Origin

    /// A token that was just validated.
    init(token: Secret, claims: JWTClaims) {
        origin = .answer(token, claims)
    }

    /// A token that was validated when it was put into the cache.
    init(cached token: Secret) {
        origin = .cache(token)
    }

    /// The token of an account as the cache keeps it; nil where there is none that was validated here.
    init?(of account: Account) {
        guard account.record.isIDTokenValidated, account.record.idToken != nil else { return nil }
        origin = .record(account.record)
    }

    /// The token as it came, for a sign-out that wants it as a hint.
    public var token: Secret {
        switch origin {
        case .answer(let token, _), .cache(let token): token
        // There is one, or this would not be an ID token.
        case .record(let record): record.idToken ?? Secret("")
        }
    }

    /// What it says.
    ///
    /// The cache keeps the token alone: for a result from there the claims are read each time, which takes some
    /// microseconds. Keep them where they are needed more than once.
    public var claims: JWTClaims {
        if case .answer(_, let claims) = origin { return claims }
        do throws(JWTError) {
            return try UnverifiedJWT(token.reveal()).unverifiedClaims()
        } catch {
            // It could be read when it was validated; without claims nobody is anybody.
            return JWTClaims()
        }
    }
}
