// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Metrics
import Synchronization

/// How much a cache holds, kept up by its shards and told as metrics.
final class CacheTotals: Sendable {
    private let partitions = Atomic<Int>(0)
    private let bytes = Atomic<Int>(0)
    private let partitionsGauge: Gauge
    private let bytesGauge: Gauge
    private let evictions: Counter

    /// Totals of an empty cache.
    init(clientID: String) {
        let dimensions = [(MSALMetric.Tag.clientID.rawValue, clientID)]
        partitionsGauge = Gauge(label: MSALMetrics.partitions.name, dimensions: dimensions)
        bytesGauge = Gauge(label: MSALMetrics.bytes.name, dimensions: dimensions)
        evictions = Counter(label: MSALMetrics.evictions.name, dimensions: dimensions)
    }

    /// How many partitions there are.
    var partitionCount: Int { partitions.load(ordering: .relaxed) }

    /// How many bytes they hold, about.
    var byteCount: Int { bytes.load(ordering: .relaxed) }

    /// Counts what came, or went where negative.
    func add(partitions count: Int, bytes size: Int) {
        let count = partitions.add(count, ordering: .relaxed).newValue
        let size = bytes.add(size, ordering: .relaxed).newValue
        partitionsGauge.record(count)
        bytesGauge.record(size)
    }

    /// Counts a partition that was given up.
    func countEviction() {
        evictions.increment()
    }
}
