// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets one task through at a time for each key, in the order they came.
///
/// A key that nobody uses costs nothing. A turn inside a turn of the same key would wait for ever.
package final class Turnstile<Key: Hashable & Sendable>: Sendable {
    /// Somebody in front of the turnstile.
    private struct Waiter {
        var ticket: Int
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        /// Who waits, for each key that somebody is through for.
        var queues: [Key: [Waiter]] = [:]
        var lastTicket = 0
    }

    private let state = Mutex(State())

    package init() {}

    /// Runs an operation in turn: alone for its key, after those who asked before.
    ///
    /// - Parameters:
    ///   - key: operations of different keys do not wait for one another.
    ///   - operation: the work, on the caller's own executor.
    /// - Returns: what the work returns.
    /// - Throws: what the work throws, or `CancellationError` when the task is cancelled before its turn came.
    package func inTurn<Value>(_ key: Key, _ operation: () async throws -> Value) async throws -> Value {
        try await enter(key)
        defer { leave(key) }
        return try await operation()
    }

    /// How many wait for a key just now.
    package func waiterCount(for key: Key) -> Int {
        state.withLock { $0.queues[key]?.count ?? 0 }
    }

    /// How many keys somebody is through for.
    package var keyCount: Int {
        state.withLock { $0.queues.count }
    }

    private func enter(_ key: Key) async throws {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                queue(Waiter(ticket: ticket, continuation: continuation), for: key)
            }
        } onCancel: {
            remove(ticket, from: key)?.resume(throwing: CancellationError())
        }
    }

    private func queue(_ waiter: Waiter, for key: Key) {
        state.withLock { state in
            // Inside the lock, so that a cancellation either is seen here or finds the waiter in the queue.
            if Task.isCancelled {
                waiter.continuation.resume(throwing: CancellationError())
            } else if state.queues[key] == nil {
                state.queues[key] = []
                waiter.continuation.resume()
            } else {
                state.queues[key]?.append(waiter)
            }
        }
    }

    private func remove(_ ticket: Int, from key: Key) -> CheckedContinuation<Void, any Error>? {
        state.withLock { state in
            guard let place = state.queues[key]?.firstIndex(where: { $0.ticket == ticket }) else { return nil }
            return state.queues[key]?.remove(at: place).continuation
        }
    }

    private func leave(_ key: Key) {
        let next = state.withLock { state -> Waiter? in
            if state.queues[key]?.isEmpty == false { return state.queues[key]?.removeFirst() }
            state.queues[key] = nil
            return nil
        }
        next?.continuation.resume()
    }
}
