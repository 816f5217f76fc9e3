// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Foundation
import GRDB
public import Logging
public import MSALCore
public import MSALWeb
import Synchronization

/// Sessions in a SQLite file, sealed: they outlive the process, and all processes of one machine share them.
///
/// Whoever reads the file learns how many sessions there are and when they end, but not whose they are. A session that
/// no key opens, or whose row was altered, counts as none.
///
/// What it throws is an `AuthenticationError` with the code `storeUnavailable`, or a `CancellationError`.
public final class SQLiteSessionStore: SessionStore {
    /// The file.
    private let database: SQLiteDatabase
    /// What seals and opens sessions.
    private let sealer: SessionSealer
    /// Where rows that cannot be opened are noted.
    private let logger: Logger
    /// When ended rows are looked for again.
    private let nextSweep = Mutex(Date.distantPast)

    /// How often ended rows are looked for, in seconds.
    private static let sweepInterval: TimeInterval = 60
    /// How many of them are taken out at a time, so that nobody waits long for the lock.
    private static let sweepSize = 1_000

    /// A store in a file.
    ///
    /// - Parameters:
    ///   - database: the file, which may hold tokens too.
    ///   - keys: what seals sessions; the same in all processes.
    ///   - logger: where sessions that cannot be opened are noted, without what they hold.
    public init(
        database: SQLiteDatabase,
        keys: KeyRing,
        logger: Logger = Logger(label: "msal.sqlite", factory: { _ in SwiftLogNoOpLogHandler() })
    ) {
        self.database = database
        sealer = SessionSealer(keys: keys)
        self.logger = logger
    }

    /// The session of a key, unless it has ended.
    public func session(for key: SessionKey, at now: Date) async throws -> SessionRecord? {
        let row = try await database.read { database in
            try database.row(
                "SELECT version, last_seen_on, ends_on, value FROM msal_session WHERE key = ? AND ends_on > ?",
                [key.rawValue, now.timeIntervalSince1970]
            )
            .map {
                try SealedSession(
                    version: Int($0.integer(0)),
                    lastSeenAt: $0.moment(1),
                    expiresAt: $0.moment(2),
                    sealed: $0.bytes(3)
                )
            }
        }
        guard let row else { return nil }
        if let record = sealer.open(row, for: key) { return record }
        logger.warning(
            "A stored session could not be opened and was removed",
            metadata: ["msal.cause": "altered, or sealed with a key that is not in the key ring"]
        )
        // Only what was read: somebody may have written a good one meanwhile.
        try await database.write { database in
            try database.run(
                "DELETE FROM msal_session WHERE key = ? AND value = ?",
                [key.rawValue, Data(row.sealed)]
            )
        }
        return nil
    }

    /// Writes a session if the stored one still has version `previous`.
    public func put(_ record: SessionRecord, replacing previous: Int?, at now: Date) async throws -> Bool {
        let value = Data(try sealer.seal(record))
        let user = Data(SessionSealer.index(of: record.session.user))
        let providerSession = record.session.providerSessionID.map {
            Data(SessionSealer.index(ofProviderSession: $0, realm: record.session.user.realm))
        }
        let times = (seen: record.lastSeenAt.timeIntervalSince1970, end: record.expiresAt.timeIntervalSince1970)
        return try await database.write { database in
            let stored = try database.row(
                "SELECT version FROM msal_session WHERE key = ? AND ends_on > ?",
                [record.key.rawValue, now.timeIntervalSince1970]
            ).map { try Int($0.integer(0)) }
            guard stored == previous else { return false }
            try self.sweep(database, at: now)
            try database.run(
                """
                INSERT INTO msal_session (key, version, user, provider_session, last_seen_on, ends_on, value)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (key) DO UPDATE SET version = excluded.version, user = excluded.user,
                    provider_session = excluded.provider_session, last_seen_on = excluded.last_seen_on,
                    ends_on = excluded.ends_on, value = excluded.value
                """,
                [record.key.rawValue, record.version, user, providerSession, times.seen, times.end, value]
            )
            return true
        }
    }

    /// Moves the end of a session that was used; one that had ended by then stays so.
    public func touch(_ key: SessionKey, lastSeenAt: Date, expiresAt: Date) async throws {
        try await database.write { database in
            try database.run(
                "UPDATE msal_session SET last_seen_on = ?, ends_on = ? WHERE key = ? AND ends_on > ?",
                [
                    lastSeenAt.timeIntervalSince1970, expiresAt.timeIntervalSince1970, key.rawValue,
                    lastSeenAt.timeIntervalSince1970,
                ]
            )
        }
    }

    /// Ends a session.
    public func delete(_ key: SessionKey) async throws {
        try await database.write { try $0.run("DELETE FROM msal_session WHERE key = ?", [key.rawValue]) }
    }

    /// Ends all sessions of a person.
    @discardableResult
    public func deleteSessions(of user: UserKey) async throws -> Int {
        let index = Data(SessionSealer.index(of: user))
        return try await database.write { database in
            try database.run("DELETE FROM msal_session WHERE user = ?", [index])
            return database.changesCount
        }
    }

    /// Ends the sessions that belong to a session at the provider.
    @discardableResult
    public func deleteSessions(providerSession id: String, realm: String) async throws -> Int {
        let index = Data(SessionSealer.index(ofProviderSession: id, realm: realm))
        return try await database.write { database in
            try database.run("DELETE FROM msal_session WHERE provider_session = ?", [index])
            return database.changesCount
        }
    }

    /// Remembers that the answer to a sign-in has come.
    public func spend(_ signIn: SpentSignIn, at now: Date) async throws -> Bool {
        let value = Data(try sealer.seal(signIn))
        return try await database.write { database in
            try self.sweep(database, at: now)
            try database.run(
                "INSERT OR IGNORE INTO msal_spent_sign_in (key, ends_on, value) VALUES (?, ?, ?)",
                [signIn.key.rawValue, signIn.expiresAt.timeIntervalSince1970, value]
            )
            return database.changesCount == 1
        }
    }

    /// The sign-in of a key if its answer has come before.
    public func spentSignIn(for key: SessionKey, at now: Date) async throws -> SpentSignIn? {
        let row = try await database.read { database in
            try database.row(
                "SELECT ends_on, value FROM msal_spent_sign_in WHERE key = ? AND ends_on > ?",
                [key.rawValue, now.timeIntervalSince1970]
            )
            .map { try ($0.moment(0), $0.bytes(1)) }
        }
        return row.map { sealer.spentSignIn(from: $0.1, for: key, until: $0.0) }
    }

    /// Takes out what has ended, at most once in an interval.
    private func sweep(_ database: Database, at now: Date) throws {
        let isDue = nextSweep.withLock { next in
            guard now >= next else { return false }
            next = now.addingTimeInterval(Self.sweepInterval)
            return true
        }
        guard isDue else { return }
        var isAllGone = true
        for (table, key) in [("msal_session", "id"), ("msal_spent_sign_in", "key")] {
            try database.run(
                "DELETE FROM \(table) WHERE \(key) IN (SELECT \(key) FROM \(table) WHERE ends_on <= ? LIMIT ?)",
                [now.timeIntervalSince1970, Self.sweepSize]
            )
            if database.changesCount == Self.sweepSize { isAllGone = false }
        }
        if !isAllGone { nextSweep.withLock { $0 = now } }
    }
}
