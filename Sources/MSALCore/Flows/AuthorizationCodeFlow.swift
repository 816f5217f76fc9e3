// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A sign-in that has begun: where to send the browser, and what its answer must match.
///
/// It is a value that can be sealed, stored and sent, and it must be kept secret: who has it can finish the sign-in.
/// Use it once.
public struct AuthorizationCodeFlow: Sendable {
    /// Where to send the browser; empty in a flow that was stored, since the browser has been there.
    public let url: String

    /// What the answer's `state` must be.
    public let state: Secret

    /// Where the provider sends the browser back to.
    public let redirectURI: String

    /// How the answer must come.
    public let responseMode: ResponseMode

    /// When the sign-in began.
    public let startedAt: Date

    /// What was asked for, the reserved scopes included.
    let scopes: [String]
    /// The authority's URL, so that the flow is finished with the provider it was begun at.
    let authority: String
    let nonce: Secret
    let verifier: Secret
    /// The age in seconds that the person's authentication may have at most.
    let maximumAge: Int64?

    /// How long a sign-in may take: a quarter of an hour.
    public static let lifetime: Duration = .seconds(900)
}

extension AuthorizationCodeFlow: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The redirect URI and nothing secret.
    public var description: String { "AuthorizationCodeFlow(\(redirectURI))" }

    /// The redirect URI and nothing secret.
    public var debugDescription: String { description }

    /// A mirror with nothing in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Encodes all that the answer is held against, the secrets too: seal what comes out of it.
extension AuthorizationCodeFlow: Codable {
    private enum CodingKeys: String, CodingKey {
        case state, redirectURI, responseMode, startedAt, scopes, authority, nonce, verifier, maximumAge
    }

    /// Reads a flow that was encoded before.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        url = ""
        state = Secret(try values.decode(String.self, forKey: .state))
        redirectURI = try values.decode(String.self, forKey: .redirectURI)
        responseMode = try values.decode(ResponseMode.self, forKey: .responseMode)
        startedAt = try values.decode(Date.self, forKey: .startedAt)
        scopes = try values.decode([String].self, forKey: .scopes)
        authority = try values.decode(String.self, forKey: .authority)
        nonce = Secret(try values.decode(String.self, forKey: .nonce))
        verifier = Secret(try values.decode(String.self, forKey: .verifier))
        maximumAge = try values.decodeIfPresent(Int64.self, forKey: .maximumAge)
    }

    /// Writes the flow with its secrets.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(state.reveal(), forKey: .state)
        try values.encode(redirectURI, forKey: .redirectURI)
        try values.encode(responseMode, forKey: .responseMode)
        try values.encode(startedAt, forKey: .startedAt)
        try values.encode(scopes, forKey: .scopes)
        try values.encode(authority, forKey: .authority)
        try values.encode(nonce.reveal(), forKey: .nonce)
        try values.encode(verifier.reveal(), forKey: .verifier)
        try values.encodeIfPresent(maximumAge, forKey: .maximumAge)
    }
}

/// What a sign-in may ask for besides its scopes.
public struct AuthorizationOptions: Sendable {
    /// How the answer shall come; a posted form unless told otherwise, which needs an https redirect URI to be safe.
    public var responseMode: ResponseMode = .formPost

    /// Whether and how the provider asks the person (OpenID Connect Core §3.1.2.1).
    public var prompt: Prompt?

    /// The user name to offer.
    public var loginHint: String?

    /// The domain whose sign-in page to go to at once.
    public var domainHint: String?

    /// How old the person's authentication may be at most.
    public var maximumAge: Duration?

    /// A claims challenge to send along, verbatim.
    public var claims: String?

    /// Scopes of other APIs that the person shall consent to at once; their tokens are acquired silently later.
    public var extraScopesToConsent: [String] = []

    /// Whether the provider shall tell the cloud of whoever signs in (`instance_aware`).
    public var isInstanceAware = false

    /// More parameters for the authorization request.
    public var parameters: [RequestOptions.Parameter] = []

    /// Creates the usual options.
    public init() {}

    /// Why scopes cannot be asked for at a sign-in; nil when they can.
    package static func problem(withScopes scopes: [String]) -> String? {
        do throws(AuthenticationError) {
            try Scopes.checkUserFlow(scopes)
            return nil
        } catch {
            return error.message
        }
    }
}

/// Whether and how the provider asks the person; providers add values of their own.
public struct Prompt: RawRepresentable, Sendable, Hashable {
    /// The value on the wire.
    public var rawValue: String

    /// Takes a value of a provider's own.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Ask for credentials even when somebody is signed in.
    public static let login = Prompt(rawValue: "login")
    /// Never show anything; answer with an error if something would have to be.
    public static let none = Prompt(rawValue: "none")
    /// Ask for consent.
    public static let consent = Prompt(rawValue: "consent")
    /// Let the person choose an account.
    public static let selectAccount = Prompt(rawValue: "select_account")
    /// Let the person make an account (Microsoft Entra External ID).
    public static let create = Prompt(rawValue: "create")
}
