// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Logging
import MSALJWT

/// Sends requests to the identity provider, and for it to federation servers, and reads JSON or XML out of the answers, or says
/// what was wrong with them.
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
    /// What tells of the requests.
    var instruments = Instruments.off

    /// A JSON answer with the status it came with.
    struct Answer {
        /// The HTTP status.
        var status: Int
        /// How long the service asks to wait.
        var retryAfter: Duration?
        /// What it holds, always an object.
        var json: JSONValue
        /// The same as it came.
        var body: [UInt8]

        /// Whether the status is one of success.
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
        let (request, response) = try await exchange(
            endpoint.request(.get, fields: fields),
            [],
            .harmless,
            correlationID
        )
        return try answer(response, to: request, correlationID)
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
        let (request, response) = try await exchange(
            endpoint.request(.post, fields: fields),
            body,
            repetition,
            correlationID
        )
        return try answer(response, to: request, correlationID)
    }

    /// The fields of every request, and those of this one.
    private static func fields(_ correlationID: String, _ further: HTTPFields) -> HTTPFields {
        var fields = further
        fields[.accept] = "application/json"
        fields[.clientRequestID] = correlationID
        fields[.returnClientRequestID] = "true"
        return fields
    }

    /// Sends a request, a second time where that may help.
    ///
    /// - Returns: what was sent last, and the answer to it, whatever its status.
    /// - Throws: ``AuthenticationError`` when there is none, `CancellationError`.
    func exchange(
        _ head: HTTPRequest,
        _ body: [UInt8],
        _ repetition: Repetition,
        _ correlationID: String
    ) async throws -> (TransportRequest, TransportResponse) {
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
                outcome = try await send(request, correlationID, repetition: 1)
            }
        }
        switch outcome {
        case .success(let response):
            return (request, response)
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
        _ correlationID: String,
        repetition: Int = 0
    ) async throws -> Result<TransportResponse, any Error> {
        let host = request.head.authority ?? ""
        do {
            let response = try await instruments.send(
                request,
                over: transport,
                correlationID,
                repetition: repetition
            )
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
}

// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
    // Both texts are tokens (RFC 9110 §5.6.2), which is all that the initializer asks for.

    /// The platform's correlation identifier.
    static let clientRequestID = HTTPField.Name("client-request-id")!
    /// Asks the platform to repeat the correlation identifier.
    static let returnClientRequestID = HTTPField.Name("return-client-request-id")!
}
