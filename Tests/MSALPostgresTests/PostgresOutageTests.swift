// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import Synchronization
import Testing

@testable import MSALPostgres

extension PostgreSQL {
    @Suite(.enabled(if: ScratchServer.control != nil, "MSAL_TEST_POSTGRES_CONTROL names no script"))
    struct PostgresOutageTests {
        @Test(arguments: ["stop", "kill"])
        func aServerThatIsStoppedAndStartedUnderLoadLosesNothingAcknowledged(_ how: String) async throws {
            try await ScratchServer.withSchema { schema in
                let stores = try (0..<2).map { _ in PostgresTokenStore(database: try ScratchServer.database(schema)) }
                let load = Load()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<16 {
                        group.addTask { await load.write(as: "writer-\(writer)", to: stores[writer % 2]) }
                    }
                    for _ in 0..<3 {
                        try await load.waitForWrites(400)
                        try await ScratchServer.control(how)
                        try await load.waitForErrors(32)
                        try await ScratchServer.control("start")
                    }
                    try await load.waitForWrites(400)
                    group.cancelAll()
                }
                let seen = load.record.withLock { $0 }
                #expect(seen.strangers == [])
                let others = seen.errors.filter { $0.kind != .transient || $0.code != .storeUnavailable }
                #expect(others.map(\.message) == [])
                // A connection that is refused or cut is known at once; what waits for nothing takes seconds.
                #expect(seen.slowestFailure < .seconds(3))
                let reader = PostgresTokenStore(database: try ScratchServer.database(schema))
                for (name, keys) in seen.acknowledged {
                    let found = try await reader.read(TokenPartition(kind: .user, name: name), keys: nil)
                    #expect(keys.subtracting(found.entries.map(\.key)).isEmpty)
                }
            }
        }
    }
}

/// Writers, and what they have seen.
private final class Load: Sendable {
    /// What writers have seen.
    struct Record {
        /// The entries whose writes were acknowledged, by partition.
        var acknowledged: [String: Set<String>] = [:]
        /// What was thrown.
        var errors: [AuthenticationError] = []
        /// Something else that was thrown.
        var strangers: [String] = []
        /// The longest time that a call took that failed.
        var slowestFailure: Duration = .zero
        /// How many writes were acknowledged.
        var count = 0
    }

    /// What writers have seen.
    let record = Mutex(Record())

    /// Writes until the task is cancelled.
    func write(as name: String, to store: PostgresTokenStore) async {
        var number = 0
        while !Task.isCancelled {
            let partition = TokenPartition(kind: .user, name: "\(name)-\(number / 50)")
            let key = "\(number)"
            let changes = TokenChanges(put: [StoredToken(key: key, value: Array(key.utf8), endsOn: nil)])
            let start = ContinuousClock.now
            do {
                try await store.write(changes, to: partition, if: .none)
                record.withLock {
                    $0.acknowledged[partition.name, default: []].insert(key)
                    $0.count += 1
                }
                number += 1
            } catch is CancellationError {
                return
            } catch let error as AuthenticationError {
                let time = ContinuousClock.now - start
                record.withLock {
                    $0.errors.append(error)
                    $0.slowestFailure = max($0.slowestFailure, time)
                }
                // The pace of somebody who tries again, so that the server has the processor to come back with.
                try? await Task.sleep(for: .milliseconds(20))
            } catch {
                record.withLock { $0.strangers.append("\(error)") }
            }
        }
    }

    /// Returns when so many more writes were acknowledged.
    func waitForWrites(_ count: Int) async throws {
        let goal = record.withLock { $0.count } + count
        try await wait { self.record.withLock { $0.count } >= goal }
    }

    /// Returns when so many more calls have failed.
    func waitForErrors(_ count: Int) async throws {
        let goal = record.withLock { $0.errors.count } + count
        try await wait { self.record.withLock { $0.errors.count } >= goal }
    }

    /// Returns when something holds; fails after a minute.
    private func wait(until isTrue: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while !isTrue() {
            try #require(ContinuousClock.now < end, "waited in vain")
            // Looks again now and then; nothing depends on how often.
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
