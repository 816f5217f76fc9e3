// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALCore
import NIOCore
import NIOHTTP1
import NIOPosix

/// The listener for interactive sign-in: on 127.0.0.1 and ::1, on one free port, never on another address.
public struct LoopbackServer: LoopbackListener {
    /// One connection of a browser.
    typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
    /// A socket that listens.
    private typealias Listening = NIOAsyncChannel<Connection, Never>

    /// How often a port is picked anew that is free on one of the two addresses only.
    private static let tries = 10

    /// Creates a listener; it listens while it is used.
    public init() {}

    /// Listens while some work runs.
    public func withListener<Result: Sendable>(
        _ body: (_ redirectURI: String, _ posts: AsyncStream<LoopbackPost>) async throws -> Result
    ) async throws -> Result {
        let (port, sockets) = try await bind()
        let (posts, continuation) = AsyncStream.makeStream(of: LoopbackPost.self)
        let reception = LoopbackReception(port: port, posts: continuation)
        // Not a child of this task, which may be cancelled: whoever waits for a reply gets one all the same, and no
        // connection is dropped half way. It ends with the sockets, below.
        let serving = Task {
            await withDiscardingTaskGroup { group in
                for socket in sockets {
                    group.addTask { await Self.serve(socket, reception) }
                }
            }
        }
        let result: Swift.Result<Result, any Error>
        do {
            result = .success(try await body("http://localhost:\(port)", posts))
        } catch {
            result = .failure(error)
        }
        for socket in sockets {
            socket.channel.close(promise: nil)
        }
        reception.end()
        await serving.value
        return try result.get()
    }

    /// Serves each connection by itself until the socket is closed.
    private static func serve(_ socket: Listening, _ reception: LoopbackReception) async {
        try? await socket.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await reception.serve(connection) }
                }
            }
        }
    }

    /// Listens on both loopback addresses, or on the one that the machine has.
    ///
    /// - Throws: `BrowserObstacle.noListener`.
    private func bind() async throws -> (port: Int, sockets: [Listening]) {
        for _ in 0..<Self.tries {
            guard let first = try? await listen("127.0.0.1", 0), let port = first.channel.localAddress?.port else {
                guard let only = try? await listen("::1", 0), let port = only.channel.localAddress?.port else { break }
                return (port, [only])
            }
            do {
                return (port, [first, try await listen("::1", port)])
            } catch let error as IOError where error.errnoCode == EADDRINUSE {
                // Somebody else has the port there, and would get what a browser sends to that `localhost`.
                try? await first.executeThenClose { _ in }
            } catch {
                // The machine has no IPv6.
                return (port, [first])
            }
        }
        throw BrowserObstacle.noListener
    }

    /// Listens on one address.
    private func listen(_ host: String, _ port: Int) async throws -> Listening {
        try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
    }
}
