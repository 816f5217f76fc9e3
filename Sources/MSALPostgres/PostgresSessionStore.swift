// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import MSALCore
public import MSALWeb
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Sessions in a PostgreSQL database, for a site on several machines.
///
/// What is known about a browser is sealed. People and the provider's sessions are found by hashes.
public final class PostgresSessionStore: SessionStore {
    /// Where they are.
    private let database: PostgresDatabase
    /// Seals and opens.
    private let sealer: SessionSealer
    /// What is asked of the database.
    private let statements: SessionStatements
    /// Where it logs.
    private let logger: Logger
    /// When this process looks for ended sessions again.
    private let nextSweep = Mutex(Date.distantPast)
    /// How often it looks.
    private static let sweepInterval: TimeInterval = 60

    /// A store in a database, which other stores may share.
    ///
    /// - Parameters:
    ///   - database: where the sessions are.
    ///   - keys: the keys that seal them; all machines need the same.
    ///   - logger: where to log.
    public init(
        database: PostgresDatabase,
        keys: KeyRing,
        logger: Logger = Logger(label: "swift-msal.sessions") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.database = database
        self.logger = logger
        sealer = SessionSealer(keys: keys)
        statements = SessionStatements(schema: database.schema)
    }

    /// The session of a key, unless it has ended; one that cannot be opened is no session, and is deleted.
    public func session(for key: SessionKey, at now: Date) async throws -> SessionRecord? {
        let row = try await database.run(isRepeatable: true) { [statements] link -> SealedSession? in
            let rows = try link.execute(statements.find, [.text(key.rawValue), .moment(now)])
            return rows.count == 0 ? nil : SealedSession(rows)
        }
        guard let row else { return nil }
        if let record = sealer.open(row, for: key) { return record }
        logger.warning("A stored session cannot be opened and is deleted.")
        // Only what was just read: somebody may have written a good one meanwhile.
        try await run(statements.deleteDamaged, [.text(key.rawValue), .bytes(row.sealed)])
        return nil
    }

    /// Writes a session if the stored one still has version `previous`.
    public func put(_ record: SessionRecord, replacing previous: Int?, at now: Date) async throws -> Bool {
        let session = record.session
        var parameters: [PostgresValue] = [
            .text(record.key.rawValue),
            .bytes(SessionSealer.index(of: session.user)),
            session.providerSessionID.map {
                .bytes(SessionSealer.index(ofProviderSession: $0, realm: session.user.realm))
            } ?? .null,
            .integer(Int64(record.version)),
            .moment(record.lastSeenAt),
            .moment(record.expiresAt),
            .bytes(try sealer.seal(record)),
            .moment(now),
        ]
        if let previous { parameters.append(.integer(Int64(previous))) }
        let isSweepDue = isSweepDue(at: now)
        return try await database.run(isRepeatable: false) { [parameters, statements] link in
            let rows = try link.execute(previous == nil ? statements.insert : statements.replace, parameters)
            if isSweepDue { statements.sweep(over: link, at: now) }
            return rows.changedCount == 1
        }
    }

    /// Moves the end of a session that was used.
    public func touch(_ key: SessionKey, lastSeenAt: Date, expiresAt: Date) async throws {
        try await run(statements.touch, [.text(key.rawValue), .moment(lastSeenAt), .moment(expiresAt)])
    }

    /// Ends a session.
    public func delete(_ key: SessionKey) async throws {
        try await run(statements.delete, [.text(key.rawValue)])
    }

    /// Ends all sessions of a person.
    @discardableResult
    public func deleteSessions(of user: UserKey) async throws -> Int {
        try await run(statements.deletePerson, [.bytes(SessionSealer.index(of: user))])
    }

    /// Ends the sessions that belong to a session at the provider.
    @discardableResult
    public func deleteSessions(providerSession id: String, realm: String) async throws -> Int {
        let index = SessionSealer.index(ofProviderSession: id, realm: realm)
        return try await run(statements.deleteProviderSession, [.bytes(index)])
    }

    /// Remembers that the answer to a sign-in has come.
    public func spend(_ signIn: SpentSignIn, at now: Date) async throws -> Bool {
        let parameters: [PostgresValue] = [
            .text(signIn.key.rawValue), .moment(signIn.expiresAt), .bytes(try sealer.seal(signIn)),
        ]
        let isSweepDue = isSweepDue(at: now)
        return try await database.run(isRepeatable: false) { [statements] link in
            let rows = try link.execute(statements.spend, parameters)
            if isSweepDue { statements.sweep(over: link, at: now) }
            return rows.changedCount == 1
        }
    }

    /// The sign-in of a key if its answer has come before.
    public func spentSignIn(for key: SessionKey, at now: Date) async throws -> SpentSignIn? {
        let found = try await database.run(isRepeatable: true) { [statements] link -> (sealed: [UInt8], end: Date)? in
            let rows = try link.execute(statements.findSpent, [.text(key.rawValue), .moment(now)])
            guard rows.count == 1, let sealed = rows.bytes(0, 0), let end = rows.moment(0, 1) else { return nil }
            return (sealed, end)
        }
        return found.map { sealer.spentSignIn(from: $0.sealed, for: key, until: $0.end) }
    }

    /// Carries out a statement that may be carried out twice.
    ///
    /// - Returns: how many rows it changed.
    @discardableResult
    private func run(_ statement: PostgresStatement, _ parameters: [PostgresValue]) async throws -> Int {
        try await database.run(isRepeatable: true) { try $0.execute(statement, parameters).changedCount }
    }

    /// Whether to look for ended sessions, at most once in an interval.
    private func isSweepDue(at now: Date) -> Bool {
        nextSweep.withLock { next in
            guard now >= next else { return false }
            next = now.addingTimeInterval(Self.sweepInterval)
            return true
        }
    }
}

extension SealedSession {
    /// The first row of an answer.
    fileprivate init?(_ rows: PostgresRows) {
        guard let version = rows.integer(0, 0), let lastSeenAt = rows.moment(0, 1), let expiresAt = rows.moment(0, 2),
            let sealed = rows.bytes(0, 3)
        else { return nil }
        self.init(version: Int(version), lastSeenAt: lastSeenAt, expiresAt: expiresAt, sealed: sealed)
    }
}
