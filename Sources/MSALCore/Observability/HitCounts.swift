// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts hits of the cache until the metrics system is told of them.
///
/// A counter of a metrics system is one place in memory that all callers would write to. Here each token has its own of 64
/// places, near enough: callers with different tokens do not meet, and those with the same token meet at its reference
/// count anyway.
final class HitCounts: Sendable {
    /// The calls that can be hits.
    static let apis: [RequestTelemetry.API] = [.client, .silent, .onBehalfOf]
    /// How many hits of one place are told of at once.
    static let batch = 256

    /// What one more hit came to.
    enum Addition {
        /// It is the first one since the metrics system was told.
        case first
        /// There were some before it.
        case more
        /// There were so many that it is time to tell.
        case full(Int)
    }

    /// A place of its own.
    private final class Stripe: Sendable {
        /// Hits with the application's own tokens.
        let client = Atomic<Int>(0)
        /// Hits with users' tokens.
        let silent = Atomic<Int>(0)
        /// Hits on behalf of callers.
        let onBehalfOf = Atomic<Int>(0)
        /// Keeps the next object out of the same cache line.
        private let padding = (Int.zero, Int.zero, Int.zero, Int.zero, Int.zero, Int.zero, Int.zero, Int.zero)
    }

    /// The places; a power of two of them.
    private let stripes = (0..<64).map { _ in Stripe() }

    /// Counts a hit.
    func add(_ api: RequestTelemetry.API, _ token: CachedAccessToken) -> Addition {
        // Addresses have their zeros at the end; the product has its best bits at the beginning.
        let address = UInt(bitPattern: ObjectIdentifier(token)) &* 0x9E37_79B9_7F4A_7C15
        let stripe = stripes[Int(address >> 58)]
        switch api {
        case .client: return Self.add(to: stripe.client)
        case .onBehalfOf: return Self.add(to: stripe.onBehalfOf)
        default: return Self.add(to: stripe.silent)
        }
    }

    /// The hits that were counted since they were taken last.
    func take(_ api: RequestTelemetry.API) -> Int {
        stripes.reduce(0) { sum, stripe in
            switch api {
            case .client: sum + stripe.client.exchange(0, ordering: .relaxed)
            case .onBehalfOf: sum + stripe.onBehalfOf.exchange(0, ordering: .relaxed)
            default: sum + stripe.silent.exchange(0, ordering: .relaxed)
            }
        }
    }

    /// Counts one more.
    private static func add(to count: borrowing Atomic<Int>) -> Addition {
        let now = count.add(1, ordering: .relaxed).newValue
        // Two may see that it is full: the second takes what came in between, or nothing.
        return now >= batch ? .full(count.exchange(0, ordering: .relaxed)) : now == 1 ? .first : .more
    }
}
