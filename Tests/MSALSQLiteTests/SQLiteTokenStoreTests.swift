// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALSQLite
import MSALTesting
import Testing

@Suite struct SQLiteTokenStoreTests {
    let folder: TemporaryFolder
    let alice = TokenPartition(kind: .user, name: "alice")

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A store on a connection of its own.
    private func store(time: any TimeSource = SystemTime()) throws -> SQLiteTokenStore {
        try SQLiteTokenStore(database: folder.database(), time: time)
    }

    /// Changes that put one entry in.
    private func put(_ key: String, _ text: String = "", endsOn: Date? = nil) -> TokenChanges {
        TokenChanges(put: [StoredToken(key: key, value: Array(text.utf8), endsOn: endsOn)])
    }

    @Test(arguments: TokenStoreSuite.checks)
    func theStoreKeepsItsPromises(_ check: TokenStoreSuite.Check) async throws {
        let time = ManualTime()
        try await check.run(time: time) { try store(time: time) }
    }

    @Test func whatWasWrittenIsThereWhenTheFileIsOpenedAgain() async throws {
        let end = Date(timeIntervalSince1970: 1_900_000_000.25)
        let version = try await store().write(put("k", "v", endsOn: end), to: alice, if: .version(nil))
        let found = try await store().read(alice, keys: nil)
        #expect(found.entries == [StoredToken(key: "k", value: Array("v".utf8), endsOn: end)])
        #expect(found.version == version)
    }

    @Test func eightWritersLoseNothing() async throws {
        try await withThrowingTaskGroup { group in
            for writer in 0..<8 {
                let store = try store()
                group.addTask {
                    for number in 0..<100 {
                        _ = try await store.write(put("\(writer)-\(number)"), to: alice, if: .none)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store().read(alice, keys: nil).entries.count == 800)
    }

    @Test func eightWhoCountWithAConditionCountEveryOne() async throws {
        _ = try await store().write(put("count", "0"), to: alice, if: .none)
        try await withThrowingTaskGroup { group in
            for _ in 0..<8 {
                let store = try store()
                group.addTask {
                    var left = 50
                    while left > 0 {
                        let found = try await store.read(alice, keys: ["count"])
                        let count = Int(String(decoding: try #require(found.entries.first).value, as: UTF8.self)) ?? 0
                        let next = put("count", "\(count + 1)")
                        if try await store.write(next, to: alice, if: .version(found.version)) != nil { left -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await store().read(alice, keys: nil).entries.first?.value == Array("400".utf8))
    }

    @Test func moreEndedEntriesThanAreSweptAtATimeAllGo() async throws {
        let store = try store()
        let past = Date(timeIntervalSince1970: 1_000)
        let ended = (0..<1_234).map { StoredToken(key: "\($0)", value: [1], endsOn: past) }
        _ = try await store.write(TokenChanges(put: ended), to: alice, if: .none)
        let bob = TokenPartition(kind: .user, name: "bob")
        let kept = [StoredToken(key: "kept", value: [2], endsOn: nil)]
        let version = try await store.write(TokenChanges(put: ended + kept), to: bob, if: .none)
        #expect(try await store.removeEntries(endingBefore: past.addingTimeInterval(1)) == 2_468)
        #expect(try await store.removeEntries(endingBefore: past.addingTimeInterval(1)) == 0)
        #expect(try await store.partitions(.user, after: nil, limit: 10) == [bob])
        let found = try await store.read(bob, keys: nil)
        #expect(found.entries == kept)
        #expect(found.version != version)
    }

    @Test func aLeaseFromBeforeTheClockWasSetBackBindsNobody() async throws {
        let time = ManualTime()
        let store = try store(time: time)
        #expect(try await store.takeLease(on: alice, as: "one", for: .seconds(30)))
        #expect(try await !store.takeLease(on: alice, as: "two", for: .seconds(30)))
        time.advance(by: .seconds(29))
        #expect(try await !store.takeLease(on: alice, as: "two", for: .seconds(30)))
        time.advance(by: .seconds(1))
        #expect(try await store.takeLease(on: alice, as: "two", for: .seconds(30)))
        time.advance(by: .seconds(-3_600))
        #expect(try await store.takeLease(on: alice, as: "three", for: .seconds(30)))
    }

    @Test func whoeverIsCancelledGetsACancellationError() async throws {
        let store = try store()
        let task = Task { () async throws -> Void in
            while true { _ = try await store.write(put("k", "v"), to: alice, if: .none) }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await store.write(put("k", "w"), to: alice, if: .none) != nil)
        #expect(try await store.read(alice, keys: nil).entries.map(\.value) == [Array("w".utf8)])
    }
}
