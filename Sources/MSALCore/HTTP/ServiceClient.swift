// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Logging
import MSALJWT

/// Sends requests to the identity provider and reads JSON out of the answers, or says what was wrong with them.
struct ServiceClient: Sendable {
    /// What carries the requests.
    let transport: any HTTPTransport
    /// How long a request may take, the second try included.
    let timeout: Duration
    /// Where the time comes from.
    let time: any TimeSource
    /// Where it logs.
    let logger: Logger
    /// Whether a request that failed is sent once more.
    var retry = RetryPolicy.never
    /// Where the length of the pause before that comes from.
    var randomness = Randomness.system

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
    ///
    /// - Parameters:
    ///   - endpoint: where it lies.
    ///   - correlationID: under what the provider logs the request.
    ///   - authorization: the value of the `Authorization` field, where there is one.
    ///   - further: further fields.
    /// - Returns: the answer, whether it is an error or not.
    /// - Throws: ``AuthenticationError`` when there is no answer or none that can be read.
    func get(
        _ endpoint: Endpoint,
        correlationID: String,
        authorization: String? = nil,
        fields further: HTTPFields = [:]
    ) async throws -> Answer {
        var fields = Self.fields(correlationID, further)
        fields[.authorization] = authorization
        return try await exchange(endpoint.request(.get, fields: fields), [], .harmless, correlationID)
    }

    /// Posts a form.
    ///
    /// - Parameters:
    ///   - form: its pairs, in their order.
    ///   - endpoint: where to.
    ///   - correlationID: under what the provider logs the request.
    ///   - authorization: the value of the `Authorization` field, where there is one.
    ///   - further: further fields.
    ///   - repetition: what it does if the form arrives twice.
    /// - Returns: the answer, whether it is an error or not.
    /// - Throws: ``AuthenticationError`` when there is no answer or none that can be read.
    func post(
        _ form: [(String, String)],
        to endpoint: Endpoint,
        correlationID: String,
        authorization: String? = nil,
        fields further: HTTPFields = [:],
        repetition: Repetition = .harmless
    ) async throws -> Answer {
        var fields = Self.fields(correlationID, further)
        fields[.contentType] = "application/x-www-form-urlencoded"
        fields[.authorization] = authorization
        let body = [UInt8](FormEncoding.encode(form).utf8)
        return try await exchange(endpoint.request(.post, fields: fields), body, repetition, correlationID)
    }

    /// The fields of every request, and those of this one.
    private static func fields(_ correlationID: String, _ further: HTTPFields) -> HTTPFields {
        var fields = further
        fields[.accept] = "application/json"
        fields[.clientRequestID] = correlationID
        fields[.returnClientRequestID] = "true"
        return fields
    }

    /// Sends a request, a second time where that may help, and reads the answer.
    private func exchange(
        _ head: HTTPRequest,
        _ body: [UInt8],
        _ repetition: Repetition,
        _ correlationID: String
    ) async throws -> Answer {
        let start = time.now
        var request = TransportRequest(head: head, body: body, timeout: timeout)
        var outcome = try await send(request, correlationID)
        if retry == .once, mayRepeat(after: outcome, repetition) {
            let pause = RetryPolicy.pause(jitter: randomness.bytes(1).first ?? 0)
            // The time of day may have been set meanwhile; no try gets more than the whole limit.
            let left = timeout - .seconds(max(time.now.seconds(since: start), 0)) - pause
            if left >= RetryPolicy.leastTimeLeft {
                try await time.sleep(for: pause)
                request.timeout = left
                outcome = try await send(request, correlationID)
            }
        }
        switch outcome {
        case .success(let response):
            return try answer(response, to: request, correlationID)
        case .failure(let error):
            throw Self.noAnswer(from: head.authority ?? "", error, correlationID)
        }
    }

    /// Whether a second try may help and can do no harm.
    private func mayRepeat(after outcome: Result<TransportResponse, any Error>, _ repetition: Repetition) -> Bool {
        switch outcome {
        case .success(let response): repetition.mayRepeat(after: response.head)
        case .failure(let error): repetition.mayRepeat(after: error)
        }
    }

    /// Sends a request once.
    ///
    /// - Throws: `CancellationError`, and nothing else.
    private func send(
        _ request: TransportRequest,
        _ correlationID: String
    ) async throws -> Result<TransportResponse, any Error> {
        let host = request.head.authority ?? ""
        do {
            let response = try await transport.send(request)
            logger.debug(
                "The identity provider answered",
                metadata: [
                    "msal.host": "\(host)", "msal.status": "\(response.head.status.code)",
                    "msal.correlation_id": "\(correlationID)",
                ]
            )
            return .success(response)
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.debug(
                "The identity provider gave no answer",
                metadata: ["msal.host": "\(host)", "msal.correlation_id": "\(correlationID)"]
            )
            return .failure(error)
        }
    }

    /// Reads what a response holds.
    private func answer(
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
    private static func noAnswer(from host: String, _ error: any Error, _ correlationID: String) -> AuthenticationError
    {
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

    /// The JSON object in a response, or what is wrong with it; nothing of the body gets into the text.
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

// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
    // Both texts are tokens (RFC 9110 §5.6.2), which is all that the initializer asks for.

    /// The platform's correlation identifier.
    static let clientRequestID = HTTPField.Name("client-request-id")!
    /// Asks the platform to repeat the correlation identifier.
    static let returnClientRequestID = HTTPField.Name("return-client-request-id")!
}
