// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A sign-in on another device that has begun (RFC 8628 §3.2): what to show to the person, and what to ask with.
///
/// It is a value that can be sealed, stored and sent. Show ``userCode`` and ``verificationURI``, or ``message``, and keep
/// the rest: who has the flow gets the tokens of whoever enters the code.
public struct DeviceCodeFlow: Sendable {
    /// What the person enters.
    public let userCode: String

    /// Where the person enters it.
    public let verificationURI: String

    /// The same with the code in it, where the provider has one; Microsoft has none.
    public let verificationURIComplete: String?

    /// A sentence for the person with both, in the provider's words: text from outside.
    public let message: String?

    /// When the code ends.
    public let expiresOn: Date

    /// How long to wait between two questions.
    let interval: Int64
    /// What to ask with.
    let deviceCode: Secret
    /// What was asked for, the reserved scopes included.
    let scopes: [String]
    /// A claims challenge that the token must meet.
    let claims: String?
    /// The authority's URL.
    let authority: String
    /// Under what the provider logs the sign-in.
    let correlationID: String
}

extension DeviceCodeFlow: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Where the code is entered, and nothing secret.
    public var description: String { "DeviceCodeFlow(\(verificationURI))" }

    /// Where the code is entered, and nothing secret.
    public var debugDescription: String { description }

    /// A mirror with nothing in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Encodes all that the tokens are fetched with, the secret too: seal what comes out of it.
extension DeviceCodeFlow: Codable {
    private enum CodingKeys: String, CodingKey {
        case userCode, verificationURI, verificationURIComplete, message, expiresOn, interval, deviceCode, scopes,
            claims
        case authority, correlationID
    }

    /// Reads a flow that was encoded before.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        userCode = try values.decode(String.self, forKey: .userCode)
        verificationURI = try values.decode(String.self, forKey: .verificationURI)
        verificationURIComplete = try values.decodeIfPresent(String.self, forKey: .verificationURIComplete)
        message = try values.decodeIfPresent(String.self, forKey: .message)
        expiresOn = try values.decode(Date.self, forKey: .expiresOn)
        interval = try values.decode(Int64.self, forKey: .interval)
        deviceCode = Secret(try values.decode(String.self, forKey: .deviceCode))
        scopes = try values.decode([String].self, forKey: .scopes)
        claims = try values.decodeIfPresent(String.self, forKey: .claims)
        authority = try values.decode(String.self, forKey: .authority)
        correlationID = try values.decode(String.self, forKey: .correlationID)
    }

    /// Writes the flow with its secret.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(userCode, forKey: .userCode)
        try values.encode(verificationURI, forKey: .verificationURI)
        try values.encodeIfPresent(verificationURIComplete, forKey: .verificationURIComplete)
        try values.encodeIfPresent(message, forKey: .message)
        try values.encode(expiresOn, forKey: .expiresOn)
        try values.encode(interval, forKey: .interval)
        try values.encode(deviceCode.reveal(), forKey: .deviceCode)
        try values.encode(scopes, forKey: .scopes)
        try values.encodeIfPresent(claims, forKey: .claims)
        try values.encode(authority, forKey: .authority)
        try values.encode(correlationID, forKey: .correlationID)
    }
}

/// What to do between two questions whether the code was entered (RFC 8628 §3.5).
struct DeviceCodePolling: Sendable {
    /// What to do next.
    enum Action {
        /// Wait, and ask again.
        case wait(Duration)
        /// Give up.
        case fail(AuthenticationError)
    }

    /// How long to wait between two questions.
    private(set) var interval: Duration
    /// When the code ends.
    let expiresOn: Date

    /// Questions at the provider's pace.
    init(_ flow: DeviceCodeFlow) {
        interval = .seconds(flow.interval)
        expiresOn = flow.expiresOn
    }

    /// Decides after a question that brought no token.
    mutating func next(after error: AuthenticationError, at now: Date) -> Action {
        switch error.serverCode {
        case "authorization_pending":
            break
        case "slow_down":
            interval += .seconds(5)
        case "expired_token":
            return .fail(Self.expired(error))
        default:
            guard error.isOutage else { return .fail(error) }
            // Twice as long each time, and at least as long as the provider asks for.
            interval = max(min(interval * 2, .seconds(60)), error.retryAfter ?? .zero)
        }
        guard now.adding(interval) < expiresOn else { return .fail(Self.expired(error)) }
        return .wait(interval)
    }

    /// The refusal of a code that nobody entered in time.
    private static func expired(_ error: AuthenticationError) -> AuthenticationError {
        var result = error
        result.kind = .interactionRequired
        result.code = .flowExpired
        result.message = "The code was not entered in time. Start the sign-in anew."
        result.interaction = .signIn
        return result
    }
}
