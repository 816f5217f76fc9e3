// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALTesting
import MSALWeb
import Testing

@testable import MSALPostgres

extension PostgreSQL {
    @Suite struct PostgresSessionStoreTests {
        let keys = KeyRing(.random())
        let now = Date(timeIntervalSince1970: 1_790_000_000)

        /// A session whose texts are easy to look for.
        private func record(_ key: String, version: Int = 1) -> SessionRecord {
            let account = Account(
                homeAccountID: "seek-subject.seek-realm",
                environment: "seek-environment",
                tenantID: "seek-realm",
                localAccountID: "seek-subject",
                username: "seek-user@example.com",
                name: "Seek Name"
            )
            let session = Session(
                account: account,
                user: UserKey(realm: "seek-realm", subject: "seek-subject"),
                name: "Seek Name",
                username: "seek-user@example.com",
                roles: ["Seek.Role"],
                providerSessionID: "seek-sid",
                authenticatedAt: now,
                createdAt: now,
                csrfSecret: Array("seek-csrf".utf8)
            )
            return SessionRecord(
                key: SessionKey(rawValue: key),
                session: session,
                version: version,
                lastSeenAt: now,
                expiresAt: now + 3600
            )
        }

        @Test(arguments: SessionStoreSuite.checks)
        func theStoreKeepsItsPromises(_ check: SessionStoreSuite.Check) async throws {
            try await ScratchServer.withSchema { schema in
                try await check.run {
                    PostgresSessionStore(database: try ScratchServer.database(schema), keys: keys)
                }
            }
        }

        @Test func nothingOfASessionCanBeReadInTheTable() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema)
                let store = PostgresSessionStore(database: database, keys: keys)
                #expect(try await store.put(record("one"), replacing: nil, at: now))
                let spent = SpentSignIn(
                    key: SessionKey(rawValue: "spent"),
                    returnTo: try #require(LocalPath("/seek-path")),
                    expiresAt: now + 60
                )
                #expect(try await store.spend(spent, at: now))
                let content = try await database.run(isRepeatable: true) { link in
                    ["session", "spent_sign_in"].map { table in
                        let statement = PostgresStatement(
                            "dump_\(table)",
                            "SELECT (t.*)::text || encode(t.sealed, 'escape') FROM \(schema).\(table) AS t"
                        )
                        return (try? link.execute(statement).text(0, 0)) ?? ""
                    }
                }
                #expect(content[0].contains("one") && content[1].contains("spent"))
                #expect(!content.joined().lowercased().contains("seek"))
            }
        }

        @Test func anAlteredSessionIsNoneAndIsDeletedAndLoggedOnceWithoutItsContent() async throws {
            try await ScratchServer.withSchema { schema in
                let log = LogRecorder()
                let database = try ScratchServer.database(schema)
                let store = PostgresSessionStore(database: database, keys: keys, logger: log.logger)
                #expect(try await store.put(record("good"), replacing: nil, at: now))
                #expect(try await store.put(record("bad"), replacing: nil, at: now))
                try ScratchServer.run(
                    """
                    UPDATE \(schema).session SET sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)
                    WHERE key = 'bad'
                    """
                )
                #expect(try await store.session(for: SessionKey(rawValue: "bad"), at: now) == nil)
                #expect(try await store.session(for: SessionKey(rawValue: "bad"), at: now) == nil)
                #expect(log.lines.count == 1)
                #expect(log.lines.allSatisfy { $0.contains("cannot be opened") && !$0.contains("bad") })
                #expect(try await store.session(for: SessionKey(rawValue: "good"), at: now) == record("good"))
                #expect(try await store.deleteSessions(of: record("good").session.user) == 1)
            }
        }

        @Test func aSessionOfOneKeyIsNoneUnderAnother() async throws {
            try await ScratchServer.withSchema { schema in
                let store = PostgresSessionStore(database: try ScratchServer.database(schema), keys: keys)
                #expect(try await store.put(record("mine"), replacing: nil, at: now))
                #expect(try await store.put(record("yours"), replacing: nil, at: now))
                try ScratchServer.run(
                    """
                    UPDATE \(schema).session SET sealed =
                        (SELECT sealed FROM \(schema).session WHERE key = 'yours') WHERE key = 'mine'
                    """
                )
                #expect(try await store.session(for: SessionKey(rawValue: "mine"), at: now) == nil)
                #expect(try await store.session(for: SessionKey(rawValue: "yours"), at: now) == record("yours"))
            }
        }

        @Test func aSpentSignInThatNoKeyOpensStaysSpentAndLeadsToTheStartPage() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema)
                let path = try #require(LocalPath("/claims"))
                let spent = SpentSignIn(key: SessionKey(rawValue: "spent"), returnTo: path, expiresAt: now + 900)
                #expect(try await PostgresSessionStore(database: database, keys: keys).spend(spent, at: now))
                let other = PostgresSessionStore(database: database, keys: KeyRing(.random()))
                let found = try await other.spentSignIn(for: spent.key, at: now)
                #expect(found == SpentSignIn(key: spent.key, returnTo: .root, expiresAt: now + 900))
                #expect(try await !other.spend(spent, at: now))
            }
        }

        @Test func aNewKeyInFrontKeepsTheOldSessions() async throws {
            try await ScratchServer.withSchema { schema in
                let old = SealingKey.random()
                let new = SealingKey.random()
                let database = try ScratchServer.database(schema)
                let before = PostgresSessionStore(database: database, keys: KeyRing(old))
                #expect(try await before.put(record("one"), replacing: nil, at: now))
                let after = PostgresSessionStore(database: database, keys: KeyRing(new, opening: [old]))
                #expect(try await after.session(for: SessionKey(rawValue: "one"), at: now) == record("one"))
                #expect(try await after.put(record("one", version: 2), replacing: 1, at: now))
                let later = PostgresSessionStore(database: database, keys: KeyRing(new))
                #expect(try await later.session(for: SessionKey(rawValue: "one"), at: now)?.version == 2)
            }
        }

        @Test func endedSessionsAndSignInsAreSweptAtMostOnceAMinute() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema)
                let store = PostgresSessionStore(database: database, keys: keys)
                let count = {
                    try await database.run(isRepeatable: true) { link in
                        let count =
                            "SELECT (SELECT count(*) FROM \(schema).session)"
                            + " + (SELECT count(*) FROM \(schema).spent_sign_in)"
                        return try link.execute(PostgresStatement("count", count)).integer(0, 0)
                    }
                }
                var short = record("short")
                short.expiresAt = now + 10
                #expect(try await store.put(short, replacing: nil, at: now))
                let spent = SpentSignIn(key: SessionKey(rawValue: "spent"), returnTo: .root, expiresAt: now + 10)
                #expect(try await store.spend(spent, at: now))
                #expect(try await store.put(record("second"), replacing: nil, at: now + 59))
                #expect(try await count() == 3)
                #expect(try await store.put(record("third"), replacing: nil, at: now + 60))
                #expect(try await count() == 2)
            }
        }
    }
}
