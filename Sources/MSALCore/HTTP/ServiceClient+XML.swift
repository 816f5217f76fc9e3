// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

extension ServiceClient {
    /// Sends a request to a federation server and reads the XML that it answers with.
    ///
    /// A fault of SOAP comes with a status of failure (SOAP 1.2 Part 2 §7.5.2) and is an answer nevertheless.
    ///
    /// - Throws: ``AuthenticationError`` when there is no answer or none that can be read, `CancellationError`.
    func exchangeXML(
        _ head: HTTPRequest,
        _ body: [UInt8] = [],
        _ repetition: Repetition = .harmless,
        correlationID: String
    ) async throws -> XMLDocument {
        let (request, response) = try await exchange(head, body, repetition, correlationID)
        let host = head.authority ?? ""
        let status = response.head.status.code
        do throws(AuthenticationError) {
            return try Self.document(in: response, status, host, limit: request.maximumResponseBytes)
        } catch {
            var error = error
            error.httpStatus = status
            error.correlationID = correlationID
            error.retryAfter = RetryAfter.seconds(response.head.headerFields, at: time.now)
            throw error
        }
    }

    /// The document in a response, or what is wrong with it; nothing of the body gets into the text.
    private static func document(
        in response: TransportResponse,
        _ status: Int,
        _ host: String,
        limit: Int
    ) throws(AuthenticationError) -> XMLDocument {
        if status == 429 || status == 503 { try check(status, of: host) }
        // Transports keep to the bound; one that does not is no reason to read so much.
        guard response.body.count <= limit else {
            throw AuthenticationError(
                .rejectedResponse,
                .responseTooLarge,
                "The answer of the federation server at \(host) is larger than accepted."
            )
        }
        let fault: String
        do throws(XMLDocument.Malformed) {
            let document = try XMLDocument(response.body)
            if status == 200 || document.root.name == .soap("Envelope") { return document }
            fault = "is no envelope of SOAP"
        } catch {
            fault = error.reason
        }
        if status >= 500 { try check(status, of: host) }
        throw AuthenticationError(
            .rejectedResponse,
            status == 200 ? .malformedDocument : .unexpectedStatus,
            "The federation server at \(host) answered with HTTP \(status) and a document that \(fault)."
        )
    }
}
