// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Where the time comes from, so that tests set it and nothing sleeps.
public protocol TimeSource: Sendable {
    /// The time of day, as the service's clock means it.
    var now: Date { get }

    /// Waits for a while of this source's own time.
    ///
    /// - Parameter duration: how long to wait.
    /// - Throws: `CancellationError` when the task is cancelled meanwhile.
    func sleep(for duration: Duration) async throws
}

/// The machine's own clock.
public struct SystemTime: TimeSource {
    /// Creates the source; it holds nothing.
    public init() {}

    /// The machine's time of day.
    public var now: Date { Date() }

    /// Waits on the machine's continuous clock.
    public func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration)
    }
}

extension Date {
    /// The moment a while later.
    package func adding(_ duration: Duration) -> Date {
        addingTimeInterval(duration.inSeconds)
    }

    /// The seconds from another moment to this one; negative when this one is earlier.
    package func seconds(since other: Date) -> Double {
        timeIntervalSince(other)
    }
}

extension Duration {
    /// The length in seconds, fractions included.
    package var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
