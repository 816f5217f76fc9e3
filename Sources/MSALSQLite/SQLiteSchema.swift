// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// Our tables in a file, and the steps from each version of them to the next.
///
/// They are strict ones, so that no other program can put a text where a number is read.
///
/// GRDB's own migrator is not used: it keeps one list of migrations in a file, and an application that keeps its own
/// tables in the same file would take ours for those of a later release of itself.
enum SQLiteSchema {
    /// The steps; the version of a file is how many of them it has behind it.
    private static let steps: [@Sendable (Database) throws -> Void] = [makeTokens, makeSessions]

    /// The version that this code reads and writes.
    static var version: Int { steps.count }

    /// Brings a file up to date.
    ///
    /// - Throws: ``SQLiteFault/LaterRelease`` if it is ahead of us.
    static func prepare(_ pool: DatabasePool) throws {
        // Most files are: nobody need wait for the lock of a writer then.
        guard try pool.read(currentVersion) != version else { return }
        try pool.write { database in
            let current = try currentVersion(database)
            guard current <= version else { throw SQLiteFault.LaterRelease(version: current) }
            guard current >= 0 else { throw DatabaseError(resultCode: .SQLITE_SCHEMA) }
            if current == 0 {
                try database.execute(
                    sql:
                        "CREATE TABLE msal_number (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID"
                )
            }
            for step in steps[current...] { try step(database) }
            try database.execute(
                sql: "INSERT OR REPLACE INTO msal_number (name, value) VALUES ('schema', ?)",
                arguments: [version]
            )
        }
    }

    /// The version of a file's tables; 0 where there are none.
    private static func currentVersion(_ database: Database) throws -> Int {
        guard try database.tableExists("msal_number") else { return 0 }
        return try Int.fetchOne(database, sql: "SELECT value FROM msal_number WHERE name = 'schema'") ?? 0
    }

    /// Tokens.
    ///
    /// Entries are too large for a table without row ids, whose inner pages hold whole rows: those of one person, who
    /// signs in at one moment, lie side by side in the order of their ids, and small indexes find them.
    private static func makeTokens(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE msal_partition (
                    id INTEGER PRIMARY KEY,
                    kind TEXT NOT NULL,
                    name TEXT NOT NULL,
                    version INTEGER NOT NULL,
                    UNIQUE (kind, name)
                ) STRICT;
                CREATE TABLE msal_token (
                    id INTEGER PRIMARY KEY,
                    partition INTEGER NOT NULL REFERENCES msal_partition (id) ON DELETE CASCADE,
                    key TEXT NOT NULL,
                    value BLOB NOT NULL,
                    ends_on REAL,
                    UNIQUE (partition, key)
                ) STRICT;
                CREATE INDEX msal_token_ends_on ON msal_token (ends_on) WHERE ends_on IS NOT NULL;
                CREATE TABLE msal_lease (
                    kind TEXT NOT NULL,
                    name TEXT NOT NULL,
                    holder TEXT NOT NULL,
                    taken_on REAL NOT NULL,
                    ends_on REAL NOT NULL,
                    PRIMARY KEY (kind, name)
                ) STRICT, WITHOUT ROWID;
                INSERT INTO msal_number (name, value) VALUES ('version', 0);
                """
        )
    }

    /// Sessions, and sign-ins whose answers have come.
    private static func makeSessions(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE msal_session (
                    id INTEGER PRIMARY KEY,
                    key TEXT NOT NULL UNIQUE,
                    version INTEGER NOT NULL,
                    user BLOB NOT NULL,
                    provider_session BLOB,
                    last_seen_on REAL NOT NULL,
                    ends_on REAL NOT NULL,
                    value BLOB NOT NULL
                ) STRICT;
                CREATE INDEX msal_session_user ON msal_session (user);
                CREATE INDEX msal_session_provider_session ON msal_session (provider_session)
                    WHERE provider_session IS NOT NULL;
                CREATE INDEX msal_session_ends_on ON msal_session (ends_on);
                CREATE TABLE msal_spent_sign_in (
                    key TEXT NOT NULL PRIMARY KEY,
                    ends_on REAL NOT NULL,
                    value BLOB NOT NULL
                ) STRICT, WITHOUT ROWID;
                CREATE INDEX msal_spent_sign_in_ends_on ON msal_spent_sign_in (ends_on);
                """
        )
    }
}
