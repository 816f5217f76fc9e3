// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Runs an actor on a thread of its own, which may block without holding up anybody's tasks.
final class QueueExecutor: SerialExecutor {
    /// The queue; a serial queue gets a thread outside the pool that tasks share.
    private let queue: DispatchQueue

    /// An executor whose thread has a name in debuggers.
    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    /// Runs a job after those before it.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    /// The executor as the runtime takes it.
    func asUnownedSerialExecutor() -> UnownedSerialExecutor {
        UnownedSerialExecutor(ordinary: self)
    }
}
