// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import MSALCore

/// A listener without a socket: browsers post to it in the same process.
final class ScriptedListener: LoopbackListener {
    private let posts = Mutex<AsyncStream<LoopbackPost>.Continuation?>(nil)
    private let obstacle: BrowserObstacle?
    private let uses = Counter()

    init(obstacle: BrowserObstacle? = nil) {
        self.obstacle = obstacle
    }

    /// How often somebody listened.
    var useCount: Int { uses.value }

    /// Whether somebody listens now.
    var isListening: Bool { posts.withLock { $0 != nil } }

    func withListener<Result: Sendable>(
        _ body: (String, AsyncStream<LoopbackPost>) async throws -> Result
    ) async throws -> Result {
        uses.next()
        if let obstacle { throw obstacle }
        let (stream, continuation) = AsyncStream.makeStream(of: LoopbackPost.self)
        posts.withLock { $0 = continuation }
        defer { posts.withLock { $0 = nil } }
        return try await body("http://localhost:5123", stream)
    }

    /// Posts a form, and waits for the reply.
    func post(_ form: String) async -> LoopbackReply? {
        let (replies, reply) = AsyncStream.makeStream(of: LoopbackReply.self)
        posts.withLock { posts in
            _ = posts?.yield(
                LoopbackPost(form: Secret(form)) {
                    reply.yield($0)
                    reply.finish()
                }
            )
        }
        return await replies.first { _ in true }
    }
}

/// Keeps what came, in order.
final class Record<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    /// Everything that came.
    var all: [Element] { elements.withLock { $0 } }

    /// Takes one in.
    func note(_ element: Element) {
        elements.withLock { $0.append(element) }
    }
}
