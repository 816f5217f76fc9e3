// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Keeps an outage cheap: after a failed connection nobody tries for a while, then one does, and all others fail at once.
final class Outage: Sendable {
    /// What the lock guards.
    private struct State {
        /// Counts the failures one after another.
        var failures = 0
        /// The last failure.
        var fault: PostgresFault?
        /// When the next try may begin.
        var retryAt = Date.distantPast
        /// Whether somebody is trying just now.
        var isProbing = false
        /// Counts the changes, so that tries that began together count once.
        var round = 0
    }

    private let state = Mutex(State())
    /// The longest time between two tries.
    private let longestDelay: Duration
    /// The time after the first failure.
    private static let firstDelay: Duration = .milliseconds(100)

    /// No outage, for now.
    init(longestDelay: Duration) {
        self.longestDelay = longestDelay
    }

    /// Asks to connect.
    ///
    /// - Returns: what to tell the outcome with.
    /// - Throws: ``PostgresFault``, the last one, while nobody else should try.
    func beginConnecting(at now: Date) throws -> Int {
        try state.withLock { state in
            if let fault = state.fault {
                let wait = state.retryAt.seconds(since: now)
                // A clock that was set back must not keep us waiting.
                if state.isProbing || (wait > 0 && wait <= longestDelay.inSeconds) { throw fault }
                state.isProbing = true
            }
            return state.round
        }
    }

    /// A connection was made: there is no outage.
    func succeeded(_ round: Int) {
        state.withLock { state in
            guard state.fault != nil else { return }
            state = State(round: state.round + 1)
        }
    }

    /// A connection was not made.
    func failed(_ round: Int, with fault: PostgresFault, at now: Date) {
        state.withLock { state in
            guard state.round == round else { return }
            state.round += 1
            state.failures += 1
            state.isProbing = false
            state.fault = fault
            let doubled = Self.firstDelay.inSeconds * Double(1 << min(state.failures - 1, 16))
            // Jitter, so that many processes do not come back at one moment.
            state.retryAt = now.addingTimeInterval(min(doubled, longestDelay.inSeconds) * .random(in: 0.5...1))
        }
    }
}
