// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

/// A door that operations wait at until a test opens it; a cancelled operation waits as well.
actor Gate {
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    /// How many wait.
    var waiterCount: Int { waiters.count }

    /// Waits until the door is open.
    func wait() async {
        if isOpen { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    /// Opens it for good.
    func open() {
        isOpen = true
        waiters.forEach { $0.resume() }
        waiters = []
    }
}

/// Counts up.
final class Counter: Sendable {
    private let count = Mutex(0)

    /// The count.
    var value: Int { count.withLock { $0 } }

    /// Counts and returns the new count.
    @discardableResult
    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}

/// Lets other tasks run until a condition holds; after half a minute that is an issue.
func until(_ condition: () async -> Bool, at location: SourceLocation = #_sourceLocation) async {
    let start = ContinuousClock.now
    while await !condition() {
        guard ContinuousClock.now - start < .seconds(150) else {
            Issue.record("What was waited for did not come.", sourceLocation: location)
            return
        }
        await Task.yield()
    }
}
