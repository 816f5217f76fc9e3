// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALCore
import MSALSQLite

/// Where the tokens of this tool's user are, and the key that seals them.
struct CacheLocation: ParsableArguments {
    /// The token file.
    @Option(
        name: .customLong("cache"),
        help: ArgumentHelp("The sealed token file; in the user's data folder unless told otherwise.", valueName: "file")
    )
    var file: String?

    /// The SQLite file instead.
    @Option(help: ArgumentHelp("A SQLite file with tokens, instead of a token file.", valueName: "file"))
    var sqlite: String?

    /// The key file.
    @Option(
        help: ArgumentHelp(
            "The file with the keys that seal the tokens; made if there is none. Beside the token file in the user's data "
                + "folder unless told otherwise.",
            valueName: "file"
        )
    )
    var keyFile: String?

    /// Refuses two places at once.
    func validate() throws {
        if file != nil, sqlite != nil {
            throw ValidationError("--cache and --sqlite name two places; tokens are in one.")
        }
        if sqlite != nil, keyFile == nil {
            throw ValidationError("--sqlite needs --key-file: the keys of a database are its application's.")
        }
    }

    /// The store and its keys.
    func persistence(logger: Logger) throws -> TokenPersistence {
        let keys = try KeyRing.file(at: keyFile ?? Self.folder + "/key")
        if let sqlite {
            guard FileManager.default.fileExists(atPath: sqlite) else {
                throw Refusal(message: "There is no file \(sqlite).")
            }
            return TokenPersistence(store: SQLiteTokenStore(database: try SQLiteDatabase(path: sqlite)), keys: keys)
        }
        let path = file ?? Self.folder + "/tokens"
        return TokenPersistence(store: EncryptedFileTokenStore(path: path, keys: keys, logger: logger), keys: keys)
    }

    /// Where the tokens are, in words.
    var name: String { sqlite ?? file ?? Self.folder + "/tokens" }

    /// The folder for data of this user's programs (XDG Base Directory; Application Support on macOS).
    private static var folder: String {
        #if os(macOS)
            return FileManager.default.homeDirectoryForCurrentUser.path + "/Library/Application Support/msal"
        #else
            let named = { Input.variable($0).flatMap { $0.hasPrefix("/") ? $0 : nil } }
            let home = named("HOME") ?? FileManager.default.homeDirectoryForCurrentUser.path
            return (named("XDG_DATA_HOME") ?? home + "/.local/share") + "/msal"
        #endif
    }
}

extension Logger {
    /// The log of a command: warnings go to the standard error.
    static func command(_ name: String) -> Logger {
        var logger = Logger(label: "msal.\(name)", factory: { label in StreamLogHandler.standardError(label: label) })
        logger.logLevel = .warning
        return logger
    }
}
