// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import Testing

/// Flights that nobody waits for.
@Suite struct BackgroundFlightTests {
    private struct Failure: Error {}

    @Test func aFlightWithoutWaitersRunsOnce() async throws {
        let flight = SingleFlight<String, Int>()
        let (gate, runs) = (Gate(), Counter())
        let started = (0..<3).map { _ in
            flight.start(for: "k") {
                await gate.wait()
                return runs.next()
            }
        }
        #expect(started == [true, false, false])
        #expect(flight.start(for: "other") { 0 })
        await gate.open()
        await flight.drain()
        #expect(runs.value == 1)
        #expect(flight.runningCount == 0)
        #expect(flight.start(for: "k") { runs.next() })
        await flight.drain()
        #expect(runs.value == 2)
    }

    @Test func itCanBeJoinedAndLeftWithoutEndingIt() async throws {
        let flight = SingleFlight<String, Int>()
        let gate = Gate()
        flight.start(for: "k") {
            await gate.wait()
            return Task.isCancelled ? -1 : 7
        }
        let leaver = Task { try await flight.value(for: "k") { 1 } }
        await until { flight.waiterCount(for: "k") == 1 }
        leaver.cancel()
        await #expect(throws: CancellationError.self) { try await leaver.value }
        #expect(flight.waiterCount(for: "k") == 0)
        let joiner = Task { try await flight.value(for: "k") { 2 } }
        await until { flight.waiterCount(for: "k") == 1 }
        await gate.open()
        #expect(try await joiner.value == 7)
    }

    @Test func itIsNotStartedWhileSomebodyFliesAndItsLastWaiterStillCancels() async throws {
        let flight = SingleFlight<String, Int>()
        let (gate, runs) = (Gate(), Counter())
        let waiter = Task {
            try await flight.value(for: "k") {
                await gate.wait()
                if Task.isCancelled { runs.next() }
                return 1
            }
        }
        await until { flight.waiterCount(for: "k") == 1 }
        #expect(!flight.start(for: "k") { 2 })
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        // The key is free though the cancelled work has not ended yet.
        #expect(flight.start(for: "k") { 3 })
        await gate.open()
        await flight.drain()
        #expect(runs.value == 1)
    }

    @Test func itsFailureReachesWhoJoinedAndIsForgotten() async throws {
        let flight = SingleFlight<String, Int>()
        let gate = Gate()
        flight.start(for: "k") {
            await gate.wait()
            throw Failure()
        }
        let joiner = Task { try await flight.value(for: "k") { 1 } }
        await until { flight.waiterCount(for: "k") == 1 }
        await gate.open()
        await #expect(throws: Failure.self) { try await joiner.value }
        flight.start(for: "alone") { throw Failure() }
        await flight.drain()
        #expect(try await flight.value(for: "k") { 2 } == 2)
        #expect(try await flight.value(for: "alone") { 3 } == 3)
    }

    @Test func cancellingAllFreesWaitersAtOnceAndDrainWaitsForTheWork() async throws {
        let flight = SingleFlight<String, Int>()
        let (gate, ended) = (Gate(), Counter())
        for key in ["a", "b"] {
            flight.start(for: key) {
                await gate.wait()
                return Task.isCancelled ? ended.next() : 0
            }
        }
        let waiter = Task { try await flight.value(for: "a") { 1 } }
        await until { flight.waiterCount(for: "a") == 1 }
        flight.cancelAll()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        #expect(flight.runningCount == 2)
        #expect(try await flight.value(for: "a") { 5 } == 5)
        // A cancelled task drains to the end too: it is what a service does when it is told to stop.
        let drained = Counter()
        let drain = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            await flight.drain()
            drained.next()
        }
        await until { await gate.waiterCount == 2 }
        #expect(drained.value == 0)
        await gate.open()
        await drain.value
        #expect(ended.value == 2)
        #expect(flight.runningCount == 0)
    }

    @Test func theOwnersEndCancelsTheWork() async {
        let (cancellations, cancelled) = AsyncStream.makeStream(of: Void.self)
        let gate = Gate()
        var flight: SingleFlight<String, Int>? = SingleFlight()
        flight?.start(for: "k") {
            await withTaskCancellationHandler {
                await gate.wait()
                return 0
            } onCancel: {
                cancelled.yield()
            }
        }
        await until { await gate.waiterCount == 1 }
        flight = nil
        for await _ in cancellations { break }
        await gate.open()
    }

    @Test func startAndValueRacingRunOnceAtATime() async throws {
        let flight = SingleFlight<Int, Int>()
        let (running, overlaps) = (Counter(), Counter())
        try await withThrowingTaskGroup(of: Void.self) { group in
            for turn in 0..<2_000 {
                let work: @Sendable () async throws -> Int = {
                    let before = running.value
                    running.next()
                    await Task.yield()
                    if running.value != before + 1 { overlaps.next() }
                    return turn
                }
                if turn.isMultiple(of: 2) {
                    group.addTask { _ = try await flight.value(for: 1, operation: work) }
                } else {
                    group.addTask { flight.start(for: 1, operation: work) }
                }
            }
            try await group.waitForAll()
        }
        await flight.drain()
        #expect(overlaps.value == 0)
        #expect(running.value > 0)
        #expect(flight.runningCount == 0)
        #expect(flight.waiterCount(for: 1) == 0)
    }

    @Test func cancellationsInEveryMomentLeaveNothingBehind() async {
        let flight = SingleFlight<Int, Int>()
        await withTaskGroup(of: Void.self) { group in
            for turn in 0..<2_000 {
                group.addTask {
                    let task = Task {
                        try await flight.value(for: turn % 7) {
                            await Task.yield()
                            return turn
                        }
                    }
                    if turn.isMultiple(of: 3) { flight.start(for: turn % 7) { turn } }
                    for _ in 0..<(turn % 5) { await Task.yield() }
                    task.cancel()
                    _ = await task.result
                }
            }
        }
        await flight.drain()
        #expect(flight.runningCount == 0)
        #expect((0..<7).allSatisfy { flight.waiterCount(for: $0) == 0 })
    }
}
