// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import InMemoryLogging
import InMemoryTracing
import Logging
import MSALTesting
import MetricsTestKit
import Tracing

@testable import MSALCore

/// Keeps everything that applications tell of their work: log, spans and metrics.
struct Listener {
    let log = InMemoryLogHandler()
    let tracer = InMemoryTracer()
    let metrics = TestMetrics()

    /// A logger at some level.
    func logger(_ level: Logger.Level = .trace) -> Logger {
        var logger = Logger(label: "test", factory: { [log] _ in log })
        logger.logLevel = level
        return logger
    }

    /// An application that this listens to.
    func makeApplication(
        on provider: ScriptedProvider,
        tokens: TokenPersistence? = nil,
        time: (any TimeSource)? = nil,
        logLevel: Logger.Level = .trace,
        _ change: (inout ApplicationConfiguration) -> Void = { _ in }
    ) throws -> ConfidentialClientApplication {
        let settings = try provider.makeApplication(change).configuration
        return try withMetricsFactory(metrics) {
            try ConfidentialClientApplication(
                configuration: settings,
                transport: provider.transport,
                tokens: tokens,
                time: time ?? provider.time,
                logger: logger(logLevel),
                tracer: tracer
            )
        }
    }

    /// A public client that this listens to.
    func makePublicApplication(on provider: ScriptedProvider) throws -> PublicClientApplication {
        let settings = try provider.makePublicApplication().configuration
        return try withMetricsFactory(metrics) {
            try PublicClientApplication(
                configuration: settings,
                transport: provider.transport,
                time: provider.time,
                logger: logger(),
                tracer: tracer
            )
        }
    }

    /// The finished spans of a name, in the order in which they ended.
    func spans(_ name: String) -> [FinishedInMemorySpan] {
        tracer.finishedSpans.filter { $0.operationName == name }
    }

    /// The tags of everything that was counted under a name, as `name=value`.
    func tags(_ metric: MSALMetric) -> [[String]] {
        let tags: [[(String, String)]] =
            switch metric.kind {
            case .counter: metrics.counters(label: metric.name).map(\.dimensions)
            case .timer: metrics.timers(label: metric.name).map(\.dimensions)
            default: metrics.recorders(label: metric.name).map(\.dimensions)
            }
        return tags.map { $0.map { "\($0.0)=\($0.1)" } }
    }

    /// How often something was counted, with all tags given as `name=value`.
    func count(_ metric: MSALMetric, _ tags: String...) -> Int64 {
        metrics.counters(label: metric.name)
            .filter { counter in
                Set(tags).isSubset(of: counter.dimensions.map { "\($0.0)=\($0.1)" })
            }
            .reduce(0) { $0 + $1.totalValue }
    }

    /// The lengths that were noted, with all tags given as `name=value`.
    func durations(_ metric: MSALMetric, _ tags: String...) -> [Int64] {
        metrics.timers(label: metric.name)
            .filter { timer in
                Set(tags).isSubset(of: timer.dimensions.map { "\($0.0)=\($0.1)" })
            }
            .flatMap(\.values)
    }

    /// Everything that was told, as text.
    var texts: [String] {
        var texts = log.entries.map { "\($0.level) \($0.message) \($0.metadata)" }
        for span in tracer.finishedSpans {
            texts.append("\(span.operationName) \(span.status.map { "\($0)" } ?? "")")
            span.attributes.forEach { name, value in texts.append("\(name)=\(value)") }
            texts += span.events.map { "\($0)" } + span.errors.map { "\($0)" }
        }
        for metric in MSALMetrics.all { texts += tags(metric).map { "\(metric.name) \($0)" } }
        return texts
    }
}

extension FinishedInMemorySpan {
    /// An attribute as text; nil if there is none.
    func text(_ name: String) -> String? {
        switch attributes.get(name) {
        case .string(let text): text
        case .int64(let number): "\(number)"
        case .stringArray(let texts): texts.joined(separator: " ")
        default: nil
        }
    }
}
