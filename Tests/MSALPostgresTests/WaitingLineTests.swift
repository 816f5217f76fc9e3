// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import MSALTesting
import Testing

@testable import MSALPostgres

@Suite struct WaitingLineTests {
    let time = ManualTime()

    /// A line for so many things.
    private func line(_ count: Int, capacity: Int = 10) -> WaitingLine<Int> {
        WaitingLine(for: Array(0..<count), capacity: capacity, limit: .seconds(5), time: time)
    }

    /// Returns when so many wait, all of them with their time limits running.
    private func reaches(_ count: Int, _ line: WaitingLine<Int>) async {
        while line.waitingCount != count || time.sleeperCount != count { await Task.yield() }
    }

    @Test func whatWasUsedLastIsHandedOutFirst() async throws {
        let line = line(3)
        let first = try await line.take()
        let second = try await line.take()
        line.giveBack(first)
        line.giveBack(second)
        #expect(try await line.take() == second)
    }

    @Test func whoWaitsGetsItInTheOrderOfArrival() async throws {
        let line = line(1)
        let item = try await line.take()
        let first = Task { try await line.take() }
        await reaches(1, line)
        let second = Task { try await line.take() }
        await reaches(2, line)
        line.giveBack(item)
        #expect(try await first.value == item)
        #expect(line.waitingCount == 1)
        line.giveBack(item)
        #expect(try await second.value == item)
        line.giveBack(item)
        #expect(try await line.take() == item)
    }

    @Test func oneMoreThanMayWaitIsRefusedAtOnce() async throws {
        let line = line(1, capacity: 2)
        let item = try await line.take()
        let waiting = [Task { try await line.take() }, Task { try await line.take() }]
        await reaches(2, line)
        await #expect(throws: WaitingLine<Int>.Refusal.full) { try await line.take() }
        line.giveBack(item)
        line.giveBack(item)
        for task in waiting { _ = try await task.value }
    }

    @Test func whoWaitsTooLongIsRefusedAndLosesTheOthersNothing() async throws {
        let line = line(1)
        let item = try await line.take()
        let early = Task { try await line.take() }
        await reaches(1, line)
        time.advance(by: .seconds(3))
        let late = Task { try await line.take() }
        await reaches(2, line)
        time.advance(by: .seconds(2))
        await #expect(throws: WaitingLine<Int>.Refusal.tookTooLong) { try await early.value }
        #expect(line.waitingCount == 1)
        line.giveBack(item)
        #expect(try await late.value == item)
    }

    @Test func aCancelledWaiterLeavesAtOnce() async throws {
        let line = line(1)
        let item = try await line.take()
        let cancelled = Task { try await line.take() }
        await reaches(1, line)
        let patient = Task { try await line.take() }
        await reaches(2, line)
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        #expect(line.waitingCount == 1)
        line.giveBack(item)
        #expect(try await patient.value == item)
    }

    @Test func whoIsCancelledBeforehandTakesNothing() async throws {
        let line = line(1)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await line.take()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await line.take() == 0)
    }

    @Test func nothingIsLostHoweverWaitersComeAndGo() async throws {
        let line = WaitingLine(for: Array(0..<4), capacity: 1000, limit: .seconds(60), time: SystemTime())
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<400 {
                group.addTask {
                    let task = Task {
                        let item = try await line.take()
                        await Task.yield()
                        line.giveBack(item)
                    }
                    if number % 3 == 0 { task.cancel() }
                    _ = await task.result
                }
            }
        }
        var items: Set<Int> = []
        for _ in 0..<4 { items.insert(try await line.take()) }
        #expect(items == [0, 1, 2, 3])
        #expect(line.waitingCount == 0)
    }
}
