// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALCore
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A time that stands still until a test moves it on.
public final class ManualTime: TimeSource {
    private struct State {
        var now: Date
        var lastID = 0
        var sleepers: [Int: (until: Date, continuation: CheckedContinuation<Void, any Error>)] = [:]
    }

    private let state: Mutex<State>
    /// Whether whoever sleeps moves the time on by itself.
    private let skipsSleeps: Bool

    /// Creates a time.
    ///
    /// - Parameters:
    ///   - now: where it stands at first; 1 September 2026, 10:00 UTC unless told otherwise.
    ///   - skipsSleeps: whether whoever sleeps moves the time on by itself and goes on at once, for tests to which pauses do
    ///     not matter, such as the one before a request is sent again.
    public init(_ now: Date = Date(timeIntervalSince1970: 1_788_256_800), skipsSleeps: Bool = false) {
        state = Mutex(State(now: now))
        self.skipsSleeps = skipsSleeps
    }

    /// Where it stands.
    public var now: Date {
        state.withLock { $0.now }
    }

    /// Moves it on and wakes who slept until then.
    public func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.adding(duration)
            let due = state.sleepers.filter { $0.value.until <= state.now }
            due.keys.forEach { state.sleepers[$0] = nil }
            return due.sorted { $0.value.until < $1.value.until }.map(\.value.continuation)
        }
        woken.forEach { $0.resume() }
    }

    /// How many sleep just now.
    public var sleeperCount: Int {
        state.withLock { $0.sleepers.count }
    }

    /// Sleeps until the time was moved on far enough.
    public func sleep(for duration: Duration) async throws {
        if skipsSleeps {
            try Task.checkCancellation()
            advance(by: max(.zero, duration))
            return
        }
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                state.withLock { state in
                    if Task.isCancelled {
                        continuation.resume(throwing: CancellationError())
                    } else if duration <= .zero {
                        continuation.resume()
                    } else {
                        state.sleepers[id] = (state.now.adding(duration), continuation)
                    }
                }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume(throwing: CancellationError())
        }
    }
}
