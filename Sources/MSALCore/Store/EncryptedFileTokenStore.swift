// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Dispatch
public import Logging
import Metrics
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
/// Each entry is a line of its own, names and values sealed with the first key of the ring and opened with all of them. A
/// line that was altered, cut, doubled or taken from an older writing of the file is skipped, with a warning in the log and
/// in ``damagedLines``, and all others are served. Before the next change drops it, the file is kept under another name
/// (``damagedFiles``). That lines are missing is seen too; only an older file put back as a whole looks like what it was.
///
/// A file that is none of ours, of a later version, or sealed with a key that is not in the ring is an error, and stays as
/// it is. Since every writing is sealed with one key, a single line that names another one is damage: it is neither served
/// nor written again, but is still in the file that is kept.
///
/// Beside the file `tokens` there may be `tokens.lock`, which is empty and must stay, `tokens.new`, which the next change
/// replaces, and `tokens.damaged-…`.
public final class EncryptedFileTokenStore: TokenStore {
    /// What was read or written last.
    private struct Snapshot: Sendable {
        /// Which writing of the file it is.
        var identity: PrivateFile.Identity
        /// What the file holds.
        var content: FileEnvelope.Content
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
    /// How many lines were damaged, and which files were kept for that.
    private let damage = Mutex<(lines: Int, files: [String])>((0, []))
    /// Counts damaged lines.
    private let damageCounter = Counter(label: MSALMetrics.damagedLines.name)
    /// Waiting for the disk is done here and blocks no other task.
    private let disk = DispatchQueue(label: "swift-msal token file")
    /// What leases end by.
    private let time: any TimeSource
    /// Told about damage.
    private let logger: Logger

    /// A store in a file, which is made with the first write; its folder too.
    ///
    /// - Parameters:
    ///   - path: where the file is or shall be; not a symbolic link.
    ///   - keys: what seals it, for example ``KeyRing/file(at:)``.
    ///   - lockTimeout: how long to wait for another process that changes the file.
    ///   - time: what leases end by, and what is waited by.
    ///   - logger: told about damage.
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

    /// How many lines were skipped, each writing of the file counted once; 0 while all is well.
    public var damagedLines: Int { damage.withLock { $0.lines } }

    /// The files with damaged lines that this store has kept, in order; empty while all is well.
    public var damagedFiles: [String] { damage.withLock { $0.files } }

    /// The entries of a partition and its version.
    public func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens {
        try load().partitions.read(partition, keys: keys)
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
        var content = try load().partitions
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

    /// Changes what the file holds.
    private func change<Result: Sendable>(
        _ body: (inout StoredPartitions) -> Result
    ) async throws -> Result {
        try await turnstile.inTurn(path) {
            try PrivateFile.makeFolder(file.folder)
            return try await lock.withLock {
                let before = try load()
                var after = before.partitions
                let result = body(&after)
                if after.lastVersion == before.partitions.lastVersion {
                    guard after.leases != before.partitions.leases else { return result }
                    // Of two writings of the file the newer one has the greater version.
                    after.lastVersion += 1
                }
                if before.damagedLines > 0 { try keepDamaged() }
                try await save(after)
                return result
            }
        }
    }

    /// What the file holds now.
    private func load() throws -> FileEnvelope.Content {
        let known = known.withLock { $0 }
        guard let found = try file.read(unlike: known?.identity) else {
            return FileEnvelope.Content(partitions: .new())
        }
        if let known, found.bytes == nil { return known.content }
        let content = try envelope.open(found.bytes ?? [])
        remember(Snapshot(identity: found.identity, content: content))
        return content
    }

    /// Keeps what was read, and tells of damage that nobody has told of yet.
    private func remember(_ snapshot: Snapshot) {
        let isNews = known.withLock { known in
            defer { known = snapshot }
            return known?.identity != snapshot.identity
        }
        let count = snapshot.content.damagedLines
        guard isNews, count > 0 else { return }
        damage.withLock { $0.lines += count }
        damageCounter.increment(by: count)
        logger.warning(
            "Lines of a token file were altered or are missing. All others are served.",
            metadata: ["msal.store.path": "\(path)", "msal.store.damaged_lines": "\(count)"]
        )
    }

    /// Keeps a file with damaged lines under another name, since what is written next does not have them.
    ///
    /// Only who has the lock may call this.
    private func keepDamaged() throws {
        guard let name = try file.keepDamaged(at: time.now) else { return }
        damage.withLock { $0.files.append(name) }
        logger.info(
            "A token file with damaged lines was kept under another name.",
            metadata: ["msal.store.path": "\(path)", "msal.store.damaged": "\(name)"]
        )
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
                        return Snapshot(identity: identity, content: FileEnvelope.Content(partitions: content))
                    }
                )
            }
        }
        known.withLock { $0 = snapshot }
    }
}
