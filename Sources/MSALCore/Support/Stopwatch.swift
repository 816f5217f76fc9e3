// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Measures how long a call takes, on the machine's own clock: what is measured is real even where the time is made up.
struct Stopwatch: Sendable {
    private let start = SuspendingClock().now

    /// The time since it was made.
    var elapsed: Duration { SuspendingClock().now - start }
}
