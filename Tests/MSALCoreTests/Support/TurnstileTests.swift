// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import Synchronization
import Testing

@Suite struct TurnstileTests {
    private struct Failure: Error {}

    /// What happened, in order.
    private final class Diary: Sendable {
        private let entries = Mutex<[Int]>([])

        var all: [Int] { entries.withLock { $0 } }

        func note(_ entry: Int) { entries.withLock { $0.append(entry) } }
    }

    @Test func turnsComeOneByOneInTheOrderTheyWereAskedFor() async throws {
        let turnstile = Turnstile<String>()
        let (gate, diary) = (Gate(), Diary())
        let tasks = await queue(0..<20, at: turnstile, gate, diary)
        await gate.open()
        for task in tasks { try await task.value }
        #expect(diary.all == Array(0..<20))
        #expect(turnstile.keyCount == 0)
    }

    @Test func keysDoNotWaitForOneAnother() async throws {
        let turnstile = Turnstile<String>()
        let (gate, diary) = (Gate(), Diary())
        let tasks = await queue(0..<2, at: turnstile, gate, diary)
        #expect(try await turnstile.inTurn("other") { turnstile.keyCount } == 2)
        await gate.open()
        for task in tasks { try await task.value }
    }

    @Test func aCancelledWaiterLeavesWithoutHarm() async throws {
        let turnstile = Turnstile<String>()
        let (gate, diary) = (Gate(), Diary())
        let tasks = await queue(0..<5, at: turnstile, gate, diary)
        for place in [1, 3, 4] {
            tasks[place].cancel()
            await #expect(throws: CancellationError.self) { try await tasks[place].value }
        }
        #expect(turnstile.waiterCount(for: "k") == 1)
        await gate.open()
        try await tasks[0].value
        try await tasks[2].value
        #expect(diary.all == [0, 2])
        #expect(turnstile.keyCount == 0)
    }

    @Test func whoIsThroughIsNotThrownOutByACancellation() async throws {
        let turnstile = Turnstile<String>()
        let gate = Gate()
        let task = Task {
            try await turnstile.inTurn("k") {
                await gate.wait()
                return Task.isCancelled
            }
        }
        await until { await gate.waiterCount == 1 }
        task.cancel()
        await gate.open()
        #expect(try await task.value)
        #expect(turnstile.keyCount == 0)
    }

    @Test func whoIsCancelledAlreadyGetsNoTurn() async {
        let turnstile = Turnstile<String>()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await turnstile.inTurn("k") { 1 }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(turnstile.keyCount == 0)
    }

    @Test func aFailureLetsTheNextOneThrough() async throws {
        let turnstile = Turnstile<String>()
        await #expect(throws: Failure.self) { try await turnstile.inTurn("k") { throw Failure() } }
        #expect(try await turnstile.inTurn("k") { 2 } == 2)
        #expect(turnstile.keyCount == 0)
    }

    @Test @MainActor func theOperationStaysOnItsCallersExecutor() async throws {
        let turnstile = Turnstile<String>()
        var seen = 0
        try await turnstile.inTurn("k") {
            MainActor.preconditionIsolated()
            seen += 1
        }
        #expect(seen == 1)
    }

    @Test func aThousandTasksNeverMeet() async throws {
        let turnstile = Turnstile<Int>()
        let inside = (0..<3).map { _ in Counter() }
        let (meetings, turns) = (Counter(), Counter())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<1_000 {
                group.addTask {
                    let key = number % 3
                    let task = Task {
                        try await turnstile.inTurn(key) {
                            let before = inside[key].next()
                            for _ in 0..<(number % 4) { await Task.yield() }
                            if inside[key].value != before { meetings.next() }
                            turns.next()
                            if number.isMultiple(of: 11) { throw Failure() }
                        }
                    }
                    if number.isMultiple(of: 5) { task.cancel() }
                    _ = await task.result
                }
            }
        }
        #expect(meetings.value == 0)
        #expect(turns.value >= 800)
        #expect(turnstile.keyCount == 0)
    }

    /// Tasks that note their number in turn; the first is through and waits for the gate, the others stand in order.
    private func queue(
        _ numbers: Range<Int>,
        at turnstile: Turnstile<String>,
        _ gate: Gate,
        _ diary: Diary
    ) async -> [Task<Void, any Error>] {
        var tasks: [Task<Void, any Error>] = []
        for number in numbers {
            tasks.append(
                Task {
                    try await turnstile.inTurn("k") {
                        await gate.wait()
                        diary.note(number)
                    }
                }
            )
            await until { turnstile.keyCount == 1 && turnstile.waiterCount(for: "k") == number - numbers.lowerBound }
        }
        return tasks
    }
}
