// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import HTTPTypes
public import MSALCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The transport on async-http-client: TLS verified, no redirect followed, bounded in time and size.
///
/// All transports of a process share one client and its connections; there is nothing to shut down.
public struct AsyncHTTPClientTransport: HTTPTransport {
    /// Lives as long as the process, on the event loops that the whole process shares.
    private static let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)

    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            certificateVerification: .fullVerification,
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10)),
            decompression: .disabled
        )
        // A connection to a server that was restarted is found dead by the next request; do not keep many for long.
        configuration.connectionPool.idleTimeout = .seconds(30)
        // A provider that is down is told at once; who waits decides whether to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Creates the transport.
    public init() {}

    /// Sends a request and collects its answer.
    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        let outgoing = try Self.outgoing(request)
        do {
            return try await withThrowingTaskGroup(of: TransportResponse.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await Self.exchange(outgoing, request) }
                // The client's own deadline ends with the head of the answer; this one bounds its body too.
                group.addTask {
                    try await Task.sleep(for: request.timeout)
                    throw TransportError.timedOut
                }
                guard let response = try await group.next() else { throw TransportError.timedOut }
                return response
            }
        } catch {
            try Task.checkCancellation()
            throw Self.transportError(error)
        }
    }

    private static func outgoing(_ request: TransportRequest) throws(TransportError) -> HTTPClientRequest {
        let head = request.head
        guard let endpoint = Endpoint(of: head) else { throw .insecure }
        var outgoing = HTTPClientRequest(url: endpoint.url)
        outgoing.method = HTTPMethod(rawValue: head.method.rawValue)
        for field in head.headerFields {
            outgoing.headers.add(name: field.name.rawName, value: field.value)
        }
        if !request.body.isEmpty {
            outgoing.body = .bytes(request.body)
        }
        return outgoing
    }

    private static func exchange(
        _ outgoing: HTTPClientRequest,
        _ request: TransportRequest
    ) async throws -> TransportResponse {
        let response = try await client.execute(outgoing, timeout: TimeAmount(request.timeout))
        var head = HTTPResponse(status: HTTPResponse.Status(code: Int(response.status.code)))
        for (name, value) in response.headers {
            guard let name = HTTPField.Name(name) else { continue }
            head.headerFields.append(HTTPField(name: name, value: value))
        }
        let body = try await response.body.collect(upTo: request.maximumResponseBytes)
        return TransportResponse(head: head, body: [UInt8](body.readableBytesView))
    }

    private static func transportError(_ error: any Error) -> TransportError {
        switch error {
        case let error as TransportError: error
        case is NIOTooManyBytesError: .responseTooLarge
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: .tls(String(describing: error))
        case is NIOConnectionError: .notConnected(String(describing: error))
        case let error as HTTPClientError where connecting.contains(error): .notConnected(String(describing: error))
        case let error as HTTPClientError where timeouts.contains(error): .timedOut
        default: .unreachable(String(describing: error))
        }
    }

    /// What happens before there is a connection that a request could go over.
    private static let connecting: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout,
    ]

    /// What happens when a request may have gone out.
    private static let timeouts: [HTTPClientError] = [.deadlineExceeded, .readTimeout, .writeTimeout]
}

extension HTTPTransport where Self == AsyncHTTPClientTransport {
    /// The transport on async-http-client.
    public static var asyncHTTPClient: AsyncHTTPClientTransport { AsyncHTTPClientTransport() }
}
