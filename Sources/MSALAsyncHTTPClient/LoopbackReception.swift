// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALCore
import NIOCore
import NIOHTTP1
import Synchronization

/// Takes in what browsers send to a ``LoopbackServer``, and hands on the forms that may be the provider's answer.
final class LoopbackReception: Sendable {
    /// The longest body that is handed on.
    static let maximumBody = AuthorizationResponse.maximumLength
    /// The longest body that is read to its end, so that its sender sees why it was refused.
    private static let maximumDiscarded = 1_048_576
    /// How many connections are open at once at most.
    private static let maximumConnections = 64
    /// How long a request may take to arrive.
    private static let patience = TimeAmount.seconds(15)

    /// Where a connection is.
    private enum Stage {
        /// Its request is being read.
        case reading(any Channel)
        /// Its form was handed on.
        case waiting(AsyncStream<LoopbackReply>.Continuation)
        /// It is being replied to.
        case replying
    }

    /// What changes.
    private struct State {
        /// The connections by number.
        var connections: [Int: Stage] = [:]
        /// The number of the connection that came last.
        var last = 0
        /// Whether the sign-in is over.
        var isOver = false
    }

    /// The port that browsers reach it by.
    private let port: Int
    /// Where forms are handed on.
    private let posts: AsyncStream<LoopbackPost>.Continuation
    /// The connections.
    private let state = Mutex(State())

    /// A reception that hands forms on.
    init(port: Int, posts: AsyncStream<LoopbackPost>.Continuation) {
        self.port = port
        self.posts = posts
    }

    /// Ends it: what is being read is cut off, who waits for a reply is told that the sign-in is over.
    func end() {
        let connections = state.withLock { state in
            state.isOver = true
            return state.connections.values
        }
        posts.finish()
        for connection in connections {
            switch connection {
            case .reading(let channel): channel.close(promise: nil)
            case .waiting(let reply): reply.finish()
            case .replying: break
            }
        }
    }

    /// Reads the one request of a connection, replies, and closes it.
    func serve(_ connection: LoopbackServer.Connection) async {
        let number = state.withLock { state -> Int? in
            guard !state.isOver, state.connections.count < Self.maximumConnections else { return nil }
            state.last += 1
            state.connections[state.last] = .reading(connection.channel)
            return state.last
        }
        defer { if let number { _ = state.withLock { $0.connections.removeValue(forKey: number) } } }
        let patience = connection.channel.eventLoop.scheduleTask(in: Self.patience) {
            connection.channel.close(promise: nil)
        }
        try? await connection.executeThenClose { parts, outbound in
            guard let number, let request = try await Self.read(parts) else { return }
            patience.cancel()
            let page = await page(for: request, number)
            try await outbound.write(.head(page.head))
            if request.head.method != .HEAD {
                try await outbound.write(.body(.byteBuffer(ByteBuffer(string: page.html))))
            }
            try await outbound.write(.end(nil))
        }
        patience.cancel()
    }

    /// A request with as much of its body as is looked at; nil if the connection ended before it did.
    private static func read(
        _ parts: NIOAsyncChannelInboundStream<HTTPServerRequestPart>
    ) async throws -> (head: HTTPRequestHead, body: [UInt8], length: Int)? {
        var head: HTTPRequestHead?
        var body: [UInt8] = []
        var length = 0
        for try await part in parts {
            switch part {
            case .head(let value):
                head = value
            case .body(let bytes):
                length += bytes.readableBytes
                if length <= maximumBody { body += bytes.readableBytesView }
                guard length <= maximumDiscarded else { return head.map { ($0, [], length) } }
            case .end:
                return head.map { ($0, body, length) }
            }
        }
        return nil
    }

    /// What a request is replied with: a form waits for the verdict on it, all else is refused at once.
    private func page(for request: (head: HTTPRequestHead, body: [UInt8], length: Int), _ number: Int) async
        -> LoopbackPage
    {
        let head = request.head
        // A page elsewhere whose name leads to this machine must not get through (DNS rebinding).
        guard let host = head.headers["host"].first?.lowercased(),
            ["localhost", "127.0.0.1", "[::1]"].contains(where: { host == "\($0):\(port)" })
        else { return .refusal(.badRequest, "This address is for one sign-in only.") }
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.first == "/" else { return .refusal(.notFound, "There is nothing here.") }
        guard head.method == .POST else {
            return head.method == .GET || head.method == .HEAD
                ? .refusal(.badRequest, "The answer to a sign-in must come as a posted form.")
                : .refusal(.methodNotAllowed, "The answer to a sign-in must come as a posted form.")
        }
        let type = head.headers["content-type"].first?.split(separator: ";").first?.lowercased()
        guard type?.trimmingSpaces() == "application/x-www-form-urlencoded" else {
            return .refusal(.unsupportedMediaType, "The answer to a sign-in must come as a posted form.")
        }
        guard request.length <= Self.maximumBody else { return .refusal(.contentTooLarge, "The form is too long.") }
        guard let form = String(validating: request.body, as: UTF8.self) else { return LoopbackPage(.foreign) }
        let (replies, reply) = AsyncStream.makeStream(of: LoopbackReply.self)
        let isOver = state.withLock { state in
            if !state.isOver { state.connections[number] = .waiting(reply) }
            return state.isOver
        }
        guard !isOver else { return LoopbackPage(.over) }
        posts.yield(
            LoopbackPost(form: Secret(form)) { verdict in
                reply.yield(verdict)
                reply.finish()
            }
        )
        let verdict = await replies.first { _ in true }
        state.withLock { $0.connections[number] = .replying }
        return LoopbackPage(verdict ?? .over)
    }
}
