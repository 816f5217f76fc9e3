// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALSQLite

/// A folder of one test, gone with it.
final class TemporaryFolder: Sendable {
    /// Its path.
    let path: String

    /// A new empty folder.
    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("msal-sqlite-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in it.
    func file(_ name: String = "tokens.sqlite") -> String {
        path + "/" + name
    }

    /// The database in it, opened once more.
    func database(patience: Duration = .seconds(30)) throws -> SQLiteDatabase {
        try SQLiteDatabase(path: file(), patience: patience)
    }

    /// Every byte of the database, of what was not yet moved into it and of everything else there.
    func allBytes() throws -> Data {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted().reduce(into: Data()) { bytes, name in
            bytes += try Data(contentsOf: URL(fileURLWithPath: file(name)))
        }
    }

    /// The permissions of a file in it.
    func permissions(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: file(name))
        return (attributes[.posixPermissions] as? NSNumber)?.intValue ?? 0
    }
}
