// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import MSALCore
import Testing

@testable import MSALSQLite

/// Files that SQLite opens and that cannot be used all the same.
@Suite struct SQLiteFaultTests {
    let folder: TemporaryFolder
    let alice = TokenPartition(kind: .user, name: "alice")
    let change = TokenChanges(put: [StoredToken(key: "k", value: [1, 2, 3], endsOn: nil)])

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The error that some work with the file throws.
    private func fault(_ work: () async throws -> Void) async throws -> AuthenticationError {
        let error = await #expect(throws: AuthenticationError.self) { try await work() }
        return try #require(error)
    }

    /// Has another program change the tables.
    private func alter(_ sql: String) async throws {
        let other = try DatabaseQueue(path: folder.file())
        try await other.write { try $0.execute(sql: sql) }
        try other.close()
    }

    @Test func aFileThatMayOnlyBeReadIsASettingToMend() async throws {
        let first = try folder.database()
        _ = try await SQLiteTokenStore(database: first).write(change, to: alice, if: .none)
        try first.close()
        let other = try DatabaseQueue(path: folder.file())
        try await other.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try other.close()
        // A version of the format that SQLite reads and does not write (§1.3.3 of its file format): permissions stop no root.
        let handle = try #require(FileHandle(forUpdatingAtPath: folder.file()))
        try handle.seek(toOffset: 18)
        try handle.write(contentsOf: Data([3]))
        try handle.close()
        let error = try await fault {
            let store = SQLiteTokenStore(database: try folder.database())
            _ = try await store.write(change, to: alice, if: .none)
        }
        #expect(error.kind == .misconfigured)
        #expect(error.code == .storeUnavailable)
        #expect(error.message.contains("\(folder.file()) cannot be written. Check its permissions"))
    }

    @Test func aFullDiskIsTransientAndLeavesWhatWasThere() async throws {
        let database = try folder.database()
        let store = SQLiteTokenStore(database: database)
        _ = try await store.write(change, to: alice, if: .none)
        try await database.write { try $0.execute(sql: "PRAGMA max_page_count = 1") }
        let large = TokenChanges(put: [StoredToken(key: "k", value: [UInt8](repeating: 7, count: 1 << 20), endsOn: nil)]
        )
        let error = try await fault { _ = try await store.write(large, to: alice, if: .none) }
        #expect(error.kind == .transient)
        #expect(error.code == .storeUnavailable)
        #expect(error.message.contains("The disk of the SQLite file \(folder.file()) is full. Make room on it."))
        #expect(try await store.read(alice, keys: nil).entries.map(\.value) == [[1, 2, 3]])
    }

    @Test func aTableThatIsGoneIsToldAsNotOurs() async throws {
        let store = SQLiteTokenStore(database: try folder.database())
        _ = try await store.write(change, to: alice, if: .none)
        try await alter("DROP TABLE msal_token")
        let error = try await fault { _ = try await store.read(alice, keys: nil) }
        #expect(error.kind == .misconfigured)
        #expect(error.code == .storeUnavailable)
        #expect(error.message.contains("\(folder.file()) are not as swift-msal made them"))
    }

    @Test func aCountOfWritesThatIsGoneIsToldAsNotOurs() async throws {
        let store = SQLiteTokenStore(database: try folder.database())
        _ = try await store.write(change, to: alice, if: .none)
        try await alter("DELETE FROM msal_number WHERE name = 'version'")
        let error = try await fault { _ = try await store.write(change, to: alice, if: .none) }
        #expect(error.kind == .misconfigured)
        #expect(error.code == .storeUnavailable)
        #expect(error.message.contains("\(folder.file()) are not as swift-msal made them"))
        #expect(try await store.read(alice, keys: nil).entries.map(\.value) == [[1, 2, 3]])
    }

    @Test(arguments: [-1, Int64.min]) func aSchemaOfLessThanNothingIsToldAsNotOurs(_ version: Int64) async throws {
        try folder.database().close()
        try await alter("UPDATE msal_number SET value = \(version) WHERE name = 'schema'")
        let error = try await fault { _ = try folder.database() }
        #expect(error.kind == .misconfigured)
        #expect(error.code == .storeUnavailable)
        #expect(error.message.contains("\(folder.file()) are not as swift-msal made them"))
    }
}
