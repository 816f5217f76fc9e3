// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import MSALCore

/// What errors of SQLite mean for the person who runs the application.
enum SQLiteFault {
    /// A file whose tables a later release has changed.
    struct LaterRelease: Error {
        /// The version of the tables in the file.
        let version: Int
    }

    /// Whether others hold a lock that they will give back.
    static func isLocked(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED
    }

    /// The error to throw; our own ones stay as they are.
    static func error(for error: any Error, file: String) -> AuthenticationError {
        switch error {
        case let error as AuthenticationError:
            error
        case let later as LaterRelease:
            AuthenticationError(
                .misconfigured,
                .storeUnavailable,
                """
                The SQLite file \(file) has tables of version \(later.version), from a later release of swift-msal. \
                Update this program, or name another file.
                """,
                underlying: later
            )
        case let error as DatabaseError:
            explain(error, file: file)
        default:
            AuthenticationError(
                .misconfigured,
                .storeUnavailable,
                "The SQLite file \(file) cannot be made. Check its folder and its permissions.",
                underlying: error
            )
        }
    }

    /// What an error of SQLite means.
    private static func explain(_ error: DatabaseError, file: String) -> AuthenticationError {
        let kind: AuthenticationError.Kind
        let message: String
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT, .SQLITE_FORMAT:
            kind = .misconfigured
            message = "The file \(file) is not a SQLite database, or is damaged. Name another file, or remove this one."
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            kind = .misconfigured
            message = "The SQLite file \(file) cannot be opened. Check that it is a file and its permissions."
        case .SQLITE_READONLY:
            kind = .misconfigured
            message = "The SQLite file \(file) cannot be written. Check its permissions and those of its folder."
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            kind = .transient
            message = "The SQLite file \(file) was locked for too long. Find the program that keeps it locked."
        case .SQLITE_FULL:
            kind = .transient
            message = "The disk of the SQLite file \(file) is full. Make room on it."
        case .SQLITE_MISUSE:
            kind = .invalidCall
            message = "The SQLite file \(file) was closed. Keep its database open as long as its stores are used."
        case .SQLITE_ERROR, .SQLITE_SCHEMA, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT:
            kind = .misconfigured
            message = "The tables of the SQLite file \(file) are not as swift-msal made them. Name another file."
        default:
            kind = .transient
            message = "The SQLite file \(file) does not answer: \(error.resultCode). Check its disk."
        }
        return AuthenticationError(kind, .storeUnavailable, message, underlying: error)
    }
}
