// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets equal requests in flight share one answer.
///
/// A failure is handed to those who waited for it and forgotten. A cancelled waiter leaves without taking the others
/// along; the last one to leave cancels the work.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Flight {
        var id: Int
        var task: Task<Void, Never>?
        var waiters: [Int: CheckedContinuation<Value, any Error>] = [:]
    }

    private struct State {
        var flights: [Key: Flight] = [:]
        var lastID = 0

        mutating func makeID() -> Int {
            lastID += 1
            return lastID
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// Joins the flight for a key, or starts it.
    ///
    /// - Parameters:
    ///   - key: what makes two requests equal.
    ///   - operation: the work; it runs once for all who ask meanwhile, in a task of its own.
    /// - Returns: the work's answer.
    /// - Throws: what the work throws, or `CancellationError` when this waiter is cancelled.
    package func value(
        for key: Key,
        operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let waiter = state.withLock { $0.makeID() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                join(key, as: waiter, continuation, operation)
            }
        } onCancel: {
            leave(key, waiter)
        }
    }

    /// How many wait for a key just now.
    package func waiterCount(for key: Key) -> Int {
        state.withLock { $0.flights[key]?.waiters.count ?? 0 }
    }

    private func join(
        _ key: Key,
        as waiter: Int,
        _ continuation: CheckedContinuation<Value, any Error>,
        _ operation: @escaping @Sendable () async throws -> Value
    ) {
        state.withLock { state in
            // Inside the lock, so that a cancellation either is seen here or finds the waiter registered.
            if Task.isCancelled {
                continuation.resume(throwing: CancellationError())
                return
            }
            if state.flights[key] != nil {
                state.flights[key]?.waiters[waiter] = continuation
                return
            }
            let id = state.makeID()
            // The flight owns this task: it ends with the last waiter, or is cancelled by `leave`.
            let task = Task { [self] in
                let result: Result<Value, any Error>
                do {
                    result = .success(try await operation())
                } catch {
                    result = .failure(error)
                }
                land(key, id, result)
            }
            state.flights[key] = Flight(id: id, task: task, waiters: [waiter: continuation])
        }
    }

    private func land(_ key: Key, _ id: Int, _ result: Result<Value, any Error>) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
            guard let flight = state.flights[key], flight.id == id else { return [] }
            state.flights[key] = nil
            return Array(flight.waiters.values)
        }
        for waiter in waiters {
            waiter.resume(with: result)
        }
    }

    private func leave(_ key: Key, _ waiter: Int) {
        let (continuation, abandoned) = state.withLock { state in
            let continuation = state.flights[key]?.waiters.removeValue(forKey: waiter)
            var abandoned: Task<Void, Never>?
            if continuation != nil, state.flights[key]?.waiters.isEmpty == true {
                abandoned = state.flights.removeValue(forKey: key)?.task
            }
            return (continuation, abandoned)
        }
        abandoned?.cancel()
        continuation?.resume(throwing: CancellationError())
    }
}
