// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Dispatch
public import Logging
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Tokens in one sealed file, for command line tools: several processes of one machine may use it at once.
///
/// The whole file is written anew with every change, under a lock, beside the old one, whose place it takes when it is on
/// the disk. A process that is killed, or a power failure, therefore leaves the old content or the new. For a service with
/// many people take a database.
///
/// Names and values are sealed with the first key of the ring and opened with all of them. A file that was altered or cut
/// is moved aside under a name of its own, with a warning in the log and a line in ``damagedFiles``, and the store goes on
/// without it. A file sealed with a key that is not in the ring is an error, and stays as it is.
///
/// Beside the file `tokens` there may be `tokens.lock`, which is empty and must stay, `tokens.new`, which the next change
/// replaces, and `tokens.damaged-…`.
public final class EncryptedFileTokenStore: TokenStore {
    /// What was read or written last.
    private struct Snapshot: Sendable {
        /// Which writing of the file it is.
        var identity: PrivateFile.Identity
        /// What the file holds.
        var content: StoredPartitions
    }

    /// Where the file is.
    public let path: String

    /// The file.
    private let file: PrivateFile
    /// Seals and opens it.
    private let envelope: FileEnvelope
    /// Keeps other processes out while this one changes the file.
    private let lock: FileLock
    /// Keeps other tasks of this process out meanwhile, so that they need not try for the lock.
    private let turnstile = Turnstile<String>()
    /// What was read or written last.
    private let known = Mutex<Snapshot?>(nil)
    /// The files moved aside.
    private let damaged = Mutex<[String]>([])
    /// Waiting for the disk is done here and blocks no other task.
    private let disk = DispatchQueue(label: "swift-msal token file")
    /// What leases end by.
    private let time: any TimeSource
    /// Told about damaged files.
    private let logger: Logger

    /// A store in a file, which is made with the first write; its folder too.
    ///
    /// - Parameters:
    ///   - path: where the file is or shall be; not a symbolic link.
    ///   - keys: what seals it, for example ``KeyRing/file(at:)``.
    ///   - lockTimeout: how long to wait for another process that changes the file.
    ///   - time: what leases end by, and what is waited by.
    ///   - logger: told about damaged files.
    public init(
        path: String,
        keys: KeyRing,
        lockTimeout: Duration = .seconds(10),
        time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "msal.store", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.path = path
        file = PrivateFile(path: path)
        envelope = FileEnvelope(path: path, keys: keys)
        lock = FileLock(path: path + ".lock", timeout: lockTimeout, time: time)
        self.time = time
        self.logger = logger
    }

    /// The files that could not be read and were moved aside, in order; empty while all is well.
    public var damagedFiles: [String] { damaged.withLock { $0 } }

    /// The entries of a partition and its version.
    public func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens {
        try await content().read(partition, keys: keys)
    }

    /// Changes entries of a partition: all of them, or none.
    @discardableResult
    public func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) async throws -> TokenVersion? {
        try await change { $0.write(changes, to: partition, if: condition) }
    }

    /// Some of the partitions of a kind, ordered by name.
    public func partitions(
        _ kind: TokenPartition.Kind,
        after name: String?,
        limit: Int
    ) async throws -> [TokenPartition] {
        var content = try await content()
        return content.partitions(kind, after: name, limit: limit)
    }

    /// Takes out all entries that end before a moment.
    @discardableResult
    public func removeEntries(endingBefore moment: Date) async throws -> Int {
        try await change { $0.removeEntries(endingBefore: moment) }
    }

    /// Takes the lease on a partition, so that one process alone renews its tokens.
    public func takeLease(on partition: TokenPartition, as holder: String, for duration: Duration) async throws -> Bool
    {
        try await change { [time] content in
            let now = time.now
            return content.takeLease(on: partition, as: holder, until: now.adding(duration), at: now)
        }
    }

    /// Gives a lease back, if it is still held by the one who gives it.
    public func releaseLease(on partition: TokenPartition, as holder: String) async throws {
        _ = try await change { $0.releaseLease(on: partition, as: holder) }
    }

    // MARK: The file

    /// What the file holds now.
    private func content() async throws -> StoredPartitions {
        if let content = try load() { return content }
        // To move a file aside takes the lock: another process may just have done it, and written a new one.
        return try await turnstile.inTurn(path) { try await lock.withLock { try loadOrMoveAside() } }
    }

    /// Changes what the file holds.
    private func change<Result: Sendable>(
        _ body: (inout StoredPartitions) -> Result
    ) async throws -> Result {
        try await turnstile.inTurn(path) {
            try PrivateFile.makeFolder(file.folder)
            return try await lock.withLock {
                let before = try loadOrMoveAside()
                var after = before
                let result = body(&after)
                if after.lastVersion != before.lastVersion || after.leases != before.leases { try await save(after) }
                return result
            }
        }
    }

    /// What the file holds now; nil if it is damaged.
    private func load() throws -> StoredPartitions? {
        let known = known.withLock { $0 }
        guard let found = try file.read(unlike: known?.identity) else {
            // A version must not come back, not even when somebody has removed the file: no count begins where another did.
            return StoredPartitions(lastVersion: Int64.random(in: 0..<(1 << 62)))
        }
        guard let bytes = found.bytes else { return known?.content }
        guard let content = try envelope.open(bytes) else { return nil }
        self.known.withLock { $0 = Snapshot(identity: found.identity, content: content) }
        return content
    }

    /// What the file holds now; a damaged one is moved aside.
    ///
    /// Only who has the lock may call this.
    private func loadOrMoveAside() throws -> StoredPartitions {
        if let content = try load() { return content }
        let name = try file.moveAside(at: time.now)
        damaged.withLock { $0.append(name) }
        logger.warning(
            "A token file was altered or cut, and was moved aside.",
            metadata: ["msal.store.path": "\(path)", "msal.store.damaged": "\(name)"]
        )
        return StoredPartitions(lastVersion: Int64.random(in: 0..<(1 << 62)))
    }

    /// Writes the file.
    ///
    /// Only who has the lock may call this.
    private func save(_ content: StoredPartitions) async throws {
        let snapshot: Snapshot = try await withCheckedThrowingContinuation { continuation in
            disk.async { [file, envelope] in
                continuation.resume(
                    with: Result {
                        let identity = try file.replace(with: envelope.seal(content))
                        return Snapshot(identity: identity, content: content)
                    }
                )
            }
        }
        known.withLock { $0 = snapshot }
    }
}
