// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import MSALCore

@Suite struct TurnsTests {
    @Test func oneAtATimeIsLetIn() async throws {
        let turns = Turns()
        let inside = Count()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    try await turns.withTurn {
                        inside.enter()
                        for _ in 0..<10 { await Task.yield() }
                        inside.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.most == 1)
        #expect(inside.all == 64)
    }

    @Test func whoThrowsLetsTheNextOneIn() async throws {
        let turns = Turns()
        await #expect(throws: CancellationError.self) { try await turns.withTurn { throw CancellationError() } }
        #expect(try await turns.withTurn { 7 } == 7)
    }
}

/// Counts who is inside.
private final class Count: Sendable {
    private let state = Mutex((now: 0, most: 0, all: 0))

    /// How many were inside at once.
    var most: Int { state.withLock { $0.most } }

    /// How many were inside in all.
    var all: Int { state.withLock { $0.all } }

    /// One more.
    func enter() {
        state.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.all + 1) }
    }

    /// One fewer.
    func leave() {
        state.withLock { $0.now -= 1 }
    }
}
