// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Foundation
import GRDB
public import MSALCore

/// Tokens in a SQLite file, shared by all processes of one machine: one row an entry.
///
/// What it throws is an `AuthenticationError` with the code `storeUnavailable`, or a `CancellationError`.
public struct SQLiteTokenStore: TokenStore {
    /// The file.
    private let database: SQLiteDatabase
    /// What time it is for leases; all processes of one machine agree on it.
    private let time: any TimeSource

    /// How many entries are swept at a time, so that nobody waits long for the lock.
    private static let sweepSize = 500

    /// A store in a file.
    ///
    /// - Parameters:
    ///   - database: the file, which may hold sessions too.
    ///   - time: what time it is for leases.
    public init(database: SQLiteDatabase, time: any TimeSource = SystemTime()) {
        self.database = database
        self.time = time
    }

    /// The entries of a partition and its version, all of one moment.
    public func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens {
        try await database.read { database in
            guard let found = try Self.find(partition, in: database) else {
                return StoredTokens(entries: [], version: nil)
            }
            return StoredTokens(
                entries: try Self.entries(of: found.id, keys: keys, in: database),
                version: TokenVersion(rawValue: found.version)
            )
        }
    }

    /// Changes entries of a partition: all of them, or none.
    @discardableResult
    public func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) async throws -> TokenVersion? {
        try await database.write { database in
            let found = try Self.find(partition, in: database)
            if case .version(let expected) = condition, expected?.rawValue != found?.version { return nil }
            if changes.isEmpty, let found { return TokenVersion(rawValue: found.version) }
            let version = try Self.nextVersion(in: database)
            if let id = try Self.give(
                version,
                to: partition,
                found: found?.id,
                isFilled: !changes.put.isEmpty,
                in: database
            ) {
                try Self.make(changes, in: id, of: database)
            }
            return TokenVersion(rawValue: version)
        }
    }

    /// Some of the partitions of a kind, ordered by name.
    public func partitions(
        _ kind: TokenPartition.Kind,
        after name: String?,
        limit: Int
    ) async throws -> [TokenPartition] {
        try await database.read { database in
            let names = try database.rows(
                "SELECT name FROM msal_partition WHERE kind = ? AND name > ? ORDER BY name LIMIT ?",
                [kind.rawValue, name ?? "", max(0, limit)]
            )
            return try Array(names.map { TokenPartition(kind: kind, stored: try $0.text(0)) })
        }
    }

    /// Takes out all entries that end before a moment, some at a time.
    ///
    /// It forgets the leases that have ended, too.
    @discardableResult
    public func removeEntries(endingBefore moment: Date) async throws -> Int {
        let now = time.now
        try await database.write { database in
            try database.run("DELETE FROM msal_lease WHERE ends_on <= ?", [now.timeIntervalSince1970])
        }
        var count = 0
        while true {
            let removed = try await database.write { try Self.sweep(before: moment, in: $0) }
            count += removed
            if removed < Self.sweepSize { return count }
        }
    }

    /// Takes the lease on a partition, so that one process alone renews its tokens.
    public func takeLease(
        on partition: TokenPartition,
        as holder: String,
        for duration: Duration
    ) async throws -> Bool {
        let now = time.now
        return try await database.write { database in
            let lease = try database.row(
                "SELECT holder, taken_on, ends_on FROM msal_lease WHERE kind = ? AND name = ?",
                [partition.kind.rawValue, partition.name]
            )
            // A lease from the future was taken before somebody set the clock back.
            if let lease, try lease.text(0) != holder, try lease.moment(1) <= now, try now < lease.moment(2) {
                return false
            }
            try database.run(
                """
                INSERT OR REPLACE INTO msal_lease (kind, name, holder, taken_on, ends_on) VALUES (?, ?, ?, ?, ?)
                """,
                [
                    partition.kind.rawValue, partition.name, holder, now.timeIntervalSince1970,
                    now.timeIntervalSince1970 + duration.inSeconds,
                ]
            )
            return true
        }
    }

    /// Gives a lease back, if it is still held by the one who gives it.
    public func releaseLease(on partition: TokenPartition, as holder: String) async throws {
        try await database.write { database in
            try database.run(
                "DELETE FROM msal_lease WHERE kind = ? AND name = ? AND holder = ?",
                [partition.kind.rawValue, partition.name, holder]
            )
        }
    }
}

extension SQLiteTokenStore {
    /// A partition's row.
    private static func find(_ partition: TokenPartition, in database: Database) throws -> (id: Int64, version: Int64)?
    {
        try database.row(
            "SELECT id, version FROM msal_partition WHERE kind = ? AND name = ?",
            [partition.kind.rawValue, partition.name]
        ).map { try ($0.integer(0), $0.integer(1)) }
    }

    /// All entries of a partition, or those of some keys.
    private static func entries(of id: Int64, keys: [String]?, in database: Database) throws -> [StoredToken] {
        guard let keys else {
            return try Array(
                database.rows("SELECT key, value, ends_on FROM msal_token WHERE partition = ?", [id])
                    .map { try StoredToken(key: $0.text(0), value: $0.bytes(1), endsOn: $0.momentIfAny(2)) }
            )
        }
        return try Set(keys).compactMap { key in
            try database.row("SELECT value, ends_on FROM msal_token WHERE partition = ? AND key = ?", [id, key])
                .map { try StoredToken(key: key, value: $0.bytes(0), endsOn: $0.momentIfAny(1)) }
        }
    }

    /// A version that was never given: a count of all the writes to the file.
    private static func nextVersion(in database: Database) throws -> Int64 {
        try database.run("UPDATE msal_number SET value = value + 1 WHERE name = 'version'", [])
        guard let row = try database.row("SELECT value FROM msal_number WHERE name = 'version'", []) else {
            throw DatabaseError(resultCode: .SQLITE_ERROR, message: "msal_number has no version")
        }
        return try row.integer(0)
    }

    /// Gives a partition its new version, and makes it if it is to be filled.
    ///
    /// - Returns: its row; nil if there is none and none is needed.
    private static func give(
        _ version: Int64,
        to partition: TokenPartition,
        found id: Int64?,
        isFilled: Bool,
        in database: Database
    ) throws -> Int64? {
        if let id {
            try database.run("UPDATE msal_partition SET version = ? WHERE id = ?", [version, id])
            return id
        }
        guard isFilled else { return nil }
        try database.run(
            "INSERT INTO msal_partition (kind, name, version) VALUES (?, ?, ?)",
            [partition.kind.rawValue, partition.name, version]
        )
        return database.lastInsertedRowID
    }

    /// Makes the changes in a partition that exists, and takes it away if nothing is left.
    private static func make(_ changes: TokenChanges, in id: Int64, of database: Database) throws {
        for key in changes.remove {
            try database.run("DELETE FROM msal_token WHERE partition = ? AND key = ?", [id, key])
        }
        for entry in changes.put {
            try database.run(
                """
                INSERT INTO msal_token (partition, key, value, ends_on) VALUES (?, ?, ?, ?)
                ON CONFLICT (partition, key) DO UPDATE SET value = excluded.value, ends_on = excluded.ends_on
                """,
                [id, entry.key, Data(entry.value), entry.endsOn?.timeIntervalSince1970]
            )
        }
        if changes.put.isEmpty { try removeIfEmpty(id, in: database) }
    }

    /// Takes a partition away if it has no entries.
    private static func removeIfEmpty(_ id: Int64, in database: Database) throws {
        try database.run(
            "DELETE FROM msal_partition WHERE id = ? AND NOT EXISTS (SELECT 1 FROM msal_token WHERE partition = ?)",
            [id, id]
        )
    }

    /// Takes out some of the entries that end before a moment.
    private static func sweep(before moment: Date, in database: Database) throws -> Int {
        let rows = try database.rows(
            "SELECT id, partition FROM msal_token WHERE ends_on < ? LIMIT ?",
            [moment.timeIntervalSince1970, sweepSize]
        )
        let ended: [(id: Int64, partition: Int64)] = try Array(rows.map { try ($0.integer(0), $0.integer(1)) })
        for entry in ended { try database.run("DELETE FROM msal_token WHERE id = ?", [entry.id]) }
        for id in Set(ended.map(\.partition)) {
            try database.run(
                "UPDATE msal_partition SET version = ? WHERE id = ?",
                [nextVersion(in: database), id]
            )
            try removeIfEmpty(id, in: database)
        }
        return ended.count
    }
}
