// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The answer of a token endpoint (RFC 6749 §5.1), tolerant where providers differ and strict where it matters.
struct TokenResponse: Sendable {
    var accessToken: Secret
    var tokenType: String
    /// How long the access token lives.
    var lifetime: Duration
    /// How long it may be used while the provider is down.
    var extendedLifetime: Duration?
    /// After how long the provider wants it renewed.
    var refreshIn: Duration?
    /// The scopes granted; nil where the answer does not say, which means those asked for.
    var scopes: [String]?
    var refreshToken: Secret?
    var idToken: String?
    var clientInfo: String?
    /// The family of applications that may all use the refresh token.
    var familyID: String?

    /// An answer with a token and its times alone.
    init(accessToken: Secret, lifetime: Duration, refreshIn: Duration?) {
        self.accessToken = accessToken
        tokenType = "Bearer"
        self.lifetime = lifetime
        self.refreshIn = refreshIn
    }

    /// The life of a token whose answer does not tell it.
    static let defaultLifetime: Int64 = 3_600

    /// Reads a successful answer.
    ///
    /// - Parameters:
    ///   - json: the answer.
    ///   - tokenType: the type that was asked for; another one is refused, a bearer token for a bound one above all.
    /// - Throws: ``AuthenticationError`` with the code `accessTokenMissing`, `tokenType` or `malformedDocument`.
    init(_ json: JSONValue, of tokenType: String = "Bearer") throws(AuthenticationError) {
        guard let token = json["access_token"]?.stringValue, !token.isEmpty else {
            throw AuthenticationError(
                .rejectedResponse,
                .accessTokenMissing,
                "The identity provider's answer holds no access token."
            )
        }
        accessToken = Secret(token)
        let issued = json["token_type"]?.stringValue ?? ""
        guard issued.lowercased() == tokenType.lowercased() else {
            throw AuthenticationError(
                .rejectedResponse,
                .tokenType,
                "The token's type is '\(issued)'; '\(tokenType)' was asked for, and nothing else can be used."
            )
        }
        self.tokenType = tokenType
        lifetime = .seconds(try Self.seconds(json["expires_in"]) ?? Self.defaultLifetime)
        // Personal accounts' answers say zero where there is no such time.
        extendedLifetime = try Self.seconds(json["ext_expires_in"]).flatMap { $0 > 0 ? .seconds($0) : nil }
        refreshIn = try Self.seconds(json["refresh_in"]).map { .seconds($0) }
        scopes = json["scope"]?.stringValue.map(Scopes.split)
        refreshToken = json["refresh_token"]?.stringValue.flatMap { $0.isEmpty ? nil : Secret($0) }
        idToken = json["id_token"]?.stringValue
        clientInfo = json["client_info"]?.stringValue
        familyID = json["foci"]?.stringValue.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Reads a number of seconds, which some routes send as text.
    private static func seconds(_ member: JSONValue?) throws(AuthenticationError) -> Int64? {
        guard let member, member != .null else { return nil }
        let value: Int64? =
            member.integerValue ?? member.stringValue.flatMap { Int64($0) }
            ?? member.doubleValue.flatMap { Int64(exactly: $0.rounded(.down)) }
        guard let value, (0...315_360_000).contains(value) else {
            throw AuthenticationError(
                .rejectedResponse,
                .malformedDocument,
                "A lifetime in the identity provider's answer is not a number of seconds."
            )
        }
        return value
    }
}
