// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Logging
import MSALCore
import MSALSQLite
import MSALTesting
import MSALWeb
import Testing

@Suite struct SQLiteSessionStoreTests {
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

    @Test(arguments: SessionStoreSuite.checks)
    func theStoreKeepsItsPromises(_ check: SessionStoreSuite.Check) async throws {
        try await check.run { try store() }
    }

    @Test func aSessionIsTheSameWhenTheFileIsOpenedAgain() async throws {
        let one = record("one", sid: "sid")
        #expect(try await store().put(one, replacing: nil, at: now))
        #expect(try await store().session(for: one.key, at: now) == one)
    }

    @Test func theFileSaysNothingAboutWhoseSessionsItHolds() async throws {
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

    @Test func aSpentSignInThatNoKeyOpensStaysSpentAndLeadsToTheStartPage() async throws {
        let path = try #require(LocalPath("/claims"))
        let end = now.addingTimeInterval(900)
        let spent = SpentSignIn(key: SessionKey(rawValue: "spent"), returnTo: path, expiresAt: end)
        #expect(try await store().spend(spent, at: now))
        let other = try store(KeyRing(.random()))
        let found = try await other.spentSignIn(for: spent.key, at: now)
        #expect(found == SpentSignIn(key: spent.key, returnTo: .root, expiresAt: end))
        #expect(try await !other.spend(spent, at: now))
    }

    @Test func sessionsOfAnOlderKeyAreReadWhileItIsInTheRing() async throws {
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

    @Test func anAlteredRowIsNoSessionAndDoesNotHarmItsNeighbour() async throws {
        let store = try store()
        let one = record("one")
        let two = record("two", user: "other")
        for record in [one, two] { _ = try await store.put(record, replacing: nil, at: now) }
        try await tamper(
            "UPDATE msal_session SET value = CAST(substr(value, 1, 40) || x'00' AS BLOB) WHERE key = 'one'"
        )
        #expect(try await store.session(for: one.key, at: now) == nil)
        #expect(try await store.session(for: two.key, at: now) == two)
        #expect(try await count() == 1)
        #expect(try await store.put(one, replacing: nil, at: now))
        #expect(try await store.session(for: one.key, at: now) == one)
    }

    @Test func swappedRowsOpenNobodysSession() async throws {
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

    @Test func ofEightWhoChangeASessionAtOnceOneDoes() async throws {
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

    @Test func ofEightWhoSpendASignInAtOnceOneDoes() async throws {
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

    @Test func sessionsAreFoundByRealmAndNameTogether() async throws {
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

    @Test func endedRowsAreSweptAtMostOnceAMinute() async throws {
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

    @Test func aSessionThatHasEndedIsNotBroughtBackByBeingTouched() async throws {
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
