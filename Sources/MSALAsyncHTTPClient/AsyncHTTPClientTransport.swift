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
/// All transports of a process that need nothing special share one client and its connections; one with a proxy, with
/// other trusted authorities or with a client certificate has its own. There is nothing to shut down. Proxies that the
/// environment names (`HTTPS_PROXY`) are not used by themselves.
public struct AsyncHTTPClientTransport: HTTPTransport {
    /// What sends the requests; copies of a transport share it.
    private let client: OwnedHTTPClient

    /// Creates a transport that needs nothing special.
    public init() {
        client = .shared
    }

    /// Creates a transport with connections of its own.
    ///
    /// - Parameters:
    ///   - proxy: what all connections go through; none unless told otherwise.
    ///   - trust: whose certificates of servers are trusted; the system's authorities unless told otherwise.
    ///   - clientCertificate: what connections prove themselves with where a server asks (RFC 8705 §2); none unless told
    ///     otherwise. Its key has to be in it.
    /// - Throws: `AuthenticationError` of kind `misconfigured`, with what is wrong and how to mend it.
    public init(
        proxy: HTTPProxy? = nil,
        trust: ServerTrust = .system,
        clientCertificate: ClientCertificate? = nil
    ) throws(AuthenticationError) {
        var tls = TLSConfiguration.makeClientConfiguration()
        try trust.apply(to: &tls)
        try clientCertificate?.apply(to: &tls)
        client = OwnedHTTPClient(tls: tls, proxy: proxy)
    }

    /// Sends a request and collects its answer.
    public func send(_ request: TransportRequest) async throws -> TransportResponse {
        let outgoing = try Self.outgoing(request)
        do {
            return try await withThrowingTaskGroup(of: TransportResponse.self) { group in
                defer { group.cancelAll() }
                group.addTask { try await exchange(outgoing, request) }
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

    private func exchange(
        _ outgoing: HTTPClientRequest,
        _ request: TransportRequest
    ) async throws -> TransportResponse {
        let response = try await client.client.execute(outgoing, timeout: TimeAmount(request.timeout))
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
