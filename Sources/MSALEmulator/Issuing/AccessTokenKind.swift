// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// Which of this platform's tokens some claims are of.
enum AccessTokenKind: Sendable, Hashable {
    /// An access token in the name of a person.
    case delegated
    /// An access token of an application itself.
    case application
    /// An ID token: it names no client that it was issued to.
    case identity

    /// Tells by the claims that each kind has.
    init(_ claims: JWTClaims) {
        if (claims["azp"] ?? claims["appid"])?.stringValue == nil {
            self = .identity
        } else {
            self = claims["scp"] == nil ? .application : .delegated
        }
    }

    /// Whether it is an application's own.
    var isApplication: Bool { self == .application }
}
