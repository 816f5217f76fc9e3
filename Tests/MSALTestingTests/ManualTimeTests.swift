// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALTesting
import Testing

@Suite struct ManualTimeTests {
    private let start = Date(timeIntervalSince1970: 1_000)

    @Test func itStandsStillUntilItIsMoved() {
        let time = ManualTime(start)
        #expect(time.now == start)
        time.advance(by: .milliseconds(1_500))
        #expect(time.now == start.addingTimeInterval(1.5))
    }

    @Test func aSleeperWakesWhenItsTimeHasComeAndNotBefore() async throws {
        let time = ManualTime(start)
        let sleeper = Task {
            try await time.sleep(for: .seconds(10))
            return time.now
        }
        while time.sleeperCount == 0 { await Task.yield() }
        time.advance(by: .seconds(9))
        #expect(time.sleeperCount == 1)
        time.advance(by: .seconds(1))
        #expect(time.sleeperCount == 0)
        #expect(try await sleeper.value == start.addingTimeInterval(10))
    }

    @Test func aCancelledSleeperLeaves() async throws {
        let time = ManualTime(start)
        let sleeper = Task { try await time.sleep(for: .seconds(10)) }
        while time.sleeperCount == 0 { await Task.yield() }
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(time.sleeperCount == 0)
    }

    @Test func sleepingForNoTimeIsNoSleep() async throws {
        try await ManualTime(start).sleep(for: .zero)
        try await ManualTime(start).sleep(for: .seconds(-1))
    }
}
