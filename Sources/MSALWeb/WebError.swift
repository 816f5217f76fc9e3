// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
import MSALJWT

/// Why a request cannot be answered as asked; thrown to a handler's caller, it becomes a page or a problem document.
public struct WebError: Error, Sendable {
    /// What kind of trouble it is.
    @nonexhaustive
    public enum Code: String, Sendable, Hashable {
        /// Somebody has to sign in, or sign in again, before this can go on.
        case signInRequired
        /// The signed-in person may not do this, or a page of another site sent the request.
        case forbidden
        /// The request cannot be understood.
        case malformedRequest
        /// The request's body is larger than the server takes.
        case tooLarge
        /// A service that is needed does not answer; a later try may work.
        case unavailable
        /// A service behind this application answered with an error.
        case badGateway
        /// The application was put together wrongly.
        case misconfigured
    }

    /// What kind of trouble it is.
    public let code: Code
    /// A sentence for people; it is shown on pages, so it names no secret.
    public let message: String
    /// What the provider has to be asked for, for ``Code/signInRequired``.
    public let challenge: SignInChallenge?
    /// The error underneath, for logs.
    public let underlying: (any Error)?

    /// An error of a kind, with its sentence.
    public init(
        _ code: Code,
        _ message: String,
        challenge: SignInChallenge? = nil,
        underlying: (any Error)? = nil
    ) {
        self.code = code
        self.message = message
        self.challenge = challenge
        self.underlying = underlying
    }

    /// The status it is answered with.
    public var status: HTTPResponse.Status {
        switch code {
        case .signInRequired: .unauthorized
        case .forbidden: .forbidden
        case .malformedRequest: .badRequest
        case .tooLarge: .contentTooLarge
        case .unavailable: .serviceUnavailable
        case .badGateway: .badGateway
        case .misconfigured: .internalServerError
        }
    }
}

extension WebError: CustomStringConvertible {
    /// The kind and the sentence.
    public var description: String { "\(code.rawValue): \(message)" }
}

/// What an interactive sign-in has to ask the provider for.
public struct SignInChallenge: Sendable, Hashable, Codable {
    /// The scopes to consent to, beside those of every sign-in.
    public var scopes: [String]
    /// The claims request of a claims challenge, as JSON; one that is none, or longer than 2 KiB, is left out.
    public private(set) var claims: String?

    /// A challenge for scopes and claims.
    public init(scopes: [String] = [], claims: String? = nil) {
        self.scopes = scopes
        self.claims = claims.flatMap { Self.isRequest($0) ? $0 : nil }
    }

    /// The longest claims request that is sent on, in bytes: it has to fit into the cookie of a sign-in.
    static let maximumClaimsLength = 2048

    /// Whether a text can be sent on as a claims request: a JSON object, and short enough for a URL.
    private static func isRequest(_ text: String) -> Bool {
        text.utf8.count <= maximumClaimsLength && (try? JSONValue(parsing: Array(text.utf8)))?.objectValue != nil
    }
}
