// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import Synchronization

/// Hands out a fixed number of things, each to one at a time; who comes when all are out waits in line, but not for ever.
final class WaitingLine<Item: Sendable>: Sendable {
    /// One who waits.
    private enum Waiter {
        /// In line, not suspended yet.
        case arrived
        /// In line and suspended.
        case suspended(CheckedContinuation<Item, any Error>)
        /// Out of the line before being suspended.
        case settled(Result<Item, any Error>)
    }

    /// What the lock guards.
    private struct State {
        /// What nobody has; the last one was used last.
        var idle: [Item]
        /// Those in line, the first first.
        var line: [Int] = []
        /// Those in line or not suspended yet.
        var waiters: [Int: Waiter] = [:]
        /// Counts those who waited.
        var lastID = 0
    }

    private let state: Mutex<State>
    /// How many may wait.
    private let capacity: Int
    /// How long one may wait.
    private let limit: Duration
    /// What the time is.
    private let time: any TimeSource

    /// What somebody gets at first.
    private enum Entry {
        /// A thing.
        case item(Item)
        /// A number in line.
        case waiting(Int)
    }

    /// Why somebody got nothing.
    enum Refusal: Error {
        /// Too many wait already.
        case full
        /// Nothing came free in time.
        case tookTooLong
    }

    /// A line for things.
    init(for items: [Item], capacity: Int, limit: Duration, time: any TimeSource) {
        state = Mutex(State(idle: items))
        self.capacity = capacity
        self.limit = limit
        self.time = time
    }

    /// How many wait just now.
    var waitingCount: Int { state.withLock { $0.line.count } }

    /// How many things nobody has just now.
    var idleCount: Int { state.withLock { $0.idle.count } }

    /// Takes one thing.
    ///
    /// - Throws: `Refusal`, or `CancellationError`: a cancelled caller leaves the line at once.
    func take() async throws -> Item {
        try Task.checkCancellation()
        let entry = try state.withLock { state -> Entry in
            // Somebody in line was there first.
            if state.line.isEmpty, let item = state.idle.popLast() { return .item(item) }
            guard state.line.count < capacity else { throw Refusal.full }
            state.lastID += 1
            state.line.append(state.lastID)
            state.waiters[state.lastID] = .arrived
            return .waiting(state.lastID)
        }
        switch entry {
        case .item(let item): return item
        case .waiting(let id): return try await wait(as: id)
        }
    }

    /// Gives a thing back; the first in line has it next.
    func giveBack(_ item: Item) {
        let next = state.withLock { state -> CheckedContinuation<Item, any Error>? in
            guard !state.line.isEmpty else {
                state.idle.append(item)
                return nil
            }
            let id = state.line.removeFirst()
            return Self.settle(id, with: .success(item), in: &state)
        }
        next?.resume(returning: item)
    }

    /// Waits in line.
    private func wait(as id: Int) async throws -> Item {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask {
                try await self.time.sleep(for: self.limit)
                self.leave(id, because: Refusal.tookTooLong)
            }
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    let settled = self.state.withLock { state -> Result<Item, any Error>? in
                        if case .settled(let result) = state.waiters[id] {
                            state.waiters[id] = nil
                            return result
                        }
                        state.waiters[id] = .suspended(continuation)
                        return nil
                    }
                    if let settled { continuation.resume(with: settled) }
                }
            } onCancel: {
                self.leave(id, because: CancellationError())
            }
        }
    }

    /// Takes somebody out of the line, if still there.
    private func leave(_ id: Int, because reason: any Error) {
        let waiter = state.withLock { state -> CheckedContinuation<Item, any Error>? in
            guard let position = state.line.firstIndex(of: id) else { return nil }
            state.line.remove(at: position)
            return Self.settle(id, with: .failure(reason), in: &state)
        }
        waiter?.resume(throwing: reason)
    }

    /// Notes the outcome of one who left the line, and says whom to wake.
    private static func settle(
        _ id: Int,
        with result: Result<Item, any Error>,
        in state: inout State
    ) -> CheckedContinuation<Item, any Error>? {
        guard case .suspended(let continuation) = state.waiters[id] else {
            state.waiters[id] = .settled(result)
            return nil
        }
        state.waiters[id] = nil
        return continuation
    }
}
