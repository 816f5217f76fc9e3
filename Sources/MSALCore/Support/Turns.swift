// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets one task at a time do something that suspends; the others wait in the order they came.
final class Turns: Sendable {
    /// Who is at it and who waits.
    private struct State {
        /// Whether somebody is at it.
        var isTaken = false
        /// Names waiting tasks.
        var lastID = 0
        /// Those who wait, in order.
        var waiting: [(id: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    /// Who is at it and who waits.
    private let state = Mutex(State())

    /// Does something when it is this task's turn.
    ///
    /// - Throws: `CancellationError` when the task is cancelled before its turn, and what `body` throws.
    func withTurn<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await wait()
        defer { pass() }
        return try await body()
    }

    /// Waits for this task's turn.
    private func wait() async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                state.withLock { state in
                    if Task.isCancelled {
                        continuation.resume(throwing: CancellationError())
                    } else if state.isTaken {
                        state.waiting.append((id, continuation))
                    } else {
                        state.isTaken = true
                        continuation.resume()
                    }
                }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
            }
            waiting?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Lets the next one in.
    private func pass() {
        let next = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            guard !state.waiting.isEmpty else {
                state.isTaken = false
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume()
    }
}
