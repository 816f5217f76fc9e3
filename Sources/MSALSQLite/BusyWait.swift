// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore

/// How a connection waits for another one that writes: in small steps, for a bounded time.
///
/// SQLite's own waiting soon sleeps 100 ms at a time, which is a thousand of our writes: with eight writers some of them
/// starve. It happens on the connection's own thread, never on one of Swift's.
struct BusyWait: Sendable {
    /// How long to wait in all.
    let patience: Duration

    /// The first steps, as long as a writer usually takes.
    private static let shortSteps = 16
    /// How long a first step takes, in seconds.
    private static let shortStep = 0.000_25
    /// How long a later step takes, in seconds.
    private static let longStep = 0.002

    /// Sleeps for a step.
    ///
    /// - Parameter step: how many there were before.
    /// - Returns: false, at once, when the patience is at its end.
    func sleep(before step: Int) -> Bool {
        guard Self.waited(step) < patience.inSeconds else { return false }
        Thread.sleep(forTimeInterval: step < Self.shortSteps ? Self.shortStep : Self.longStep)
        return true
    }

    /// How many seconds a number of steps take.
    private static func waited(_ steps: Int) -> Double {
        Double(min(steps, shortSteps)) * shortStep + Double(max(0, steps - shortSteps)) * longStep
    }
}
