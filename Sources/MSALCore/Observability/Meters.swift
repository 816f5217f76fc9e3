// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Metrics
import Synchronization

/// The metric objects of an application, each made once.
///
/// The tags have few values each, so few objects come together.
final class Meters: Sendable {
    /// What tells the objects apart.
    private struct Key: Hashable {
        /// The metric's name.
        var name: String
        /// The values of its tags.
        var values: [String]
    }

    /// Hits that are not counted yet.
    let hits = HitCounts()
    /// The application.
    private let clientID: String
    /// Where the objects come from.
    private let factory: any MetricsFactory
    /// The counters so far.
    private let counters = Mutex<[Key: Counter]>([:])
    /// The timers so far.
    private let timers = Mutex<[Key: Timer]>([:])

    /// Meters of the metrics system that is set up, or of the one that the task has; nil where there is none.
    init?(clientID: String) {
        let factory = MetricsSystem.factory
        guard !(factory is NOOPMetricsHandler) else { return nil }
        self.clientID = clientID
        self.factory = factory
    }

    /// Counts something.
    ///
    /// - Parameters:
    ///   - metric: what.
    ///   - values: the values of its tags, but for the application, in their order.
    ///   - count: how often.
    func count(_ metric: MSALMetric, _ values: [String] = [], by count: Int = 1) {
        guard count > 0 else { return }
        let counter = counters.withLock { counters in
            object(of: metric, values, in: &counters) { Counter(label: $0, dimensions: $1, factory: factory) }
        }
        counter.increment(by: count)
    }

    /// Notes how long something took.
    ///
    /// - Parameters:
    ///   - duration: how long.
    ///   - metric: what.
    ///   - values: the values of its tags, but for the application, in their order.
    func record(_ duration: Duration, _ metric: MSALMetric, _ values: [String]) {
        let timer = timers.withLock { timers in
            object(of: metric, values, in: &timers) { Timer(label: $0, dimensions: $1, factory: factory) }
        }
        timer.recordNanoseconds(max(0, duration.nanoseconds))
    }

    /// The object for a metric and values of its tags.
    private func object<Object>(
        of metric: MSALMetric,
        _ values: [String],
        in objects: inout [Key: Object],
        _ make: (String, [(String, String)]) -> Object
    ) -> Object {
        let key = Key(name: metric.name, values: values)
        if let known = objects[key] { return known }
        let made = make(metric.name, Array(zip(metric.tags.map(\.rawValue), [clientID] + values)))
        objects[key] = made
        return made
    }

    // MARK: Hits

    /// Counts a hit.
    ///
    /// - Returns: whether it is the first one of a batch, which stands for all of them in the timers.
    func countHit(_ api: RequestTelemetry.API, _ token: CachedAccessToken) -> Bool {
        switch hits.add(api, token) {
        case .first: return true
        case .more: return false
        case .full(let count):
            tellHits(api, count)
            return false
        }
    }

    /// Tells the metrics system of all hits that it was not told of.
    func tellHits() {
        for api in HitCounts.apis { tellHits(api, hits.take(api)) }
    }

    /// Tells the metrics system of some hits.
    private func tellHits(_ api: RequestTelemetry.API, _ count: Int) {
        self.count(MSALMetrics.success, ["\(api)", "\(AuthenticationResult.Source.cache)", "none"], by: count)
    }
}

extension Duration {
    /// The length in nanoseconds, as far as they can be counted.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isTooMuch) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || isTooMuch ? (seconds < 0 ? .min : .max) : sum
    }
}
