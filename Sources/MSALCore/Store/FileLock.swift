// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A lock between processes on one machine: an empty file that one of them holds, until it lets go or ends.
struct FileLock: Sendable {
    /// The file; it stays when nobody holds it, since taking it away would give two processes a lock each.
    let path: String
    /// How long to wait for somebody else to let go.
    let timeout: Duration
    /// What is waited by.
    let time: any TimeSource

    /// The first and the longest time between two tries.
    private static let pauses = Duration.milliseconds(1)...Duration.milliseconds(20)

    /// Does something while this process alone holds the lock.
    ///
    /// - Throws: ``AuthenticationError`` when somebody else does not let go in time, and what `body` throws.
    func withLock<Result>(_ body: () async throws -> Result) async throws -> Result {
        let descriptor = try await take()
        // Closing lets go.
        defer { close(descriptor) }
        return try await body()
    }

    /// Takes the lock; whoever closes the descriptor gives it back.
    private func take() async throws -> Int32 {
        var pause = Self.pauses.lowerBound
        var waited = Duration.zero
        while true {
            if let descriptor = try attempt() { return descriptor }
            guard waited < timeout else {
                let message = """
                    Another process has held "\(path)" for \(timeout). Find out which one hangs and end it; \
                    the lock goes with it.
                    """
                throw AuthenticationError(.transient, .storeUnavailable, message)
            }
            // By chance longer or shorter, so that those who wait do not all try at once.
            let next = min(pause * Double.random(in: 0.5..<1.5), timeout - waited)
            try await time.sleep(for: next)
            waited += next
            pause = min(pause * 2, Self.pauses.upperBound)
        }
    }

    /// Takes the lock if nobody holds it.
    private func attempt() throws(AuthenticationError) -> Int32? {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileFailure.error("create", path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = FileFailure(number: errno)
            close(descriptor)
            if failure.number == EWOULDBLOCK || failure.number == EINTR { return nil }
            throw FileFailure.error(failure, "lock", path)
        }
        // Somebody may have taken the file away meanwhile: then this is the lock of nothing.
        var held = stat()
        var named = stat()
        guard fstat(descriptor, &held) == 0, lstat(path, &named) == 0, held.st_ino == named.st_ino else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}
