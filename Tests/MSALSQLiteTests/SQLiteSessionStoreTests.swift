// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Logging
import MSALCore
import MSALSQLite
import MSALWeb
import Testing

@Suite("Sessions in a SQLite file")
struct SQLiteSessionStoreTests {
    let folder: TemporaryFolder
    let now = Date(timeIntervalSince1970: 1_788_256_800)
    let keys = KeyRing(.random())

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A store on a connection of its own.
    private func store(_ keys: KeyRing? = nil) throws -> SQLiteSessionStore {
        try SQLiteSessionStore(database: folder.database(), keys: keys ?? self.keys)
    }

    /// A session that was just used.
    private func record(_ key: String, user: String = "subject-of-alice", sid: String? = nil) -> SessionRecord {
        let account = Account(
            homeAccountID: "\(user).home",
            environment: "id.example",
            tenantID: "realm-of-harbour",
            localAccountID: user,
            username: "alice@harbour.example",
            name: "Alice Harbour"
        )
        return SessionRecord(
            key: SessionKey(rawValue: key),
            session: Session(
                account: account,
                user: UserKey(realm: "realm-of-harbour", subject: user),
                name: "Alice Harbour",
                username: "alice@harbour.example",
                roles: [AppRole(rawValue: "Adjuster")],
                providerSessionID: sid,
                authenticatedAt: now,
                createdAt: now,
                csrfSecret: Array(0..<32)
            ),
            lastSeenAt: now,
            expiresAt: now.addingTimeInterval(3_600)
        )
    }

    /// Changes the file behind the store's back.
    private func tamper(_ sql: String, _ arguments: StatementArguments = []) async throws {
        let queue = try DatabaseQueue(path: folder.file())
        try await queue.write { try $0.execute(sql: sql, arguments: arguments) }
    }

    /// How many sessions the file holds.
    private func count() async throws -> Int {
        let queue = try DatabaseQueue(path: folder.file())
        return try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM msal_session") ?? 0 }
    }

    @Test("A session is the same when the file is opened again")
    func outlivesTheProcess() async throws {
        let one = record("one", sid: "sid")
        #expect(try await store().put(one, replacing: nil, at: now))
        #expect(try await store().session(for: one.key, at: now) == one)
    }

    @Test("The file says nothing about whose sessions it holds or where a sign-in led")
    func sealsWhatItHolds() async throws {
        let store = try store()
        _ = try await store.put(record("one", sid: "provider-session"), replacing: nil, at: now)
        let path = try #require(LocalPath("/claims/of-alice"))
        let spent = SpentSignIn(
            key: SessionKey(rawValue: "spent"),
            returnTo: path,
            expiresAt: now.addingTimeInterval(900)
        )
        #expect(try await store.spend(spent, at: now))
        let bytes = try folder.allBytes()
        #expect(bytes.range(of: Data("msal_session".utf8)) != nil)
        for text in [
            "Alice", "alice", "harbour", "Harbour", "subject-of", "realm-of", "provider-session", "Adjuster", "claims",
            "csrfSecret", "homeAccountID",
        ] {
            #expect(bytes.range(of: Data(text.utf8)) == nil, "\(text)")
        }
        #expect(try await store.spentSignIn(for: spent.key, at: now) == spent)
    }

    @Test("Sessions of an older key are read as long as it is in the key ring, and sealed anew with the next change")
    func rotatesKeys() async throws {
        let old = SealingKey.random()
        let new = SealingKey.random()
        var one = record("one")
        let two = record("two")
        for record in [one, two] { _ = try await store(KeyRing(old)).put(record, replacing: nil, at: now) }
        let both = try store(KeyRing(new, opening: [old]))
        #expect(try await both.session(for: one.key, at: now) == one)
        one.version = 2
        #expect(try await both.put(one, replacing: 1, at: now))
        #expect(try await store(KeyRing(new)).session(for: one.key, at: now) == one)
        #expect(try await store(KeyRing(new)).session(for: two.key, at: now) == nil)
    }

    @Test("A row that was altered is no session, is gone, and does not harm its neighbour")
    func survivesTampering() async throws {
        let store = try store()
        let one = record("one")
        let two = record("two", user: "other")
        for record in [one, two] { _ = try await store.put(record, replacing: nil, at: now) }
        try await tamper("UPDATE msal_session SET value = substr(value, 1, 40) || x'00' WHERE key = 'one'")
        #expect(try await store.session(for: one.key, at: now) == nil)
        #expect(try await store.session(for: two.key, at: now) == two)
        #expect(try await count() == 1)
        #expect(try await store.put(one, replacing: nil, at: now))
        #expect(try await store.session(for: one.key, at: now) == one)
    }

    @Test("Rows whose values were swapped open nobody's session")
    func refusesSwappedRows() async throws {
        let store = try store()
        let one = record("one")
        let two = record("two", user: "other")
        for record in [one, two] { _ = try await store.put(record, replacing: nil, at: now) }
        try await tamper(
            "UPDATE msal_session SET value = (SELECT value FROM msal_session WHERE key = 'two') WHERE key = 'one'"
        )
        #expect(try await store.session(for: one.key, at: now) == nil)
        #expect(try await store.session(for: two.key, at: now) == two)
    }

    @Test("Of eight who change one session at once, one does")
    func comparesVersions() async throws {
        var one = record("one")
        #expect(try await store().put(one, replacing: nil, at: now))
        one.version = 2
        let changed = one
        let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                let store = try store()
                group.addTask { try await store.put(changed, replacing: 1, at: now) }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(wins == 1)
    }

    @Test("Of eight who spend one sign-in at once, one does")
    func spendsOnce() async throws {
        let spent = SpentSignIn(key: SessionKey(rawValue: "k"), returnTo: .root, expiresAt: now.addingTimeInterval(900))
        let wins = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                let store = try store()
                group.addTask { try await store.spend(spent, at: now) }
            }
            return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(wins == 1)
    }

    @Test("People's sessions, and those of a session at the provider, are found by realm and name together")
    func deletesTogether() async throws {
        let store = try store()
        for one in [record("a"), record("b", sid: "s"), record("c", user: "v", sid: "s"), record("d", user: "w")] {
            _ = try await store.put(one, replacing: nil, at: now)
        }
        #expect(
            try await store.deleteSessions(of: UserKey(realm: "realm-of-harbour", subject: "subject-of-alice")) == 2
        )
        #expect(try await store.deleteSessions(of: UserKey(realm: "other", subject: "v")) == 0)
        #expect(try await store.deleteSessions(providerSession: "s", realm: "other") == 0)
        #expect(try await store.deleteSessions(providerSession: "s", realm: "realm-of-harbour") == 1)
        #expect(try await count() == 1)
    }

    @Test("Ended rows are swept at most once a minute")
    func sweeps() async throws {
        let store = try store()
        _ = try await store.put(record("one"), replacing: nil, at: now)
        let hours = now.addingTimeInterval(2 * 3_600)
        for (second, left) in [(0.0, 1), (30, 2), (59, 3)] {
            // Each has ended when it is written.
            _ = try await store.put(record("at \(second)"), replacing: nil, at: hours.addingTimeInterval(second))
            #expect(try await count() == left)
        }
        _ = try await store.put(record("last"), replacing: nil, at: hours.addingTimeInterval(60))
        #expect(try await count() == 1)
    }

    @Test("A session that has ended is none, and is not brought back by being touched")
    func staysEnded() async throws {
        let store = try store()
        let one = record("one")
        _ = try await store.put(one, replacing: nil, at: now)
        let late = now.addingTimeInterval(3_600)
        #expect(try await store.session(for: one.key, at: late) == nil)
        try await store.touch(one.key, lastSeenAt: late, expiresAt: late.addingTimeInterval(3_600))
        #expect(try await store.session(for: one.key, at: late) == nil)
        try await store.touch(one.key, lastSeenAt: now.addingTimeInterval(60), expiresAt: late.addingTimeInterval(60))
        #expect(try await store.session(for: one.key, at: late)?.lastSeenAt == now.addingTimeInterval(60))
    }
}
