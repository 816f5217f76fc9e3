// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import Synchronization

/// The machine's clock, put forward as far as a row needs it.
final class ShiftedTime: TimeSource {
    private let shift = Mutex(0.0)

    var now: Date { Date().addingTimeInterval(shift.withLock { $0 }) }

    /// Puts the clock forward by some seconds.
    func advance(by seconds: Double) {
        shift.withLock { $0 += seconds }
    }

    func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}

/// A thousand callers want the same token at once, and the endpoint takes 200 ms; the figure is the longest wait.
final class Crowd: Workload {
    private static let callers = 1_000

    private let isDue: Bool
    private let requests = Mutex(0)

    /// Callers without a token, or with one that is due for refresh.
    init(isDue: Bool) {
        self.isDue = isDue
    }

    func sample(_ round: Int) async throws -> [Double] {
        let platform = InstantPlatform()
        platform.behave { $0.refreshIn = 1_800 }
        let time = ShiftedTime()
        let application = try makeApplication(platform, time: time)
        let scopes = [TestData.applicationScope(0)]
        // Reads the metadata, and where a token is to be there already, gets it.
        _ = try await application.acquireTokenForClient(scopes: isDue ? scopes : [TestData.applicationScope(1)])
        // Past the moment the provider named and the random part it is put off by, before the end.
        time.advance(by: 2_700)
        platform.behave { $0.delay = .milliseconds(200) }
        let before = platform.tokenRequests
        let longest = try await withThrowingTaskGroup(of: Double.self) { group in
            for _ in 0..<Self.callers {
                group.addTask {
                    let clock = ContinuousClock()
                    let begin = clock.now
                    consume(try await application.acquireTokenForClient(scopes: scopes))
                    return (clock.now - begin).microseconds
                }
            }
            return try await group.reduce(0, max)
        }
        // What goes on in the background has asked by the time its answer is due.
        try await Task.sleep(for: .milliseconds(300))
        let sent = platform.tokenRequests - before
        requests.withLock { $0 = max($0, sent) }
        return [longest]
    }

    func facts() async throws -> [String: Double] {
        ["requests": Double(requests.withLock { $0 }), "callers": Double(Self.callers)]
    }
}
