// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// Makes the tables, and brings those of an older program up to date.
struct PostgresSchema {
    /// The schema's name.
    let name: String
    /// Which server, database and role, for sentences.
    let place: PostgresPlace

    /// The version that this program works with: one for each script.
    static let version = Int64(scripts(in: "").count)

    /// Finds the tables or makes them.
    ///
    /// Who finds them needs no right to make any.
    ///
    /// - Throws: ``PostgresFault``, and `AuthenticationError` of the kind `misconfigured` for the tables of a
    ///   newer program.
    func prepare(over link: PostgresLink) throws {
        if try version(over: link) == Self.version { return }
        try link.run("BEGIN")
        do {
            try migrate(over: link)
            try link.run("COMMIT")
        } catch {
            try? link.run("ROLLBACK")
            throw error
        }
    }

    /// Runs the scripts that are missing, while all other processes wait.
    private func migrate(over link: PostgresLink) throws {
        _ = try link.execute(Self.lock, [.text("swift-msal \(name)")])
        if !(try link.execute(Self.schemaExists, [.text(name)]).boolean(0, 0)) {
            try link.run("CREATE SCHEMA \(name)")
        }
        let found = try version(over: link)
        guard found < Self.version else { return }
        for script in Self.scripts(in: name).dropFirst(Int(found)) { try link.run(script) }
        try link.run("UPDATE \(name).schema_version SET version = \(Self.version)")
    }

    /// The version of the tables that are there; 0 where there are none.
    private func version(over link: PostgresLink) throws -> Int64 {
        guard try link.execute(Self.tableExists, [.text("\(name).schema_version")]).boolean(0, 0) else { return 0 }
        let rows = try link.execute(
            PostgresStatement("msal_schema_version", "SELECT version FROM \(name).schema_version")
        )
        guard rows.count == 1, let found = rows.integer(0, 0), found >= 0 else {
            throw PostgresFault(stage: .working, reason: .answer)
        }
        guard found <= Self.version else {
            throw AuthenticationError(
                .misconfigured,
                .storeUnavailable,
                "The tables of the schema \"\(name)\" in \(place.database) at \(place.server) are of version \(found), "
                    + "and this program knows up to version \(Self.version). Use the newer program, or another schema."
            )
        }
        return found
    }

    /// Keeps other processes from making the same tables until the transaction ends.
    private static let lock = PostgresStatement(
        "msal_schema_lock",
        "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))"
    )
    /// Whether there is such a schema.
    private static let schemaExists = PostgresStatement(
        "msal_schema_exists",
        "SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1::text)"
    )
    /// Whether there is such a table.
    private static let tableExists = PostgresStatement(
        "msal_table_exists",
        "SELECT to_regclass($1::text) IS NOT NULL"
    )
}
