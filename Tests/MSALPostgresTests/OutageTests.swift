// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import MSALPostgres

@Suite struct OutageTests {
    let outage = Outage(longestDelay: .seconds(2))
    let start = Date(timeIntervalSince1970: 1_790_000_000)
    let fault = PostgresFault(stage: .connecting, reason: .unreachable("refused"))

    @Test func withoutAFailureEverybodyMayConnect() throws {
        #expect(try outage.beginConnecting(at: start) == outage.beginConnecting(at: start))
    }

    @Test func afterAFailureNobodyTriesForAWhileAndThenOneDoes() throws {
        outage.failed(try outage.beginConnecting(at: start), with: fault, at: start)
        #expect(throws: PostgresFault.self) { try outage.beginConnecting(at: start + 0.04) }
        let probe = try outage.beginConnecting(at: start + 0.11)
        #expect(throws: PostgresFault.self) { try outage.beginConnecting(at: start + 0.11) }
        outage.succeeded(probe)
        _ = try outage.beginConnecting(at: start + 0.11)
        _ = try outage.beginConnecting(at: start + 0.11)
    }

    @Test func theTimeBetweenTriesDoublesUpToItsBound() throws {
        var now = start
        var attempt = try outage.beginConnecting(at: now)
        var waits: [Double] = []
        for _ in 0..<12 {
            outage.failed(attempt, with: fault, at: now)
            for step in 1... {
                guard let next = try? outage.beginConnecting(at: now + Double(step) / 100) else { continue }
                attempt = next
                waits.append(Double(step) / 100)
                break
            }
            now += waits[waits.count - 1]
        }
        #expect(waits[0] <= 0.11)
        #expect(waits.allSatisfy { $0 <= 2.01 })
        #expect(waits.suffix(4).allSatisfy { $0 >= 0.99 })
    }

    @Test func triesThatBeganTogetherCountOnce() throws {
        let tries = try (0..<8).map { _ in try outage.beginConnecting(at: start) }
        for attempt in tries { outage.failed(attempt, with: fault, at: start) }
        _ = try outage.beginConnecting(at: start + 0.11)
    }

    @Test func aClockThatIsSetBackKeepsNobodyWaiting() throws {
        outage.failed(try outage.beginConnecting(at: start), with: fault, at: start)
        _ = try outage.beginConnecting(at: start - 3600)
    }
}
