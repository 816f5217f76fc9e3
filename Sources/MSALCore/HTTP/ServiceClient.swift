// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Logging
import MSALJWT

/// Sends requests to the identity provider and reads JSON out of the answers, or says what was wrong with them.
struct ServiceClient: Sendable {
    let transport: any HTTPTransport
    let timeout: Duration
    let time: any TimeSource
    let logger: Logger

    /// A JSON answer with the status it came with.
    struct Answer {
        var status: Int
        /// How long the service asks to wait.
        var retryAfter: Duration?
        var json: JSONValue
        var body: [UInt8]

        var isSuccess: Bool { (200..<300).contains(status) }
    }

    /// Fetches a document.
    func get(_ endpoint: Endpoint, correlationID: String, authorization: String? = nil) async throws -> Answer {
        var fields = Self.fields(correlationID)
        fields[.authorization] = authorization
        return try await exchange(endpoint.request(.get, fields: fields), [], correlationID)
    }

    /// Posts a form.
    func post(
        _ form: [(String, String)],
        to endpoint: Endpoint,
        correlationID: String,
        authorization: String? = nil
    ) async throws -> Answer {
        var fields = Self.fields(correlationID)
        fields[.contentType] = "application/x-www-form-urlencoded"
        fields[.authorization] = authorization
        let body = [UInt8](FormEncoding.encode(form).utf8)
        return try await exchange(endpoint.request(.post, fields: fields), body, correlationID)
    }

    private static func fields(_ correlationID: String) -> HTTPFields {
        var fields = HTTPFields()
        fields[.accept] = "application/json"
        fields[.clientRequestID] = correlationID
        fields[.returnClientRequestID] = "true"
        return fields
    }

    private func exchange(_ head: HTTPRequest, _ body: [UInt8], _ correlationID: String) async throws -> Answer {
        let host = head.authority ?? ""
        let response: TransportResponse
        do {
            response = try await transport.send(TransportRequest(head: head, body: body, timeout: timeout))
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.debug(
                "The identity provider gave no answer",
                metadata: ["msal.host": "\(host)", "msal.correlation_id": "\(correlationID)"]
            )
            throw Self.noAnswer(from: host, error, correlationID)
        }
        let status = response.head.status.code
        let retryAfter = RetryAfter.seconds(response.head.headerFields, at: time.now)
        logger.debug(
            "The identity provider answered",
            metadata: [
                "msal.host": "\(host)", "msal.status": "\(status)", "msal.correlation_id": "\(correlationID)",
            ]
        )
        do throws(AuthenticationError) {
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

    private static func noAnswer(from host: String, _ error: any Error, _ correlationID: String) -> AuthenticationError
    {
        var result: AuthenticationError
        switch error as? TransportError {
        case .responseTooLarge:
            result = AuthenticationError(
                .rejectedResponse,
                .responseTooLarge,
                "The answer of \(host) is larger than accepted; the authority is probably not an identity provider."
            )
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

    private static func json(
        of response: TransportResponse,
        status: Int,
        host: String
    ) throws(AuthenticationError) -> JSONValue {
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

// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
    // Both texts are tokens (RFC 9110 §5.6.2), which is all that the initializer asks for.

    /// The platform's correlation identifier.
    static let clientRequestID = HTTPField.Name("client-request-id")!
    /// Asks the platform to repeat the correlation identifier.
    static let returnClientRequestID = HTTPField.Name("return-client-request-id")!
}
