// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a person's sign-in gave an application.
struct UserGrant: Sendable {
    /// The person.
    let userID: GUID
    /// The person's tenant.
    let tenantID: GUID
    /// The application.
    let clientID: GUID
    /// The scopes asked.
    let scope: ScopeRequest
    /// When the person showed the password.
    let authenticatedAt: Date
    /// Whether the ID token must say so.
    let tellsAuthenticationTime: Bool
    /// The browser session, the `sid` claim.
    let sessionID: GUID
    /// How the person proved it, the `amr` claim.
    var methods = [AuthenticationMethod.password]
}

/// An authorization code and all it is bound to.
struct AuthorizationCode: Sendable {
    /// What it stands for.
    let grant: UserGrant
    /// The tenant segment of the authorization request.
    let segment: TenantSegment
    /// The redirect URI it was sent to.
    let redirectURI: String
    /// Whether the request named that URI, so that the token request must repeat it.
    let isRedirectURIRequired: Bool
    /// The PKCE challenge.
    let challenge: CodeChallenge?
    /// The nonce for the ID token.
    let nonce: String?
    /// The claims asked for.
    let claims: ClaimsRequest
    /// When it stops working.
    let expires: Date
    /// Whether it was redeemed.
    var isRedeemed = false
}

/// A refresh token: bound to person and application, not to resource or tenant segment.
struct RefreshToken: Sendable {
    /// What it stands for.
    let grant: UserGrant
    /// When it was issued.
    let issued: Date
    /// When it stops working.
    let expires: Date
}

/// A PKCE challenge (RFC 7636).
enum CodeChallenge: Sendable, Hashable {
    /// The verifier itself.
    case plain(String)
    /// The SHA-256 of the verifier, base64url.
    case s256(String)

    /// Reads both parameters; without a method the challenge is plain.
    init(_ challenge: String, method: String?) throws(PlatformError) {
        guard (43...128).contains(challenge.utf8.count), challenge.utf8.allSatisfy(Self.isUnreserved) else {
            throw .challengeInvalid
        }
        switch method {
        case nil, "plain": self = .plain(challenge)
        case "S256": self = .s256(challenge)
        default: throw .challengeInvalid
        }
    }

    /// The bytes RFC 7636 §4.1 allows.
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}

extension UserGrant {
    /// The grant as a refresh request narrows it: identity scopes never grow, the resource may be another one.
    func narrowed(to asked: ScopeRequest) -> UserGrant {
        UserGrant(
            userID: userID,
            tenantID: tenantID,
            clientID: clientID,
            scope: asked.keepingIdentity(of: scope),
            authenticatedAt: authenticatedAt,
            tellsAuthenticationTime: tellsAuthenticationTime,
            sessionID: sessionID,
            methods: methods
        )
    }
}
