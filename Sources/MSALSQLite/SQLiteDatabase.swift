// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
public import MSALCore

/// One SQLite file that keeps tokens, sessions or both, for all processes of one machine.
///
/// The file may hold an application's own tables too: everything of ours begins with `msal_`, schema version included.
///
/// It is written ahead (WAL), so that readers and the one writer do not wait for each other, and flushed to the disk at
/// checkpoints (`synchronous = NORMAL`). The end of a process, however sudden, loses nothing that was acknowledged; a
/// power cut may take the last moments, after which somebody signs in again, but never harms the file.
public final class SQLiteDatabase: Sendable {
    /// The file's path.
    public let path: String
    /// The connections: one that writes, and some that read beside it.
    private let pool: DatabasePool

    /// Opens a file, and makes it, readable by its owner alone, if there is none.
    ///
    /// It blocks its thread for as long as SQLite opens the file, which is milliseconds unless others lock it.
    ///
    /// - Parameters:
    ///   - path: the file; folders that are missing are made. A file that exists keeps its permissions.
    ///   - patience: how long to wait for other processes that write.
    /// - Throws: `AuthenticationError` with the code `storeUnavailable`: misconfigured if the file cannot be opened, is
    ///   no database or belongs to a later release; transient if others locked it for too long.
    public init(path: String, patience: Duration = .seconds(10)) throws(AuthenticationError) {
        self.path = URL(fileURLWithPath: path).standardizedFileURL.path
        do {
            try SQLiteFile.make(at: self.path)
            pool = try Self.openPool(at: self.path, patience: patience)
        } catch {
            throw SQLiteFault.error(for: error, file: path)
        }
    }

    /// Closes the file; whatever is asked of its stores afterwards fails.
    ///
    /// A database that nothing refers to is closed without it.
    ///
    /// - Throws: `AuthenticationError` with the code `storeUnavailable` if SQLite refuses.
    public func close() throws(AuthenticationError) {
        do {
            try pool.close()
        } catch {
            throw SQLiteFault.error(for: error, file: path)
        }
    }

    /// Reads, all of one moment.
    func read<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.read(body)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw SQLiteFault.error(for: error, file: path)
        }
    }

    /// Changes, all or nothing: other writers wait from its beginning to its end.
    ///
    /// GRDB begins writing transactions as IMMEDIATE ones. A deferred one that reads first and writes then would fail at
    /// once, without any waiting, when another process has written in between.
    func write<Value: Sendable>(_ body: @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await pool.write(body)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw SQLiteFault.error(for: error, file: path)
        }
    }
}

extension SQLiteDatabase {
    /// Opens the connections and brings the tables up to date.
    ///
    /// SQLite does not wait for a lock where it turns a new file to writing ahead, so that whoever comes second when
    /// many processes start at once has to try again.
    private static func openPool(at path: String, patience: Duration) throws -> DatabasePool {
        let wait = BusyWait(patience: patience)
        var settings = Configuration()
        settings.label = "msal"
        settings.foreignKeysEnabled = true
        settings.busyMode = .callback { wait.sleep(before: $0) }
        var tries = 0
        while true {
            do {
                let pool = try DatabasePool(path: path, configuration: settings)
                try SQLiteSchema.prepare(pool)
                return pool
            } catch let error as DatabaseError where SQLiteFault.isLocked(error) {
                guard wait.sleep(before: tries) else { throw error }
                tries += 1
            }
        }
    }
}
