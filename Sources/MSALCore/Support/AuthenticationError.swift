// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Why a token could not be acquired, a sign-in not finished or an application not set up.
///
/// Decide by ``kind``; show ``message``; log ``correlationID``. The AADSTS numbers in ``aadstsCodes`` are there to be
/// shown and looked up: the platform may change them without notice, so code must not branch on them.
public struct AuthenticationError: Error, Sendable {
    /// What to do about it.
    public var kind: Kind

    /// What exactly went wrong.
    public var code: Code

    /// A sentence that names the fault and the cure; never a secret.
    public var message: String

    /// Why the person must act, when ``kind-swift.property`` is ``Kind-swift.enum/interactionRequired``.
    public var interaction: InteractionReason?

    /// The service's own `error` code, such as `invalid_grant` (RFC 6749 §5.2).
    public var serverCode: String?

    /// The service's own words: text from outside, to be escaped before it is shown on a page.
    public var serverDescription: String?

    /// The numbers behind `AADSTS` in the service's answer, the main one first.
    public var aadstsCodes: [Int] = []

    /// The service's finer `suberror`.
    public var suberror: String?

    /// The `claims` challenge, verbatim, to be sent back in the next authorization request.
    public var claims: String?

    /// The identifier under which the service logged the request.
    public var correlationID: String?

    /// The service's trace identifier.
    public var traceID: String?

    /// How long the service asks to wait before the next try.
    public var retryAfter: Duration?

    /// The HTTP status of the answer, where there was one.
    public var httpStatus: Int?

    /// The error below this one.
    public var underlying: (any Error)?

    /// Creates an error.
    public init(_ kind: Kind, _ code: Code, _ message: String, underlying: (any Error)? = nil) {
        self.kind = kind
        self.code = code
        self.message = message
        self.underlying = underlying
    }

    /// What to do about an error.
    @nonexhaustive
    public enum Kind: Sendable, Hashable {
        /// Send the person to sign in again, with ``AuthenticationError/claims`` if there are any.
        case interactionRequired
        /// The person, or their administrator, said no. Offer to try again; do not retry by yourself.
        case declined
        /// The application is set up wrongly, here or at the provider. Nothing but a change of settings helps.
        case misconfigured
        /// The call itself was wrong. Mend the code that made it.
        case invalidCall
        /// The service asks to wait; see ``AuthenticationError/retryAfter``.
        case throttled
        /// The service or the network failed. Try again later.
        case transient
        /// The answer to a sign-in does not belong to it, or is damaged. Start the sign-in anew.
        case rejectedResponse
        /// A token or a document about tokens failed validation. Nothing was stored.
        case rejectedToken
        /// The service refused the request for a reason of its own.
        case refused
    }

    /// What exactly went wrong.
    @nonexhaustive
    public enum Code: Sendable, Hashable {
        /// The authority URL cannot be used.
        case authorityInvalid
        /// The service does not know the authority's host.
        case authorityUnknown
        /// A setting is missing or wrong.
        case configurationInvalid
        /// A certificate or its key cannot be used: it cannot be read, does not match, is weak or is not valid now.
        case certificateInvalid
        /// What an application proves itself with was not to be had: its callback or its file failed.
        case credentialUnavailable
        /// A scope is reserved, empty or of the wrong form.
        case scopeInvalid
        /// A claims challenge, or claims that a caller passes on, are not a JSON object.
        case claimsInvalid
        /// The token of a caller that was passed on is none.
        case assertionInvalid
        /// A further parameter is one that the library sets itself.
        case parameterInvalid
        /// A redirect URI is not an absolute https URL, or http on loopback.
        case redirectURIInvalid
        /// The metadata announce an issuer that is not the authority's.
        case metadataIssuer
        /// The metadata lack an endpoint or name one on a foreign host.
        case metadataEndpoint
        /// A document is not of the form it must have.
        case malformedDocument
        /// The answer is larger than the bound.
        case responseTooLarge
        /// The answer's content type is not JSON.
        case contentType
        /// The endpoint answered with a redirect, which is never followed.
        case redirected
        /// The service answered with an unexpected status.
        case unexpectedStatus
        /// The service could not be reached, or not in time.
        case unreachable
        /// The service answered 429.
        case tooManyRequests
        /// The service answered with an OAuth error.
        case server
        /// A parameter of the answer is repeated, missing or too long.
        case responseMalformed
        /// `state` is missing or is not the flow's.
        case state
        /// The answer came by another response mode than was asked for.
        case responseMode
        /// The answer's `iss` is missing or is not the flow's issuer (RFC 9207).
        case responseIssuer
        /// The answer or its flow is too old.
        case flowExpired
        /// The token answer has no ID token although one was asked for.
        case idTokenMissing
        /// The ID token failed validation; the underlying `JWTError` says why.
        case idTokenRejected
        /// `client_info` is malformed or names another account than the ID token.
        case clientInfo
        /// The token type is not one that can be used.
        case tokenType
        /// The answer holds no access token.
        case accessTokenMissing
        /// A refreshed ID token is about another person (OpenID Connect Core §12.2).
        case subjectChanged
        /// The UserInfo answer is about another person (OpenID Connect Core §5.3.2).
        case userInfoSubject
        /// Nothing in the cache can serve the request.
        case noTokenInCache
        /// The token's tenant is not among those the application allows.
        case tenantNotAllowed
        /// The provider offers no such endpoint.
        case endpointMissing
        /// A value could not be sealed.
        case sealing
        /// The federation server of a person's domain cannot be used, or refused the user name and the password.
        case federation
        /// A token store cannot be used: it cannot be opened, is not ours, or does not answer.
        case storeUnavailable
        /// A token cache to be imported is not one.
        case cacheMalformed
    }

    /// Why a person must act.
    @nonexhaustive
    public enum InteractionReason: Sendable, Hashable {
        /// Nobody is signed in, or nothing usable is kept for the account.
        case signIn
        /// Something simple must be done once, such as multi-factor authentication (`basic_action`).
        case basicAction
        /// Something must be done that may take longer, such as device registration (`additional_action`).
        case additionalAction
        /// The service has a message to show (`message_only`); signing in shows it.
        case messageOnly
        /// Consent is missing or was withdrawn (`consent_required`).
        case consent
        /// The password has expired (`user_password_expired`).
        case passwordExpired
        /// A policy asks for further claims.
        case claimsChallenge
    }
}

extension AuthenticationError: CustomStringConvertible {
    /// The message with the codes that help to look it up.
    public var description: String {
        var text = message
        if !aadstsCodes.isEmpty {
            text += " [" + aadstsCodes.map { "AADSTS\($0)" }.joined(separator: ", ") + "]"
        }
        if let correlationID {
            text += " (correlation ID \(correlationID))"
        }
        return text
    }
}
