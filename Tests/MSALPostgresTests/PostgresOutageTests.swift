// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import MSALTesting
import Synchronization
import Testing

@testable import MSALPostgres

extension PostgreSQL {
    @Suite(.enabled(if: ScratchServer.control != nil, "MSAL_TEST_POSTGRES_CONTROL names no script"))
    struct PostgresOutageTests {
        @Test(.timeLimit(.minutes(2)), arguments: ["stop", "kill"])
        func aServerThatIsStoppedAndStartedUnderLoadLosesNothingAcknowledged(_ how: String) async throws {
            try await ScratchServer.withSchema { schema in
                let time = ManualTime()
                let stores = try (0..<2).map { _ in
                    PostgresTokenStore(database: try ScratchServer.database(schema, time: time))
                }
                let load = Load(writers: 16)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    defer { load.end() }
                    for writer in 0..<load.writers {
                        group.addTask { try await load.write(as: "writer-\(writer)", to: stores[writer % 2]) }
                    }
                    for _ in 0..<3 {
                        try await load.waitForWrites(400, advancing: time)
                        try await ScratchServer.control(how)
                        // Each of them fails twice while the server is away.
                        try await load.waitForEverybodyToFail()
                        load.tryAgain(advancing: time)
                        try await load.waitForEverybodyToFail()
                        try await ScratchServer.control("start")
                        load.tryAgain(advancing: time)
                    }
                    try await load.waitForWrites(400, advancing: time)
                    load.end()
                    group.cancelAll()
                }
                let seen = load.record
                #expect(seen.strangers == [])
                #expect(seen.errors.count >= 3 * 2 * load.writers)
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
///
/// Nobody in it looks now and then: whoever waits is told.
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
        /// Counts the news: another write was acknowledged, or the test says that it is time.
        private(set) var news = 0
        /// How many writers have failed since the last news, and wait for some.
        private(set) var waiting = 0
        /// Whether all is over.
        var isOver = false

        /// There is news: everybody who waits goes on.
        mutating func tell() {
            news += 1
            waiting = 0
        }

        /// Takes in a failure of somebody who knew the news up to a number.
        mutating func note(_ error: AuthenticationError, after time: Duration, knowing known: Int) {
            errors.append(error)
            slowestFailure = max(slowestFailure, time)
            if news == known { waiting += 1 }
        }
    }

    /// What the lock guards.
    private struct State {
        var record = Record()
        var watchers: [(isTrue: @Sendable (Record) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// How many write.
    let writers: Int
    private let state = Mutex(State())

    init(writers: Int) {
        self.writers = writers
    }

    /// What writers have seen.
    var record: Record { state.withLock { $0.record } }

    /// Changes the record, and tells those whose time has come.
    private func change(_ body: (inout Record) -> Void) {
        let ready = state.withLock { state in
            body(&state.record)
            let record = state.record
            let ready = state.watchers.filter { $0.isTrue(record) }
            state.watchers.removeAll { $0.isTrue(record) }
            return ready.map(\.continuation)
        }
        ready.forEach { $0.resume() }
    }

    /// Returns when something holds, or all is over.
    ///
    /// - Throws: `CancellationError` to a test that took too long.
    private func wait(until isTrue: @escaping @Sendable (Record) -> Bool) async throws {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let holds = state.withLock { state in
                    if state.record.isOver || isTrue(state.record) { return true }
                    state.watchers.append(({ $0.isOver || isTrue($0) }, continuation))
                    return false
                }
                if holds { continuation.resume() }
            }
        } onCancel: {
            end()
        }
        try Task.checkCancellation()
    }

    /// Writes until all is over; after a failure not before there is news, as somebody does who is told to come back later.
    func write(as name: String, to store: PostgresTokenStore) async throws {
        var number = 0
        while !record.isOver {
            let partition = TokenPartition(kind: .user, name: "\(name)-\(number / 50)")
            let key = "\(number)"
            let changes = TokenChanges(put: [StoredToken(key: key, value: Array(key.utf8), endsOn: nil)])
            let news = record.news
            let start = ContinuousClock.now
            do {
                try await store.write(changes, to: partition, if: .none)
                change {
                    $0.acknowledged[partition.name, default: []].insert(key)
                    $0.count += 1
                    $0.tell()
                }
                number += 1
            } catch is CancellationError {
                return
            } catch let error as AuthenticationError {
                let time = ContinuousClock.now - start
                change { $0.note(error, after: time, knowing: news) }
                try await wait { $0.news > news }
            } catch {
                change { $0.strangers.append("\(error)") }
            }
        }
    }

    /// Returns when so many more writes were acknowledged; whenever all have failed they are let try again.
    func waitForWrites(_ count: Int, advancing time: ManualTime) async throws {
        let goal = record.count + count
        while record.count < goal {
            try await wait { [writers] in $0.count >= goal || $0.waiting == writers }
            if record.count < goal { tryAgain(advancing: time) }
        }
    }

    /// Returns when each writer has failed and waits.
    func waitForEverybodyToFail() async throws {
        try await wait { [writers] in $0.waiting == writers }
    }

    /// Lets those who failed try again, at a time when the next connection may be tried.
    func tryAgain(advancing time: ManualTime) {
        time.advance(by: .seconds(3))
        change { $0.tell() }
    }

    /// Ends it: nobody waits any longer.
    func end() {
        change { $0.isOver = true }
    }
}
