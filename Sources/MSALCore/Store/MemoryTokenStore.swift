// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Tokens in the memory of this process: for tests, and for several applications of one process that share them.
///
/// It is not bounded, and gone when the process ends.
public final class MemoryTokenStore: TokenStore {
    /// Everything there is.
    private let content = Mutex(StoredPartitions())
    /// What leases end by.
    private let time: any TimeSource

    /// An empty store.
    ///
    /// - Parameter time: what leases end by; the machine's clock unless told otherwise.
    public init(time: any TimeSource = SystemTime()) {
        self.time = time
    }

    /// The entries of a partition and its version.
    public func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens {
        content.withLock { $0.read(partition, keys: keys) }
    }

    /// Changes entries of a partition: all of them, or none.
    @discardableResult
    public func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) async throws -> TokenVersion? {
        content.withLock { $0.write(changes, to: partition, if: condition) }
    }

    /// Some of the partitions of a kind, ordered by name.
    public func partitions(
        _ kind: TokenPartition.Kind,
        after name: String?,
        limit: Int
    ) async throws -> [TokenPartition] {
        content.withLock { $0.partitions(kind, after: name, limit: limit) }
    }

    /// Takes out all entries that end before a moment.
    @discardableResult
    public func removeEntries(endingBefore moment: Date) async throws -> Int {
        content.withLock { $0.removeEntries(endingBefore: moment) }
    }

    /// Takes the lease on a partition, so that one alone renews its tokens.
    public func takeLease(on partition: TokenPartition, as holder: String, for duration: Duration) async throws -> Bool
    {
        let now = time.now
        return content.withLock {
            $0.takeLease(on: partition, as: holder, until: now.adding(duration), at: now)
        }
    }

    /// Gives a lease back, if it is still held by the one who gives it.
    public func releaseLease(on partition: TokenPartition, as holder: String) async throws {
        _ = content.withLock { $0.releaseLease(on: partition, as: holder) }
    }
}
