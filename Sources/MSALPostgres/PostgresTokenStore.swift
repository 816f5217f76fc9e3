// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALCore

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Tokens in a PostgreSQL database, for an application on several machines.
///
/// Each entry is a row. A write is one statement and one commit, whatever it changes; leases go by the server's clock.
public struct PostgresTokenStore: TokenStore {
    /// Where they are.
    private let database: PostgresDatabase
    /// What is asked of it.
    private let statements: Statements

    /// A store in a database, which other stores may share.
    public init(database: PostgresDatabase) {
        self.database = database
        statements = Statements(schema: database.schema)
    }

    /// The entries of a partition and its version, of one moment: it is a single statement.
    public func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens {
        var parameters: [PostgresValue] = [.text(partition.kind.rawValue), .text(partition.name)]
        if let keys { parameters.append(.texts(keys)) }
        return try await database.run(isRepeatable: true) { [parameters, statements] link in
            let rows = try link.execute(keys == nil ? statements.readAll : statements.readSome, parameters)
            var tokens = StoredTokens(entries: [], version: nil)
            tokens.entries.reserveCapacity(rows.count)
            for row in 0..<rows.count {
                tokens.version = rows.integer(row, 0).map(TokenVersion.init)
                // A partition without such entries is one row of nulls.
                guard let key = rows.text(row, 1), let value = rows.bytes(row, 2) else { continue }
                tokens.entries.append(StoredToken(key: key, value: value, endsOn: rows.moment(row, 3)))
            }
            return tokens
        }
    }

    /// Changes entries of a partition, in one statement.
    @discardableResult
    public func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) async throws -> TokenVersion? {
        // Of several entries with one key the last counts, and one that is put in is not taken out.
        let put = Dictionary(changes.put.map { ($0.key, $0) }) { _, last in last }.values.sorted { $0.key < $1.key }
        let removed = changes.remove.filter { key in !put.contains { $0.key == key } }
        let (isConditional, expected): (Bool, TokenVersion?) =
            if case .version(let version) = condition { (true, version) } else { (false, nil) }
        let start: [PostgresValue] = [
            .text(partition.kind.rawValue), .text(partition.name),
            .boolean(isConditional), expected.map { .integer($0.rawValue) } ?? .null,
        ]
        let content: [PostgresValue] = [
            .texts(put.map(\.key)), .byteStrings(put.map(\.value)), .moments(put.map(\.endsOn)), .texts(removed),
        ]
        // A condition that was met by the first try may not be met by the second.
        return try await database.run(isRepeatable: !isConditional) { [statements] link in
            let rows =
                changes.isEmpty
                ? try link.execute(statements.version, start) : try link.execute(statements.write, start + content)
            return rows.integer(0, 0).map(TokenVersion.init)
        }
    }

    /// Some of the partitions of a kind, ordered by name.
    public func partitions(
        _ kind: TokenPartition.Kind,
        after name: String?,
        limit: Int
    ) async throws -> [TokenPartition] {
        let parameters: [PostgresValue] = [
            .text(kind.rawValue), .text(name ?? ""), .integer(Int64(max(0, limit))),
        ]
        return try await database.run(isRepeatable: true) { [statements] link in
            let rows = try link.execute(statements.partitions, parameters)
            return (0..<rows.count).compactMap { rows.text($0, 0) }.map { TokenPartition(kind: kind, stored: $0) }
        }
    }

    /// Takes out all entries that end before a moment, some hundred in one transaction, and leases that ended long ago.
    @discardableResult
    public func removeEntries(endingBefore moment: Date) async throws -> Int {
        var total = 0
        while true {
            let (partitions, entries) = try await database.run(isRepeatable: true) { [statements] link in
                let rows = try link.execute(statements.sweep, [.moment(moment), .integer(500)])
                return (rows.integer(0, 0) ?? 0, rows.integer(0, 1) ?? 0)
            }
            total += Int(entries)
            if partitions == 0 { break }
            try Task.checkCancellation()
        }
        _ = try await database.run(isRepeatable: true) { [statements] link in
            try link.execute(statements.sweepLeases).changedCount
        }
        return total
    }

    /// Takes the lease on a partition, by the server's clock.
    public func takeLease(
        on partition: TokenPartition,
        as holder: String,
        for duration: Duration
    ) async throws -> Bool {
        let microseconds = Int64(min(max(0, duration.inSeconds), 1e9) * 1_000_000)
        let parameters: [PostgresValue] = [
            .text(partition.kind.rawValue), .text(partition.name), .text(holder), .integer(microseconds),
        ]
        return try await database.run(isRepeatable: true) { [statements] link in
            try link.execute(statements.takeLease, parameters).count == 1
        }
    }

    /// Gives a lease back.
    public func releaseLease(on partition: TokenPartition, as holder: String) async throws {
        let parameters: [PostgresValue] = [.text(partition.kind.rawValue), .text(partition.name), .text(holder)]
        _ = try await database.run(isRepeatable: true) { [statements] link in
            try link.execute(statements.releaseLease, parameters).changedCount
        }
    }
}

extension PostgresTokenStore {
    /// The statements, for one schema.
    private struct Statements: Sendable {
        let readAll: PostgresStatement
        let readSome: PostgresStatement
        let write: PostgresStatement
        let version: PostgresStatement
        let partitions: PostgresStatement
        let sweep: PostgresStatement
        let sweepLeases: PostgresStatement
        let takeLease: PostgresStatement
        let releaseLease: PostgresStatement

        /// The statements for a schema.
        init(schema: String) {
            let read = """
                SELECT p.version, e.key, e.value, e.ends_on
                FROM \(schema).token_partition AS p LEFT JOIN \(schema).token_entry AS e ON e.partition = p.id
                """
            let whose = "WHERE p.kind = $1::text AND p.name = $2::text"
            readAll = PostgresStatement("msal_read", "\(read) \(whose)")
            readSome = PostgresStatement("msal_read_keys", "\(read) AND e.key = ANY ($3::text[]) \(whose)")
            write = PostgresStatement(
                "msal_write",
                """
                SELECT \(schema).write_tokens($1::text, $2::text, $3::boolean, $4::bigint,
                    $5::text[], $6::bytea[], $7::timestamptz[], $8::text[])
                """
            )
            // Nothing to change: the version there is, a fresh one where there is none, null if that is not as expected.
            version = PostgresStatement(
                "msal_version",
                """
                SELECT CASE
                    WHEN $3::boolean AND p.version IS DISTINCT FROM $4::bigint THEN NULL
                    ELSE COALESCE(p.version, nextval('\(schema).token_version'))
                END
                FROM (VALUES (1)) AS one LEFT JOIN \(schema).token_partition AS p
                ON p.kind = $1::text AND p.name = $2::text
                """
            )
            partitions = PostgresStatement(
                "msal_partitions",
                """
                SELECT name FROM \(schema).token_partition
                WHERE kind = $1::text AND name > $2::text ORDER BY name LIMIT $3::bigint
                """
            )
            sweep = PostgresStatement(
                "msal_sweep",
                "SELECT partitions, entries FROM \(schema).sweep_tokens($1::timestamptz, $2::bigint::integer)"
            )
            sweepLeases = PostgresStatement(
                "msal_sweep_leases",
                "DELETE FROM \(schema).token_lease WHERE ends_on < clock_timestamp() - interval '1 hour'"
            )
            takeLease = PostgresStatement(
                "msal_take_lease",
                """
                INSERT INTO \(schema).token_lease AS l (kind, name, holder, ends_on)
                VALUES ($1::text, $2::text, $3::text, clock_timestamp() + $4::bigint * interval '1 microsecond')
                ON CONFLICT (kind, name) DO UPDATE
                SET holder = EXCLUDED.holder, ends_on = clock_timestamp() + $4::bigint * interval '1 microsecond'
                WHERE l.holder = EXCLUDED.holder OR l.ends_on <= clock_timestamp()
                RETURNING true
                """
            )
            releaseLease = PostgresStatement(
                "msal_release_lease",
                """
                DELETE FROM \(schema).token_lease
                WHERE kind = $1::text AND name = $2::text AND holder = $3::text
                """
            )
        }
    }
}
