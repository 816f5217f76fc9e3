// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import AllocationCounter

/// One row of the table: what is set up once, and what is timed over and over.
protocol Workload: Sendable {
    /// Times some batches.
    ///
    /// - Parameter round: which sample this is, from zero, so that each asks for something else.
    /// - Returns: microseconds for one call, one figure a batch.
    /// - Throws: what the calls throw.
    func sample(_ round: Int) async throws -> [Double]

    /// What else there is to say, by name: allocations, bytes, requests.
    func facts() async throws -> [String: Double]
}

extension Workload {
    /// Nothing else.
    func facts() async throws -> [String: Double] { [:] }
}

/// What was wrong with an answer; a figure of a wrong answer is none.
struct WrongAnswer: Error, CustomStringConvertible {
    /// What was wrong.
    let description: String

    /// A fault.
    init(_ description: String) {
        self.description = description
    }
}

/// Keeps a result from being optimised away.
@inline(never)
func consume<Value>(_ value: borrowing Value) {}

extension Duration {
    /// The length in microseconds.
    var microseconds: Double {
        Double(components.seconds) * 1e6 + Double(components.attoseconds) * 1e-12
    }
}

/// Calls that are timed in batches: one call is too short for a clock.
struct Batches {
    /// How many figures a sample gives.
    let count: Int
    /// How many calls make one figure.
    let calls: Int

    /// Microseconds for one call, one figure a batch.
    ///
    /// - Parameters:
    ///   - round: which sample this is.
    ///   - batch: makes the calls of one batch; it is told how many were made before.
    /// - Returns: the figures.
    /// - Throws: what the batch throws.
    func time(_ round: Int, _ batch: (Int) async throws -> Void) async rethrows -> [Double] {
        var figures: [Double] = []
        let clock = ContinuousClock()
        for number in 0..<count {
            let begin = clock.now
            try await batch((round * count + number) * calls)
            figures.append((clock.now - begin).microseconds / Double(calls))
        }
        return figures
    }
}

/// Counts allocations of all threads.
enum Allocations {
    /// Allocations and bytes of one call; nothing where they cannot be counted.
    ///
    /// - Parameters:
    ///   - calls: how many calls the body makes.
    ///   - body: what is counted.
    /// - Returns: the facts to report.
    /// - Throws: what the body throws.
    static func perCall(_ calls: Int, _ body: () async throws -> Void) async rethrows -> [String: Double] {
        guard allocation_counter_available() else { return [:] }
        allocation_counter_start()
        try await body()
        allocation_counter_stop()
        return [
            "allocations": Double(allocation_counter_count()) / Double(calls),
            "bytes": Double(allocation_counter_bytes()) / Double(calls),
        ]
    }
}
