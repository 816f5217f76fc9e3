// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension IDTokenRules {
    /// Now is within the token's time, give or take the clocks' difference, and the sign-in is recent enough.
    func checkTimes(of claims: JWTClaims, at now: Date) throws(JWTError) {
        let skew = max(0, clockSkew.inSeconds)
        guard now < (try claims.requiredDate("exp")) + skew else {
            throw JWTError(.expired, "The token has expired.", name: "exp")
        }
        if let start = try claims.optionalDate("nbf"), start > now + skew {
            throw JWTError(.notYetValid, "The token is not valid yet.", name: "nbf")
        }
        guard try claims.requiredDate("iat") <= now + skew else {
            throw JWTError(.issuedInTheFuture, "The token was issued in the future.", name: "iat")
        }
        guard let maximumAge else { return }
        let signedIn = try claims.requiredDate("auth_time")
        guard signedIn <= now + skew else {
            throw JWTError(.issuedInTheFuture, "The person signed in in the future.", name: "auth_time")
        }
        guard now <= signedIn + max(0, maximumAge.inSeconds) + skew else {
            throw JWTError(.authenticationTooOld, "The person signed in too long ago.", name: "auth_time")
        }
    }
}

extension Duration {
    /// The duration as seconds with their fraction.
    fileprivate var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
