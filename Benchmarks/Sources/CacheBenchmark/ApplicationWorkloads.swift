// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// The application's own tokens out of the cache.
struct ApplicationHit: Workload {
    private static let batches = 20
    private static let calls = 500

    let filled: FilledApplication
    var onMainActor = false

    func sample(_ round: Int) async throws -> [Double] {
        onMainActor ? try await sampleOnMainActor(round) : try await sampleHere(round)
    }

    func facts() async throws -> [String: Double] {
        try await Allocations.perCall(Self.calls) { try await filled.ask(Self.calls, from: 0) }
    }

    @MainActor
    private func sampleOnMainActor(_ round: Int) async throws -> [Double] {
        try await sampleHere(round)
    }

    private func sampleHere(_ round: Int) async throws -> [Double] {
        try await Batches(count: Self.batches, calls: Self.calls).time(round) { first in
            try await filled.ask(Self.calls, from: first)
        }
    }
}

/// Several tasks that ask at once; the figure is the time of one call as the whole process makes them.
struct ApplicationThroughput: Workload {
    private static let calls = 40_000

    let filled: FilledApplication
    let tasks: Int

    func sample(_ round: Int) async throws -> [Double] {
        let clock = ContinuousClock()
        let begin = clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask { try await filled.ask(Self.calls, from: task * 13) }
            }
            try await group.waitForAll()
        }
        return [(clock.now - begin).microseconds / Double(Self.calls * tasks)]
    }
}

/// The application's own tokens when there is none, among many others.
struct ApplicationMiss: Workload {
    /// How far the calls go.
    enum Extent: Sendable {
        /// To the end: the exchange is answered from memory by a token that has ended already, so that the next call
        /// misses again.
        case exchange
        /// Up to the request: whoever asks is cancelled, so that the library leaves where it would send one.
        case lookUp
    }

    private static let batches = 20
    private static let calls = 100

    let filled: FilledApplication
    let extent: Extent
    private let missing = (0..<100).map { [TestData.applicationScope(1_000_000 + $0)] }

    /// Fills an application's cache, and sees whether the calls miss.
    init(tenants: Int, scopes: Int, _ extent: Extent) async throws {
        filled = try await FilledApplication(tenants: tenants, scopes: scopes)
        self.extent = extent
        filled.platform.behave { $0.lifetime = 0 }
        let before = filled.platform.tokenRequests
        try await run(0)
        let expected = extent == .exchange ? Self.calls : 0
        guard filled.platform.tokenRequests == before + expected else {
            throw WrongAnswer("\(filled.platform.tokenRequests - before) requests in place of \(expected)")
        }
    }

    func sample(_ round: Int) async throws -> [Double] {
        try await Batches(count: Self.batches, calls: Self.calls).time(round) { try await run($0) }
    }

    func facts() async throws -> [String: Double] {
        try await Allocations.perCall(Self.calls) { try await run(0) }
    }

    private func run(_ first: Int) async throws {
        guard extent == .lookUp else { return try await ask(first) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                withUnsafeCurrentTask { $0?.cancel() }
                try await ask(first)
            }
            try await group.waitForAll()
        }
    }

    private func ask(_ first: Int) async throws {
        for call in 0..<Self.calls {
            do {
                consume(try await filled.application.acquireTokenForClient(scopes: missing[(first + call) % 100]))
            } catch is CancellationError where extent == .lookUp {
                continue
            }
        }
    }
}
