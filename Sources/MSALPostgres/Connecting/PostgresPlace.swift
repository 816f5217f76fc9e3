// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// Which server, database and role are meant, for sentences; nothing in it is secret.
struct PostgresPlace: Sendable, Hashable {
    /// "PostgreSQL at HOST:PORT".
    var server: String
    /// "the database "NAME"".
    var database: String
    /// "the role "NAME"".
    var role: String
    /// The database's bare name, for statements.
    var databaseName: String
    /// The role's bare name, for statements.
    var roleName: String

    /// A place by the options of a connection.
    init(host: String?, port: String?, database: String?, role: String?) {
        let port = port.map { ":\($0)" } ?? ""
        server = "PostgreSQL" + (host.map { " at \($0)\(port)" } ?? "")
        self.database = database.map { "the database \"\($0)\"" } ?? "the database"
        self.role = role.map { "the role \"\($0)\"" } ?? "the role"
        databaseName = database ?? "DATABASE"
        roleName = role ?? "ROLE"
    }
}

extension PostgresPlace {
    /// Why the server let nobody in, by its SQLSTATE, and what to do.
    func refusal(_ state: String) -> (AuthenticationError.Kind, String) {
        switch state {
        case "28P01", "28000":
            (
                .misconfigured,
                "\(server) does not let \(role) in (SQLSTATE \(state)): its password is wrong, or pg_hba.conf has no "
                    + "line for it. Check the password and the server's access rules."
            )
        case "3D000":
            (.misconfigured, "\(server) has no \(database.dropFirst(4)). Make it with CREATE DATABASE.")
        case "42501":
            (
                .misconfigured,
                "\(server) does not let \(role) into \(database). GRANT CONNECT ON DATABASE \"\(databaseName)\" "
                    + "TO \"\(roleName)\";"
            )
        case "53300":
            (.transient, "\(server) has no connection left (SQLSTATE 53300). Raise max_connections or use fewer.")
        case _ where state.hasPrefix("57P"):
            (.transient, "\(server) is starting or stopping (SQLSTATE \(state)). The next use tries again.")
        case _ where state.hasPrefix("53") || state.hasPrefix("08") || state.hasPrefix("58") || state.hasPrefix("XX"):
            (.transient, "\(server) refused the connection (SQLSTATE \(state)). The next use tries again.")
        default:
            (.misconfigured, "\(server) refused the connection (SQLSTATE \(state)). Check the connection string.")
        }
    }

    /// Why a statement failed, by its SQLSTATE, and what to do.
    func failure(_ state: String, schema: String) -> (AuthenticationError.Kind, String) {
        switch state {
        case "42501":
            (
                .misconfigured,
                "\(role.capitalizedFirst) lacks rights in \(database) at \(server). To let it make its tables: GRANT "
                    + "CREATE ON DATABASE \"\(databaseName)\" TO \"\(roleName)\"; or, as an administrator, CREATE "
                    + "SCHEMA \(schema) AUTHORIZATION \"\(roleName)\"; where another role owns the tables: GRANT USAGE "
                    + "ON SCHEMA \(schema), SELECT, INSERT, UPDATE, DELETE ON ALL TABLES, USAGE ON ALL SEQUENCES "
                    + "and EXECUTE ON ALL FUNCTIONS IN SCHEMA \(schema) TO \"\(roleName)\";"
            )
        case "57014", "55P03":
            (.transient, "\(server) did not finish a statement in time (SQLSTATE \(state)). Try again later.")
        case "25006":
            (
                .transient,
                "\(server) only reads: it is a standby. Name the primary, or all servers with "
                    + "target_session_attrs=read-write, in the connection string."
            )
        case "42P01", "42883", "3F000":
            (
                .misconfigured,
                "The tables of the schema \"\(schema)\" in \(database) at \(server) are gone (SQLSTATE \(state)). "
                    + "The next use makes them anew."
            )
        case _ where ["08", "40", "53", "55", "57", "58", "XX"].contains(state.prefix(2)):
            (.transient, "\(server) could not carry out a statement (SQLSTATE \(state)). Try again later.")
        default:
            (
                .misconfigured,
                "\(server) refused a statement (SQLSTATE \(state)): the schema \"\(schema)\" in \(database) is not "
                    + "the one this program made. Give it a schema of its own."
            )
        }
    }
}

extension String {
    /// The text with a capital first letter.
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
