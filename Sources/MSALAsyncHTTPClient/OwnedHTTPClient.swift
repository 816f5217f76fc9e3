// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

/// A client that is shut down with the last transport that uses it.
final class OwnedHTTPClient: Sendable {
    /// The client of all transports that need nothing special; it lives as long as the process.
    static let shared = OwnedHTTPClient(tls: .makeClientConfiguration(), proxy: nil)

    /// The client itself.
    let client: HTTPClient

    /// Makes a client on the event loops that the whole process shares.
    init(tls: TLSConfiguration, proxy: HTTPProxy?) {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls,
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(10)),
            proxy: proxy?.configuration,
            decompression: .disabled
        )
        // A connection to a server that was restarted is found dead by the next request; do not keep many for long.
        configuration.connectionPool.idleTimeout = .seconds(30)
        // A provider that is down is told at once; who waits decides whether to try again.
        configuration.connectionPool.retryConnectionEstablishment = false
        // The reader of HTTP/2 below takes any number for a status and traps on one that is none; that of HTTP/1 takes three
        // digits. A provider is asked seldom enough not to miss the difference.
        configuration.httpVersion = .http1Only
        // The core has spans of its own; a provider is told nothing of the caller's traces.
        configuration.tracing.tracer = nil
        // Sockets on every system: on Apple's, its own network stack takes neither authorities nor certificates of ours.
        client = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            configuration: configuration
        )
    }

    deinit {
        // No request is under way: each holds its transport. The client keeps itself alive until its sockets are closed.
        client.shutdown { _ in }
    }
}
