// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import Testing

@Suite struct SingleFlightTests {
    private struct Failure: Error {}

    @Test func equalRequestsShareOneAnswer() async throws {
        let flight = SingleFlight<String, Int>()
        let gate = Gate()
        let runs = Counter()
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await flight.value(for: "k") {
                        await gate.wait()
                        return runs.next()
                    }
                }
            }
            await until { flight.waiterCount(for: "k") == 100 }
            await gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: 1, count: 100))
        #expect(flight.waiterCount(for: "k") == 0)
    }

    @Test func aFailureIsForgotten() async throws {
        let flight = SingleFlight<String, Int>()
        await #expect(throws: Failure.self) { try await flight.value(for: "k") { throw Failure() } }
        #expect(try await flight.value(for: "k") { 2 } == 2)
    }

    @Test func aCancelledWaiterLeavesTheOthers() async throws {
        let flight = SingleFlight<String, Int>()
        let gate = Gate()
        let work: @Sendable () async throws -> Int = {
            await gate.wait()
            return Task.isCancelled ? -1 : 7
        }
        let first = Task { try await flight.value(for: "k", operation: work) }
        await until { flight.waiterCount(for: "k") == 1 }
        let second = Task { try await flight.value(for: "k", operation: work) }
        await until { flight.waiterCount(for: "k") == 2 }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        await gate.open()
        #expect(try await second.value == 7)
    }

    @Test func theLastToLeaveCancelsTheWork() async throws {
        let flight = SingleFlight<String, Int>()
        let (cancellations, cancelled) = AsyncStream.makeStream(of: Void.self)
        let (starts, started) = AsyncStream.makeStream(of: Void.self)
        let only = Task {
            try await flight.value(for: "k") {
                await withTaskCancellationHandler {
                    started.yield()
                    for await _ in AsyncStream<Void>(unfolding: { Task.isCancelled ? nil : await Task.yield() }) {}
                    return 0
                } onCancel: {
                    cancelled.yield()
                }
            }
        }
        for await _ in starts { break }
        only.cancel()
        await #expect(throws: CancellationError.self) { try await only.value }
        for await _ in cancellations { break }
        #expect(flight.waiterCount(for: "k") == 0)
        #expect(try await flight.value(for: "k") { 3 } == 3)
    }

    @Test func aCallerThatIsCancelledAlreadyStartsNothing() async {
        let flight = SingleFlight<String, Int>()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await flight.value(for: "k") { 1 }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(flight.waiterCount(for: "k") == 0)
    }
}
