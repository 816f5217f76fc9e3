// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// Why a connection was not made or a statement not carried out.
///
/// It holds nothing that PostgreSQL said in words: those may quote what was sent.
struct PostgresFault: Error {
    /// What was under way.
    enum Stage: Sendable, Hashable {
        /// A connection was being made.
        case connecting
        /// A statement was being carried out.
        case working
    }

    /// What happened.
    enum Reason: Sendable, Hashable {
        /// The server refused, with its SQLSTATE.
        case refused(String)
        /// There is no connection, or none any more; with libpq's own words where they are fit to be shown.
        case unreachable(String?)
        /// TLS could not be agreed on; with libpq's own words where they are fit to be shown.
        case security(String?)
        /// An option of the connection has a value that libpq does not know.
        case option
        /// The server wants a password, and there is none.
        case passwordMissing
        /// The server did not answer in time.
        case timedOut
        /// The server's answer is not what this version of the schema answers.
        case answer
    }

    /// What was under way.
    var stage: Stage
    /// What happened.
    var reason: Reason

    /// The SQLSTATE, where the server gave one.
    var sqlState: String? {
        if case .refused(let state) = reason { state } else { nil }
    }

    /// Whether the same statement may succeed if it is sent once more: a deadlock or a lost race.
    var isRace: Bool { sqlState == "40P01" || sqlState == "40001" }

    /// Whether tables, functions or the schema itself are gone.
    var isSchemaGone: Bool {
        ["42P01", "42883", "3F000"].contains(sqlState)
    }

    /// Whether no further statement should be sent over the connection: it hangs, or leads to a server that only reads.
    var spoilsConnection: Bool {
        switch reason {
        case .unreachable, .timedOut, .security, .option, .passwordMissing: true
        // Shut down or told to go; read-only after a change of roles.
        case .refused(let state): state.hasPrefix("57P") || state.hasPrefix("08") || state == "25006"
        case .answer: false
        }
    }
}

extension PostgresFault: CustomStringConvertible {
    /// The SQLSTATE, or what happened in a word.
    var description: String {
        switch reason {
        case .refused(let state): "SQLSTATE \(state)"
        case .unreachable(let words): words ?? "no connection"
        case .security(let words): words ?? "TLS failed"
        case .option: "an option with a wrong value"
        case .passwordMissing: "no password"
        case .timedOut: "no answer in time"
        case .answer: "unexpected answer"
        }
    }
}

extension PostgresFault {
    /// The error that callers see.
    ///
    /// - Parameters:
    ///   - place: which server, database and role.
    ///   - schema: which schema.
    /// - Returns: an error whose sentence says what to do.
    func error(at place: PostgresPlace, schema: String) -> AuthenticationError {
        let (kind, sentence) = explanation(at: place, schema: schema)
        return AuthenticationError(kind, .storeUnavailable, sentence, underlying: self)
    }

    /// What to do about it, and a sentence.
    private func explanation(at place: PostgresPlace, schema: String) -> (AuthenticationError.Kind, String) {
        switch reason {
        case .refused(let state):
            return stage == .connecting ? place.refusal(state) : place.failure(state, schema: schema)
        case .unreachable(let words):
            let start =
                stage == .connecting
                ? "\(place.server) cannot be reached" : "The connection to \(place.server) broke while in use"
            return (.transient, start + (words.map { " (\($0))" } ?? "") + ". The next use connects anew.")
        case .security(let words):
            let detail = words.map { " (\($0))" } ?? ""
            return (
                .misconfigured,
                "\(place.server) and this program could not agree on TLS\(detail). "
                    + "Check sslmode and sslrootcert in the connection string and the server's certificate."
            )
        case .option:
            return (
                .misconfigured,
                "The connection string for \(place.server) has an option with a value that does not exist. Check sslmode, "
                    + "target_session_attrs and the number of hosts and ports."
            )
        case .passwordMissing:
            return (
                .misconfigured,
                "\(place.server) asks \(place.role) for a password and there is none: put it into the connection "
                    + "string, PGPASSWORD or a password file (PGPASSFILE)."
            )
        case .timedOut:
            return (.transient, "\(place.server) did not answer in time. The next use tries again.")
        case .answer:
            return (
                .misconfigured,
                "The schema \"\(schema)\" in \(place.database) at \(place.server) is not the one this program made. "
                    + "Give it a schema of its own."
            )
        }
    }
}
