// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT

extension ServiceClient {
    /// Reads what a response holds.
    func answer(
        _ response: TransportResponse,
        to request: TransportRequest,
        _ correlationID: String
    ) throws(AuthenticationError) -> Answer {
        let host = request.head.authority ?? ""
        let status = response.head.status.code
        let retryAfter = RetryAfter.seconds(response.head.headerFields, at: time.now)
        do throws(AuthenticationError) {
            // Transports keep to the bound; one that does not is no reason to read so much.
            guard response.body.count <= request.maximumResponseBytes else { throw Self.tooLarge(host) }
            return Answer(
                status: status,
                retryAfter: retryAfter,
                json: try Self.json(of: response, status: status, host: host),
                body: response.body
            )
        } catch {
            var error = error
            error.httpStatus = status
            error.correlationID = correlationID
            error.retryAfter = retryAfter
            throw error
        }
    }

    /// Why a transport had no answer.
    static func noAnswer(from host: String, _ error: any Error, _ correlationID: String) -> AuthenticationError {
        var result: AuthenticationError
        switch error as? TransportError {
        case .responseTooLarge:
            result = tooLarge(host)
        case .insecure:
            result = AuthenticationError(
                .misconfigured,
                .authorityInvalid,
                "Plain http is for this very machine only; use https for \(host)."
            )
        case .tls:
            result = AuthenticationError(
                .transient,
                .unreachable,
                "The TLS connection to \(host) failed. If its certificate comes from a private authority, "
                    + "give that authority's certificate to the transport."
            )
        default:
            result = AuthenticationError(
                .transient,
                .unreachable,
                "The identity provider at \(host) could not be reached. Check the network and try again."
            )
        }
        result.correlationID = correlationID
        result.underlying = error
        return result
    }

    /// The refusal of an answer past the bound.
    private static func tooLarge(_ host: String) -> AuthenticationError {
        AuthenticationError(
            .rejectedResponse,
            .responseTooLarge,
            "The answer of \(host) is larger than accepted; the authority is probably not an identity provider."
        )
    }

    /// Refuses a status that says all there is to say.
    static func check(_ status: Int, of host: String) throws(AuthenticationError) {
        switch status {
        case 300..<400:
            throw AuthenticationError(
                .rejectedResponse,
                .redirected,
                "\(host) answered with a redirect, which is never followed. Set the authority to the final address."
            )
        case 429:
            throw AuthenticationError(
                .throttled,
                .tooManyRequests,
                "The identity provider at \(host) asks to send fewer requests."
            )
        case 500...:
            throw AuthenticationError(
                .transient,
                .unexpectedStatus,
                "The identity provider at \(host) has a fault of its own (HTTP \(status)). Try again later."
            )
        default:
            break
        }
    }

    /// The JSON object in a response, or what is wrong with it; nothing of the body gets into the text.
    private static func json(
        of response: TransportResponse,
        status: Int,
        host: String
    ) throws(AuthenticationError) -> JSONValue {
        try check(status, of: host)
        guard isJSON(response.head.headerFields[.contentType]) else {
            throw AuthenticationError(
                .rejectedResponse,
                .contentType,
                "\(host) answered with HTTP \(status) and something that is not JSON; "
                    + "the authority is probably not an identity provider."
            )
        }
        let json: JSONValue
        do throws(JWTError) {
            json = try JSONValue(parsing: response.body)
        } catch {
            throw notAnObject(host, status, error)
        }
        guard json.objectValue != nil else { throw notAnObject(host, status, nil) }
        return json
    }

    /// The refusal of a body that is not what it must be.
    private static func notAnObject(_ host: String, _ status: Int, _ underlying: JWTError?) -> AuthenticationError {
        AuthenticationError(
            .rejectedResponse,
            .malformedDocument,
            "The answer of \(host) (HTTP \(status)) is not a JSON object that can be read.",
            underlying: underlying
        )
    }

    /// Whether a content type is JSON: `application/json` or any `+json` (RFC 6839 §3.1).
    static func isJSON(_ contentType: String?) -> Bool {
        guard let type = contentType?.split(separator: ";").first else { return false }
        let name = type.trimmingSpaces().lowercased()
        return name == "application/json" || (name.hasPrefix("application/") && name.hasSuffix("+json"))
    }
}
