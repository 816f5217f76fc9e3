// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import MSALCore
import MSALPostgres
import MSALSQLite

/// A folder that is gone with this object.
final class ScratchFolder: Sendable {
    let url: URL

    /// Makes it.
    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "msal-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }
}

/// Where tokens are kept besides the memory.
struct DurableStore: Sendable {
    let persistence: TokenPersistence
    let store: any TokenStore
    /// Kept for as long as the store.
    private let folder: ScratchFolder?

    /// A new SQLite file.
    static func sqlite() throws -> DurableStore {
        let folder = try ScratchFolder()
        let database = try SQLiteDatabase(path: folder.url.appending(path: "tokens.sqlite").path)
        return DurableStore(SQLiteTokenStore(database: database), folder)
    }

    /// A schema of its own on the server that the environment names.
    static func postgres() throws -> DurableStore {
        guard let server = ProcessInfo.processInfo.environment["MSAL_TEST_POSTGRES"] else {
            throw WrongAnswer("MSAL_TEST_POSTGRES names no server")
        }
        let schema = "msal_bench_\(ProcessInfo.processInfo.processIdentifier)"
        let database = try PostgresDatabase(Secret(server), settings: PostgresSettings(schema: schema))
        return DurableStore(PostgresTokenStore(database: database), nil)
    }

    private init(_ store: any TokenStore, _ folder: ScratchFolder?) {
        self.store = store
        self.folder = folder
        persistence = TokenPersistence(store: store, keys: .ephemeral())
    }
}

/// One sign-in, from the browser's answer to the acknowledged write: the code is redeemed at once, the ID token validated.
final class DurableSignIn: Workload {
    private static let signInsASample = 20

    private let application: ConfidentialClientApplication
    private let signIns: SignIns
    private let held: Int
    private let durable: DurableStore?

    /// An application with users in its store.
    ///
    /// The users are written as entries of the sizes that theirs have, and are never opened.
    ///
    /// - Parameters:
    ///   - users: how many are in the store.
    ///   - durable: the store; nil to keep sign-ins in memory alone.
    /// - Throws: what the store throws.
    init(users: Int, _ durable: DurableStore?) async throws {
        self.durable = durable
        held = users
        signIns = try SignIns()
        application = try makeApplication(signIns.platform, durable?.persistence)
        guard let durable else { return }
        for user in 0..<users {
            let partition = TokenPartition(kind: .user, name: UserDocument.homeAccountID(user))
            try await durable.store.write(TokenChanges(put: Self.entries), to: partition, if: .none)
        }
    }

    /// Entries of a user by their sizes.
    static let entries = [("account", 400), ("access", 2_200), ("refresh", 1_700), ("id", 1_200)].map { name, size in
        StoredToken(key: name, value: (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 167) }, endsOn: nil)
    }

    func sample(_ round: Int) async throws -> [Double] {
        var figures: [Double] = []
        let clock = ContinuousClock()
        for number in 0..<Self.signInsASample {
            let user = held + round * Self.signInsASample + number
            let prepared = try await signIns.prepare(user, at: application)
            let begin = clock.now
            consume(try await application.acquireToken(completing: prepared.flow, with: prepared.response))
            figures.append((clock.now - begin).microseconds)
            guard let durable else { continue }
            let partition = TokenPartition(kind: .user, name: UserDocument.homeAccountID(user))
            guard try await durable.store.read(partition, keys: nil).entries.count >= 4 else {
                throw WrongAnswer("a sign-in was not written")
            }
        }
        return figures
    }

    func facts() async throws -> [String: Double] { [:] }
}

/// The same bytes written by GRDB alone, one transaction a user.
final class BareWrite: Workload {
    private let pool: DatabasePool
    private let folder: ScratchFolder

    /// A file with one table.
    init() throws {
        folder = try ScratchFolder()
        pool = try DatabasePool(path: folder.url.appending(path: "bare.sqlite").path)
        try pool.write { database in
            try database.execute(
                sql: "CREATE TABLE entry (user TEXT, key TEXT, value BLOB, PRIMARY KEY (user, key)) STRICT"
            )
        }
    }

    func sample(_ round: Int) async throws -> [Double] {
        var figures: [Double] = []
        let clock = ContinuousClock()
        for number in 0..<20 {
            let user = UserDocument.homeAccountID(round * 20 + number)
            let begin = clock.now
            try await pool.write { database in
                let statement = try database.cachedStatement(sql: "INSERT OR REPLACE INTO entry VALUES (?, ?, ?)")
                for entry in DurableSignIn.entries {
                    try statement.execute(arguments: [user, entry.key, Data(entry.value)])
                }
            }
            figures.append((clock.now - begin).microseconds)
        }
        return figures
    }
}
