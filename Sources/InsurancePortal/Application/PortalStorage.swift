// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
import MSALCore
import MSALSQLite
import MSALWeb

/// Where sessions and tokens are kept.
package enum PortalStorage: Sendable, Hashable {
    /// In memory: whoever is signed in has to sign in again after a restart.
    case memory
    /// In a SQLite file, which may be the portal's own database: people stay signed in across restarts.
    case sqlite(file: String)

    /// Opens the stores.
    ///
    /// - Parameters:
    ///   - keys: what seals sessions and tokens. What keys seal that end with the process is not worth keeping, and stays
    ///     in memory.
    ///   - time: what time it is.
    ///   - logger: where notes go.
    /// - Returns: where sessions are kept, and where tokens are kept besides memory, if anywhere.
    /// - Throws: `AuthenticationError` if the storage cannot be used.
    func open(
        keys: KeyRing,
        time: any TimeSource,
        logger: Logger
    ) throws -> (sessions: any SessionStore, tokens: TokenPersistence?) {
        switch self {
        case .sqlite(let file) where !keys.isEphemeral:
            let database = try SQLiteDatabase(path: file)
            return (
                SQLiteSessionStore(database: database, keys: keys, logger: logger),
                TokenPersistence(store: SQLiteTokenStore(database: database, time: time), keys: keys)
            )
        case .memory, .sqlite:
            return (MemorySessionStore(), nil)
        }
    }
}
