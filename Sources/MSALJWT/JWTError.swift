// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Why a token, a key, a key set or a piece of JSON was refused.
///
/// Nothing here repeats the token or its values: a message names the rule, ``name`` the header member, claim or key.
public struct JWTError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reasons a caller may want to tell apart.
    @nonexhaustive
    public enum Code: Sendable, Hashable, CaseIterable {
        /// Not a compact JWS: wrong number of parts, foreign characters, padding, a header that is no header.
        case malformed
        /// Larger than the bound for its kind.
        case tooLarge
        /// Five parts: an encrypted token, which this library does not read.
        case encrypted
        /// A header member that changes how the token must be read: `crit`, `b64`, `zip`.
        case unsupportedHeader
        /// The token's algorithm is not among those allowed, or not the one its key is for.
        case algorithmNotAllowed
        /// No usable key of the set is the token's. The set may be out of date: reading it again may help.
        case keyNotFound
        /// A key that must not be used: too short, of another kind, for another purpose, private, or broken.
        case unusableKey
        /// The signature does not fit the key and the message.
        case signatureInvalid
        /// A claim that has to be there is not.
        case missingClaim
        /// A claim is there with a value of the wrong type or out of all bounds.
        case malformedClaim
        /// The token comes from another issuer.
        case issuer
        /// The token is for somebody else.
        case audience
        /// The token was issued to another client, or to several parties without saying which one may use it.
        case authorizedParty
        /// The token's time is over.
        case expired
        /// The token's time has not come.
        case notYetValid
        /// The token claims to be issued, or its person signed in, in the future.
        case issuedInTheFuture
        /// The token answers another sign-in request.
        case nonce
        /// The token is of another tenant.
        case tenant
        /// The signing key belongs to another issuer than the token names.
        case keyIssuer
        /// The person signed in longer ago than asked for.
        case authenticationTooOld
        /// Not JSON, JSON with a member twice, nested too deeply, or with a number out of range.
        case json
    }

    /// The reason, for decisions.
    public let code: Code
    /// The reason as a sentence, for people.
    ///
    /// It holds nothing the token said.
    public let message: String
    /// The claim, header member or key ID at fault.
    ///
    /// It may come from the token: text to be escaped where it is shown.
    public let name: String?

    /// Makes an error.
    public init(code: Code, message: String, name: String? = nil) {
        self.code = code
        self.message = message
        self.name = name
    }

    /// Makes an error with its parts unlabelled, as this module writes it.
    init(_ code: Code, _ message: String, name: String? = nil) {
        self.init(code: code, message: message, name: name)
    }

    /// The message.
    public var description: String { message }
}
