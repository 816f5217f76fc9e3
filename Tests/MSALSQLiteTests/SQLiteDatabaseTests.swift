// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import MSALCore
import MSALSQLite
import Testing

@Suite struct SQLiteDatabaseTests {
    let folder: TemporaryFolder
    let alice = TokenPartition(kind: .user, name: "alice")
    let change = TokenChanges(put: [StoredToken(key: "k", value: [1, 2, 3], endsOn: nil)])

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What opening a file throws.
    private func fault(opening path: String) -> AuthenticationError? {
        do {
            _ = try SQLiteDatabase(path: path, patience: .milliseconds(20))
            return nil
        } catch {
            return error
        }
    }

    @Test func aNewFileIsForItsOwnerAlone() async throws {
        let database = try SQLiteDatabase(path: folder.file("a/b/tokens.sqlite"))
        _ = try await SQLiteTokenStore(database: database).write(change, to: alice, if: .none)
        for name in ["a/b/tokens.sqlite", "a/b/tokens.sqlite-wal", "a/b/tokens.sqlite-shm"] {
            #expect(try folder.permissions(of: name) == 0o600, "\(name)")
        }
        #expect(try folder.permissions(of: "a") == 0o700)
        #expect(try folder.permissions(of: "a/b") == 0o700)
    }

    @Test func aFileThatExistsKeepsItsPermissions() throws {
        try Data().write(to: URL(fileURLWithPath: folder.file()))
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.file())
        _ = try folder.database()
        #expect(try folder.permissions(of: "tokens.sqlite") == 0o640)
    }

    @Test func whatCannotBeADatabaseIsASettingToMend() throws {
        try Data(repeating: 0x41, count: 8_192).write(to: URL(fileURLWithPath: folder.file("text")))
        try FileManager.default.createDirectory(atPath: folder.file("folder"), withIntermediateDirectories: true)
        for name in ["text", "folder", "text/below/a/file"] {
            let error = try #require(fault(opening: folder.file(name)), "\(name)")
            #expect(error.kind == .misconfigured)
            #expect(error.code == .storeUnavailable)
            #expect(error.message.contains(folder.file(name)))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("text"))) == Data(repeating: 0x41, count: 8_192))
    }

    @Test func aDamagedPageIsToldAsDamage() async throws {
        try await {
            let store = try SQLiteTokenStore(database: folder.database())
            for number in 0..<200 {
                _ = try await store.write(change, to: TokenPartition(kind: .user, name: "\(number)"), if: .none)
            }
        }()
        let handle = try #require(FileHandle(forUpdatingAtPath: folder.file()))
        let size = try handle.seekToEnd()
        try handle.seek(toOffset: 4_096)
        try handle.write(contentsOf: Data(repeating: 0x5A, count: Int(size) - 4_096))
        try handle.close()
        let error = await #expect(throws: AuthenticationError.self) {
            let store = try SQLiteTokenStore(database: folder.database())
            _ = try await store.read(TokenPartition(kind: .user, name: "7"), keys: nil)
        }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .storeUnavailable)
    }

    @Test func aFileOfALaterReleaseIsRefusedAndNotTouched() async throws {
        _ = try folder.database()
        let queue = try DatabaseQueue(path: folder.file())
        try await queue.write { try $0.execute(sql: "UPDATE msal_number SET value = 99 WHERE name = 'schema'") }
        let error = try #require(fault(opening: folder.file()))
        #expect(error.kind == .misconfigured)
        #expect(error.message.contains("version 99"))
        #expect(
            try await queue.read { try Int.fetchOne($0, sql: "SELECT value FROM msal_number WHERE name = 'schema'") }
                == 99
        )
    }

    @Test func aFileThatOthersLockIsWaitedForButNotForEver() async throws {
        let store = try SQLiteTokenStore(database: folder.database(patience: .milliseconds(20)))
        let patient = try SQLiteTokenStore(database: folder.database())
        var settings = Configuration()
        settings.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.file(), configuration: settings)
        try await other.writeWithoutTransaction { try $0.beginTransaction(.immediate) }
        #expect(try await store.read(alice, keys: nil).entries.isEmpty)
        let error = await #expect(throws: AuthenticationError.self) {
            _ = try await store.write(change, to: alice, if: .none)
        }
        #expect(error?.kind == .transient)
        #expect(error?.code == .storeUnavailable)
        async let written = patient.write(change, to: alice, if: .none)
        try await other.writeWithoutTransaction { try $0.rollback() }
        #expect(try await written != nil)
    }

    @Test func anApplicationKeepsItsOwnTablesAndMigrationsInTheSameFile() async throws {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try $0.execute(sql: "CREATE TABLE token (id INTEGER PRIMARY KEY)") }
        let own = try DatabasePool(path: folder.file())
        try migrator.migrate(own)
        let store = try SQLiteTokenStore(database: folder.database())
        _ = try await store.write(change, to: alice, if: .none)
        #expect(try await own.read(migrator.hasCompletedMigrations))
        #expect(try await !own.read(migrator.hasBeenSuperseded))
        try await own.write { try $0.execute(sql: "INSERT INTO token DEFAULT VALUES") }
        let tables = try await own.read {
            try String.fetchAll($0, sql: "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
        }
        #expect(tables.filter { !$0.hasPrefix("msal_") } == ["grdb_migrations", "token"])
    }

    @Test func manyThatOpenANewFileAtOnceAllFindItReady() async throws {
        for round in 0..<10 {
            let path = folder.file("new\(round).sqlite")
            try await withThrowingTaskGroup { group in
                for number in 0..<8 {
                    group.addTask {
                        let store = SQLiteTokenStore(database: try SQLiteDatabase(path: path))
                        _ = try await store.write(change, to: TokenPartition(kind: .user, name: "\(number)"), if: .none)
                    }
                }
                try await group.waitForAll()
            }
            let store = SQLiteTokenStore(database: try SQLiteDatabase(path: path))
            #expect(try await store.partitions(.user, after: nil, limit: 100).count == 8)
        }
    }

    @Test func aClosedFileSaysSo() async throws {
        let database = try folder.database()
        let store = SQLiteTokenStore(database: database)
        try database.close()
        let error = await #expect(throws: AuthenticationError.self) { _ = try await store.read(alice, keys: nil) }
        #expect(error?.kind == .invalidCall)
    }
}
