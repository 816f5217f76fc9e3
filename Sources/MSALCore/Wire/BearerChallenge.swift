// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A `Bearer` challenge (RFC 6750 §3) with what the platform's APIs put into it.
///
/// Everything here was said by the API, and an API can lie: send neither person nor credential to ``authority`` unless the
/// application trusts it anyway.
public struct BearerChallenge: Sendable, Hashable {
    /// The challenge as it was read.
    public let challenge: AuthenticateChallenge

    /// Takes a challenge; nil where its scheme is not `Bearer`.
    ///
    /// - Parameter challenge: any challenge.
    public init?(_ challenge: AuthenticateChallenge) {
        guard challenge.isScheme("Bearer") else { return nil }
        self.challenge = challenge
    }

    /// Takes the first `Bearer` challenge of some, nil where there is none; one with claims goes before others.
    ///
    /// - Parameter challenges: the challenges of a response.
    public init?(among challenges: [AuthenticateChallenge]) {
        let bearers = challenges.compactMap { BearerChallenge($0) }
        guard let first = bearers.first(where: { $0.claims != nil }) ?? bearers.first else { return nil }
        self = first
    }

    /// The protection space; often empty at the platform, which counts as none.
    public var realm: String? { challenge["realm"] }

    /// Where tokens come from, in the words of the API: `authorization_uri`, or Key Vault's `authorization`.
    public var authorizationURI: String? { challenge["authorization_uri"] ?? challenge["authorization"] }

    /// The authority behind ``authorizationURI``; nil where there is none or it is not one.
    public var authority: Authority? {
        authorizationURI.flatMap { try? Authority($0) }
    }

    /// The tenant that ``authorizationURI`` names; nil where it names none.
    public var tenant: String? {
        authority?.tenant
    }

    /// The application ID of the API.
    public var clientID: String? { challenge["client_id"] }

    /// The resource to ask a token for: `resource_id`, or `resource`.
    public var resource: String? { challenge["resource_id"] ?? challenge["resource"] }

    /// The error, such as `insufficient_claims` or `invalid_token`.
    public var error: String? { challenge["error"] }

    /// The error in words, for a developer.
    public var errorDescription: String? { challenge["error_description"] }

    /// The scopes that are needed.
    public var scopes: [String] { challenge["scope"].map(Scopes.split) ?? [] }

    /// The nonce to put into a proof of possession (RFC 9449 §9).
    public var nonce: String? { challenge["nonce"] }

    /// The claims challenge as JSON, decoded from base64 where it came so; nil where it is missing or not a JSON object.
    ///
    /// Hand it to the next request for a token.
    public var claims: String? {
        challenge["claims"].flatMap(ClaimsRequest.decoded)
    }
}
