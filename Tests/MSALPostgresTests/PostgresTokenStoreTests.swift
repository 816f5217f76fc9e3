// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALPostgres
import MSALTesting
import Testing

extension PostgreSQL {
    @Suite struct PostgresTokenStoreTests {
        let alice = TokenPartition(kind: .user, name: "alice")

        /// Changes that put one entry in.
        private func put(_ key: String, _ text: String = "", endsOn: Date? = nil) -> TokenChanges {
            TokenChanges(put: [StoredToken(key: key, value: Array(text.utf8), endsOn: endsOn)])
        }

        @Test(arguments: TokenStoreSuite.checks)
        func theStoreKeepsItsPromises(_ check: TokenStoreSuite.Check) async throws {
            try await ScratchServer.withSchema { schema in
                try await check.run { try PostgresTokenStore(database: ScratchServer.database(schema)) }
            }
        }

        @Test func aLeaseEndsByTheServersClock() async throws {
            try await ScratchServer.withSchema { schema in
                let one = PostgresTokenStore(database: try ScratchServer.database(schema))
                let two = PostgresTokenStore(database: try ScratchServer.database(schema))
                #expect(try await one.takeLease(on: alice, as: "one", for: .seconds(300)))
                #expect(try await two.takeLease(on: alice, as: "two", for: .seconds(300)) == false)
                // The holder dies, and its time passes.
                try ScratchServer.run("UPDATE \(schema).token_lease SET ends_on = ends_on - interval '301 seconds'")
                #expect(try await two.takeLease(on: alice, as: "two", for: .seconds(300)))
                #expect(try await one.takeLease(on: alice, as: "one", for: .seconds(300)) == false)
            }
        }

        @Test func ofManyNodesOneAtATimeHoldsALease() async throws {
            try await ScratchServer.withSchema { schema in
                let stores = try (0..<2).map { _ in PostgresTokenStore(database: try ScratchServer.database(schema)) }
                let taken = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<64 {
                        group.addTask {
                            try await stores[number % 2].takeLease(on: alice, as: "\(number)", for: .seconds(60))
                        }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                #expect(taken == 1)
            }
        }

        @Test func aSweepThatGoesOverManyRoundsTakesOutEverythingThatHasEnded() async throws {
            try await ScratchServer.withSchema { schema in
                let store = PostgresTokenStore(database: try ScratchServer.database(schema))
                let now = Date(timeIntervalSince1970: 1_790_000_000)
                for partition in 0..<60 {
                    let entries = (0..<20).map {
                        StoredToken(key: "\($0)", value: [1], endsOn: $0 == 0 ? nil : now - Double($0))
                    }
                    let target = TokenPartition(kind: .user, name: "\(partition)")
                    try await store.write(TokenChanges(put: entries), to: target, if: .none)
                }
                let version = try await store.read(TokenPartition(kind: .user, name: "7"), keys: nil).version
                #expect(try await store.removeEntries(endingBefore: now) == 60 * 19)
                let rest = try await store.read(TokenPartition(kind: .user, name: "7"), keys: nil)
                #expect(rest.entries.map(\.key) == ["0"])
                #expect(rest.version != version)
                #expect(try await store.removeEntries(endingBefore: now) == 0)
            }
        }

        @Test func anUnconditionalRemovalTakesOutWhatAWriterBeforeItPutIn() async throws {
            // The removal has to wait for the writer, and must then see what that wrote.
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema)
                let store = PostgresTokenStore(database: database)
                for round in 0..<50 {
                    try await store.write(put("stays"), to: alice, if: .none)
                    async let written = store.write(put("goes", "\(round)"), to: alice, if: .none)
                    async let removed = store.write(TokenChanges(remove: ["goes"]), to: alice, if: .none)
                    let versions = try await (#require(written), #require(removed))
                    let found = try await store.read(alice, keys: nil)
                    // Whoever was last gave the version that is there now.
                    let isGone = !found.entries.contains { $0.key == "goes" }
                    #expect(isGone == (found.version == versions.1))
                }
            }
        }
    }
}
