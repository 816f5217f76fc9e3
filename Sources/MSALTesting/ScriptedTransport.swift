// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import MSALCore
import Synchronization

/// A transport that answers from a script and remembers what it was asked.
public final class ScriptedTransport: HTTPTransport {
    private let answer: @Sendable (TransportRequest) async throws -> TransportResponse
    private let log = Mutex<[TransportRequest]>([])

    /// Creates a transport.
    ///
    /// - Parameter answer: the script; what it throws is thrown to the client. Nobody is there unless told otherwise.
    public init(
        _ answer: @escaping @Sendable (TransportRequest) async throws -> TransportResponse = { request in
            throw TransportError.unreachable(request.head.authority ?? "")
        }
    ) {
        self.answer = answer
    }

    /// What was asked, in order.
    public var requests: [TransportRequest] {
        log.withLock { $0 }
    }

    /// What was asked of one path.
    public func requests(to path: String) -> [TransportRequest] {
        requests.filter { $0.head.path?.prefix { $0 != "?" } == path[...] }
    }

    /// Notes the request and answers from the script.
    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        log.withLock { $0.append(request) }
        let response = try await answer(request)
        guard response.body.count <= request.maximumResponseBytes else { throw TransportError.responseTooLarge }
        return response
    }
}

extension TransportResponse {
    /// An answer with a JSON body.
    public static func json(_ text: String, status: HTTPResponse.Status = .ok) -> TransportResponse {
        var head = HTTPResponse(status: status)
        head.headerFields[.contentType] = "application/json; charset=utf-8"
        return TransportResponse(head: head, body: Array(text.utf8))
    }
}
