// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Counts hits of the cache until the metrics system is told of them.
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

    /// Hits with the application's own tokens.
    private let client = StripedCount()
    /// Hits with users' tokens.
    private let silent = StripedCount()
    /// Hits on behalf of callers.
    private let onBehalfOf = StripedCount()

    /// Counts a hit.
    func add(_ api: RequestTelemetry.API, _ token: CachedAccessToken) -> Addition {
        let count = count(of: api)
        let now = count.add(for: token)
        // Two may see that it is full: the second takes what came in between, or nothing.
        return now >= Self.batch ? .full(count.take(for: token)) : now == 1 ? .first : .more
    }

    /// The hits that were counted since they were taken last.
    func take(_ api: RequestTelemetry.API) -> Int {
        count(of: api).take()
    }

    private func count(of api: RequestTelemetry.API) -> StripedCount {
        switch api {
        case .client: client
        case .onBehalfOf: onBehalfOf
        default: silent
        }
    }
}
