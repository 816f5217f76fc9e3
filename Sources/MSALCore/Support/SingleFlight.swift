// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets equal requests in flight share one answer.
///
/// A failure is handed to those who waited for it and forgotten. A cancelled waiter leaves without taking the others
/// along; the last one to leave cancels the work, unless it was begun by ``start(for:operation:)``.
package final class SingleFlight<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// Work that can still be joined.
    private struct Flight {
        var id: Int
        /// Whether it goes on when nobody waits for it.
        var isBackground: Bool
        var waiters: [Int: CheckedContinuation<Value, any Error>] = [:]
    }

    private struct State {
        var flights: [Key: Flight] = [:]
        /// The tasks that still run, by flight, those that were cancelled and can no longer be joined among them.
        var tasks: [Int: Task<Void, Never>] = [:]
        var lastID = 0

        mutating func makeID() -> Int {
            lastID += 1
            return lastID
        }
    }

    private let state = Mutex(State())

    package init() {}

    deinit {
        // Whoever waits keeps this object alive, so what still runs here runs in the background.
        state.withLock { Array($0.tasks.values) }.forEach { $0.cancel() }
    }

    /// Joins the flight for a key, or starts it.
    ///
    /// - Parameters:
    ///   - key: what makes two requests equal.
    ///   - operation: the work; it runs once for all who ask meanwhile, in a task of its own.
    /// - Returns: the work's answer.
    /// - Throws: what the work throws, or `CancellationError` when this waiter or all flights are cancelled.
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

    /// Starts a flight that nobody waits for, unless one is under way.
    ///
    /// It belongs to this object and ends with it. Others may join it, and may leave it without ending it.
    ///
    /// - Parameters:
    ///   - key: what makes two requests equal.
    ///   - operation: the work; it reports its own failure, which nobody else may see.
    /// - Returns: whether it was started; false when one is under way already.
    @discardableResult
    package func start(for key: Key, operation: @escaping @Sendable () async throws -> Value) -> Bool {
        state.withLock { state in
            guard state.flights[key] == nil else { return false }
            begin(key, isBackground: true, operation, &state)
            return true
        }
    }

    /// Cancels all work; whoever waits for it gets `CancellationError` at once.
    package func cancelAll() {
        let (waiters, tasks) = state.withLock { state in
            let waiters = state.flights.values.flatMap(\.waiters.values)
            state.flights = [:]
            return (waiters, Array(state.tasks.values))
        }
        tasks.forEach { $0.cancel() }
        waiters.forEach { $0.resume(throwing: CancellationError()) }
    }

    /// Waits until all work that is under way now has ended, cancelled work too; a cancelled task waits as well.
    package func drain() async {
        for task in state.withLock({ Array($0.tasks.values) }) {
            await task.value
        }
    }

    /// How many wait for a key just now.
    package func waiterCount(for key: Key) -> Int {
        state.withLock { $0.flights[key]?.waiters.count ?? 0 }
    }

    /// How many tasks run just now.
    package var runningCount: Int {
        state.withLock { $0.tasks.count }
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
            if state.flights[key] == nil {
                begin(key, isBackground: false, operation, &state)
            }
            state.flights[key]?.waiters[waiter] = continuation
        }
    }

    private func begin(
        _ key: Key,
        isBackground: Bool,
        _ operation: @escaping @Sendable () async throws -> Value,
        _ state: inout sending State
    ) {
        let id = state.makeID()
        // Owned through `tasks`. It must not keep its owner alive, or the owner's end could not cancel it.
        state.tasks[id] = Task { [weak self] in
            let result: Result<Value, any Error>
            do {
                result = .success(try await operation())
            } catch {
                result = .failure(error)
            }
            self?.land(key, id, result)
        }
        state.flights[key] = Flight(id: id, isBackground: isBackground)
    }

    private func land(_ key: Key, _ id: Int, _ result: Result<Value, any Error>) {
        let waiters = state.withLock { state -> [CheckedContinuation<Value, any Error>] in
            state.tasks[id] = nil
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
            if continuation != nil, let flight = state.flights[key], flight.waiters.isEmpty, !flight.isBackground {
                state.flights[key] = nil
                abandoned = state.tasks[flight.id]
            }
            return (continuation, abandoned)
        }
        abandoned?.cancel()
        continuation?.resume(throwing: CancellationError())
    }
}
