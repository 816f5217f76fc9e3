// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

extension JWTClaims {
    /// Who issued the token (`iss`).
    public var issuer: String? { text("iss") }

    /// Whom the token is about, as this issuer names them to this client (`sub`).
    public var subject: String? { text("sub") }

    /// Whom the token is for (`aud`), one or many.
    public var audience: [String] { texts("aud") ?? [] }

    /// When the token's time is over (`exp`).
    public var expiresAt: Date? { date("exp") }

    /// When the token's time begins (`nbf`).
    public var notBefore: Date? { date("nbf") }

    /// When the token was issued (`iat`).
    public var issuedAt: Date? { date("iat") }

    /// When the person signed in (`auth_time`).
    public var authenticatedAt: Date? { date("auth_time") }

    /// What ties the token to one sign-in request (`nonce`).
    public var nonce: String? { text("nonce") }

    /// The client the token was issued to (`azp`).
    public var authorizedParty: String? { text("azp") }
}

extension JWTClaims {
    /// The tenant (`tid`), on the Microsoft identity platform a GUID.
    public var tenantID: String? { text("tid") }

    /// The person or service principal in the tenant (`oid`), the same for every client.
    public var objectID: String? { text("oid") }

    /// The app roles assigned (`roles`).
    public var roles: [String] { texts("roles") ?? [] }

    /// The name to show (`name`).
    ///
    /// Never a key.
    public var name: String? { text("name") }

    /// The name the person signs in with (`preferred_username`).
    ///
    /// It changes: never a key.
    public var preferredUsername: String? { text("preferred_username") }

    /// The mail address (`email`).
    ///
    /// Whoever runs the tenant may write anything here: never a key.
    public var email: String? { text("email") }

    /// The session at the provider (`sid`).
    public var sessionID: String? { text("sid") }

    /// What to send to sign the same person out or in again (`login_hint`).
    public var loginHint: String? { text("login_hint") }
}
