// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// What carries requests to the identity provider and to web APIs.
///
/// A transport verifies TLS, follows no redirect, keeps to the limits a request names, and throws when there is no
/// answer. Any status is an answer.
public protocol HTTPTransport: Sendable {
    /// Sends a request and returns its answer.
    ///
    /// - Parameter request: the request with its limits.
    /// - Returns: the answer, whatever its status.
    /// - Throws: ``TransportError`` when there is none, `CancellationError` when the task is cancelled.
    func send(_ request: TransportRequest) async throws -> TransportResponse
}

/// A request and the limits it must be answered in.
public struct TransportRequest: Sendable {
    /// Method, URL and fields.
    public var head: HTTPRequest
    /// The body; empty for none.
    public var body: [UInt8]
    /// How long everything together may take, from the connection to the last byte.
    public var timeout: Duration
    /// The largest body accepted in the answer, in bytes.
    public var maximumResponseBytes: Int

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - head: method, URL and fields.
    ///   - body: the body; empty for none.
    ///   - timeout: the limit for the whole exchange, 30 seconds unless told otherwise.
    ///   - maximumResponseBytes: the largest body accepted, one mebibyte unless told otherwise.
    public init(
        head: HTTPRequest,
        body: [UInt8] = [],
        timeout: Duration = .seconds(30),
        maximumResponseBytes: Int = 1 << 20
    ) {
        self.head = head
        self.body = body
        self.timeout = timeout
        self.maximumResponseBytes = maximumResponseBytes
    }
}

extension TransportRequest: CustomStringConvertible, CustomReflectable {
    /// The method and the host: fields, query and body hold secrets.
    public var description: String { "\(head.method) \(head.authority ?? "")" }

    /// A mirror with nothing in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// An answer.
public struct TransportResponse: Sendable {
    /// Status and fields.
    public var head: HTTPResponse
    /// The body.
    public var body: [UInt8]

    /// Creates an answer.
    public init(head: HTTPResponse, body: [UInt8] = []) {
        self.head = head
        self.body = body
    }
}

extension TransportResponse: CustomStringConvertible, CustomReflectable {
    /// The status: fields and body hold secrets.
    public var description: String { "HTTP \(head.status.code)" }

    /// A mirror with nothing in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a transport has no answer.
@nonexhaustive
public enum TransportError: Error, Sendable, Hashable {
    /// No connection could be made, so that nothing of the request was sent.
    case notConnected(String)
    /// The connection broke, or why there is no answer is not known: the request may have arrived.
    case unreachable(String)
    /// The limit of time passed.
    case timedOut
    /// The body was larger than allowed.
    case responseTooLarge
    /// TLS failed: the certificate is not trusted, or the protocol was broken.
    case tls(String)
    /// Plain http to a host that is not loopback.
    case insecure
}
