// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

/// An error as the provider words it: OAuth's members (RFC 6749 §5.2) and the platform's own.
struct ServerError: Sendable {
    /// OAuth's `error`.
    var code: String
    /// The provider's words.
    var description: String?
    /// The AADSTS numbers, the main one first.
    var numbers: [Int] = []
    /// The finer error.
    var suberror: String?
    /// The claims challenge, verbatim.
    var claims: String?
    /// Under what the provider traces the request.
    var traceID: String?
    /// Under what the provider logged the request.
    var correlationID: String?
    /// The HTTP status, where the error came with one.
    var status: Int?
    /// How long the provider asks to wait.
    var retryAfter: Duration?

    /// Reads the body of an error answer; members of the wrong type count as missing.
    init(_ answer: ServiceClient.Answer) {
        let json = answer.json
        code = json["error"]?.stringValue ?? "unknown_error"
        description = json["error_description"]?.stringValue
        numbers = json["error_codes"]?.arrayValue?.compactMap { $0.integerValue.flatMap { Int(exactly: $0) } } ?? []
        suberror = json["suberror"]?.stringValue
        claims = json["claims"]?.stringValue
        traceID = json["trace_id"]?.stringValue
        correlationID = json["correlation_id"]?.stringValue
        status = answer.status
        retryAfter = answer.retryAfter
        numbersFromDescription()
    }

    /// Takes the members of an authorization error answer (RFC 6749 §4.1.2.1).
    init(code: String, description: String?, suberror: String?, claims: String?) {
        self.code = code
        self.description = description
        self.suberror = suberror
        self.claims = claims
        numbersFromDescription()
    }

    /// Takes the numbers out of the words, where the answer has no list of them.
    private mutating func numbersFromDescription() {
        guard numbers.isEmpty, let description else { return }
        numbers = AADSTSKnowledge.markedNumbers(in: description)
    }

    /// The error for the caller: what to do is decided by `error` and `suberror`, never by the numbers.
    func error(correlationID asked: String) -> AuthenticationError {
        var error = AuthenticationError(kind, .server, "")
        error.interaction = kind == .interactionRequired ? reason : nil
        error.serverCode = code
        error.serverDescription = description
        error.aadstsCodes = numbers
        error.suberror = suberror
        error.claims = claims
        error.correlationID = correlationID ?? asked
        error.traceID = traceID
        error.httpStatus = status
        error.retryAfter = retryAfter
        error.message = message
        return error
    }

    /// What to do about it.
    private var kind: AuthenticationError.Kind {
        switch code {
        case "interaction_required", "login_required", "consent_required", "account_selection_required":
            .interactionRequired
        case "invalid_grant":
            ["client_mismatch", "protection_policy_required"].contains(suberror) ? .refused : .interactionRequired
        case "access_denied", "authorization_declined": .declined
        case "temporarily_unavailable", "server_error": .transient
        case "invalid_client", "unauthorized_client", "unsupported_grant_type", "unsupported_response_type",
            "invalid_scope", "invalid_resource", "invalid_tenant", "invalid_instance":
            .misconfigured
        default: .refused
        }
    }

    /// Why the person must act.
    private var reason: AuthenticationError.InteractionReason {
        switch suberror {
        case "basic_action": .basicAction
        case "additional_action": .additionalAction
        case "message_only": .messageOnly
        case "consent_required": .consent
        case "user_password_expired": .passwordExpired
        default:
            if code == "consent_required" {
                .consent
            } else if claims != nil {
                .claimsChallenge
            } else {
                .signIn
            }
        }
    }

    /// The code as it may stand in a text: one that is not a short word (RFC 6749 §5.2) is not repeated.
    private var shownCode: String {
        let isWord = code.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
        }
        return isWord && (1...64).contains(code.utf8.count) ? code : "unknown_error"
    }

    /// A sentence on what happened, and one on what helps.
    private var message: String {
        if let explanation = numbers.lazy.compactMap({ AADSTSKnowledge.explanation(of: $0) }).first {
            return "The identity provider answered '\(shownCode)': \(explanation.cause) \(explanation.cure)"
        }
        switch kind {
        case .interactionRequired:
            return "The identity provider answered '\(shownCode)': the person must sign in again."
        case .declined:
            return "The sign-in was declined at the identity provider ('\(shownCode)')."
        case .misconfigured:
            return "The identity provider answered '\(shownCode)': check the application's registration and settings."
        case .transient:
            return "The identity provider answered '\(shownCode)': it has a fault of its own. Try again later."
        default:
            return "The identity provider refused the request with '\(shownCode)'."
        }
    }
}
