// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The statements of a session store, for one schema.
struct SessionStatements: Sendable {
    /// A session that has not ended.
    let find: PostgresStatement
    /// A session where there is none, or one that has ended.
    let insert: PostgresStatement
    /// A session in place of one of a version.
    let replace: PostgresStatement
    /// A session's new end.
    let touch: PostgresStatement
    /// A session's end now.
    let delete: PostgresStatement
    /// The end of a session that cannot be opened.
    let deleteDamaged: PostgresStatement
    /// The end of a person's sessions.
    let deletePerson: PostgresStatement
    /// The end of the sessions that belong to one of the provider.
    let deleteProviderSession: PostgresStatement
    /// A sign-in whose answer has come.
    let spend: PostgresStatement
    /// A sign-in whose answer has come before.
    let findSpent: PostgresStatement
    /// Ended sessions, some at a time.
    private let sweepSessions: PostgresStatement
    /// Sign-ins that may be forgotten, some at a time.
    private let sweepSpent: PostgresStatement

    /// The statements for a schema.
    init(schema: String) {
        let sessions = "\(schema).session"
        let spent = "\(schema).spent_sign_in"
        find = PostgresStatement(
            "msal_session",
            """
            SELECT version, last_seen_at, expires_at, sealed FROM \(sessions)
            WHERE key = $1::text AND expires_at > $2::timestamptz
            """
        )
        let columns = "(key, person, provider_session, version, last_seen_at, expires_at, sealed)"
        let values = "($1::text, $2::bytea, $3::bytea, $4::bigint, $5::timestamptz, $6::timestamptz, $7::bytea)"
        let tail = "(person, provider_session, version, last_seen_at, expires_at, sealed)"
        insert = PostgresStatement(
            "msal_insert_session",
            """
            INSERT INTO \(sessions) AS s \(columns) VALUES \(values)
            ON CONFLICT (key) DO UPDATE SET \(tail) = (EXCLUDED.person, EXCLUDED.provider_session, EXCLUDED.version,
                EXCLUDED.last_seen_at, EXCLUDED.expires_at, EXCLUDED.sealed)
            WHERE s.expires_at <= $8::timestamptz
            """
        )
        replace = PostgresStatement(
            "msal_replace_session",
            """
            UPDATE \(sessions) SET \(tail) =
                ($2::bytea, $3::bytea, $4::bigint, $5::timestamptz, $6::timestamptz, $7::bytea)
            WHERE key = $1::text AND expires_at > $8::timestamptz AND version = $9::bigint
            """
        )
        touch = PostgresStatement(
            "msal_touch_session",
            """
            UPDATE \(sessions) SET last_seen_at = $2::timestamptz, expires_at = $3::timestamptz
            WHERE key = $1::text AND expires_at > $2::timestamptz
            """
        )
        delete = PostgresStatement("msal_delete_session", "DELETE FROM \(sessions) WHERE key = $1::text")
        deleteDamaged = PostgresStatement(
            "msal_delete_damaged_session",
            "DELETE FROM \(sessions) WHERE key = $1::text AND sealed = $2::bytea"
        )
        deletePerson = PostgresStatement("msal_delete_person", "DELETE FROM \(sessions) WHERE person = $1::bytea")
        deleteProviderSession = PostgresStatement(
            "msal_delete_provider_session",
            "DELETE FROM \(sessions) WHERE provider_session = $1::bytea"
        )
        spend = PostgresStatement(
            "msal_spend",
            """
            INSERT INTO \(spent) (key, expires_at, sealed) VALUES ($1::text, $2::timestamptz, $3::bytea)
            ON CONFLICT (key) DO NOTHING
            """
        )
        findSpent = PostgresStatement(
            "msal_spent",
            "SELECT sealed, expires_at FROM \(spent) WHERE key = $1::text AND expires_at > $2::timestamptz"
        )
        sweepSessions = Self.sweep("msal_sweep_sessions", sessions)
        sweepSpent = Self.sweep("msal_sweep_spent", spent)
    }

    /// Takes out what has ended; what another process has in hand, or is too much for one time, waits for the next.
    ///
    /// It comes with somebody's sign-in, which it must not spoil: so it fails silently.
    func sweep(over link: PostgresLink, at now: Date) {
        for statement in [sweepSessions, sweepSpent] {
            _ = try? link.execute(statement, [.moment(now)])
        }
    }

    /// Takes out of a table what has ended.
    private static func sweep(_ name: String, _ table: String) -> PostgresStatement {
        PostgresStatement(
            name,
            """
            DELETE FROM \(table) WHERE key IN (
                SELECT key FROM \(table) WHERE expires_at <= $1::timestamptz
                ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED
            )
            """
        )
    }
}
