// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import Synchronization

/// A store in memory that a test can switch off, as a whole or operation by operation, and that counts what it is asked.
final class SwitchedTokenStore: TokenStore {
    /// What a store is asked for.
    enum Operation: Hashable, CaseIterable {
        case read, write, list, sweep, takeLease, releaseLease
    }

    private struct State {
        var off: Set<Operation> = []
        var counts: [Operation: Int] = [:]
        var beforeWrite: (@Sendable () async -> Void)?
    }

    let store: MemoryTokenStore
    private let state = Mutex(State())

    init(time: any TimeSource) {
        store = MemoryTokenStore(time: time)
    }

    /// Switches operations off; the others are on.
    func switchOff(_ operations: Set<Operation>) {
        state.withLock { $0.off = operations }
    }

    /// Runs something once, right before the next write.
    func beforeNextWrite(_ action: @escaping @Sendable () async -> Void) {
        state.withLock { $0.beforeWrite = action }
    }

    /// How often an operation was asked for.
    func count(_ operation: Operation) -> Int {
        state.withLock { $0.counts[operation] ?? 0 }
    }

    private func begin(_ operation: Operation) throws {
        let isOff = state.withLock { state in
            state.counts[operation, default: 0] += 1
            return state.off.contains(operation)
        }
        if isOff { throw AuthenticationError(.transient, .storeUnavailable, "The store is switched off.") }
    }

    func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens {
        try begin(.read)
        return try await store.read(partition, keys: keys)
    }

    func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) async throws -> TokenVersion? {
        let action = state.withLock { state in
            let action = state.beforeWrite
            state.beforeWrite = nil
            return action
        }
        await action?()
        try begin(.write)
        return try await store.write(changes, to: partition, if: condition)
    }

    func partitions(_ kind: TokenPartition.Kind, after name: String?, limit: Int) async throws -> [TokenPartition] {
        try begin(.list)
        return try await store.partitions(kind, after: name, limit: limit)
    }

    func removeEntries(endingBefore moment: Date) async throws -> Int {
        try begin(.sweep)
        return try await store.removeEntries(endingBefore: moment)
    }

    func takeLease(on partition: TokenPartition, as holder: String, for duration: Duration) async throws -> Bool {
        try begin(.takeLease)
        return try await store.takeLease(on: partition, as: holder, for: duration)
    }

    func releaseLease(on partition: TokenPartition, as holder: String) async throws {
        try begin(.releaseLease)
        try await store.releaseLease(on: partition, as: holder)
    }
}
