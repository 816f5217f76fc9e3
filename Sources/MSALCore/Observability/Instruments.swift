// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
import Tracing

/// What an application tells of its work by: spans, metrics and logs.
///
/// What is off when the application is made is nil here. A hit of the cache reads one flag of these, and nothing else
/// where all is off: it asks no task-local value, takes no lock and makes no object.
struct Instruments: Sendable {
    /// Makes spans; nil where nobody collects them.
    let tracer: (any Tracer)?
    /// Makes metrics; nil where nobody collects them.
    let meters: Meters?
    /// Where it logs.
    let logger: Logger
    /// Whether a hit is told to anybody.
    let watchesHits: Bool
    /// Whether anything but the log is told anything.
    let isOn: Bool
    /// What every span of a call says.
    let attributes: SpanAttributes

    /// Instruments that tell nobody anything.
    static let off = Instruments(
        tracer: nil,
        meters: nil,
        logger: Logger(label: "msal", factory: { _ in SwiftLogNoOpLogHandler() }),
        attributes: [:]
    )

    /// Instruments of an application.
    ///
    /// - Parameters:
    ///   - configuration: its settings.
    ///   - tracer: makes spans.
    ///   - logger: where it logs.
    init(_ configuration: ApplicationConfiguration, tracer: any Tracer, logger: Logger) {
        var attributes: SpanAttributes = [:]
        attributes["msal.client_id"] = configuration.clientID
        attributes["msal.authority.kind"] = "\(configuration.authority.kind)"
        attributes["msal.authority.host"] = configuration.authority.environment
        self.init(
            tracer: tracer is NoOpTracer ? nil : tracer,
            meters: Meters(clientID: configuration.clientID),
            logger: logger,
            attributes: attributes
        )
    }

    private init(tracer: (any Tracer)?, meters: Meters?, logger: Logger, attributes: SpanAttributes) {
        self.tracer = tracer
        self.meters = meters
        self.logger = logger
        self.attributes = attributes
        isOn = tracer != nil || meters != nil
        // Asked once: a logger lies behind a reference that all callers share.
        watchesHits = isOn || logger.logLevel == .trace
    }

    /// Runs work in a span, if anybody collects them.
    ///
    /// An error is told by its type and codes alone: what else it holds may be the provider's words, which name people.
    ///
    /// - Parameters:
    ///   - name: the span's name.
    ///   - kind: what kind of work it is.
    ///   - attributes: what is known before.
    ///   - body: the work.
    ///   - note: adds what is known afterwards.
    /// - Returns: what the work returns.
    /// - Throws: what the work throws.
    func span<Value>(
        _ name: String,
        ofKind kind: SpanKind = .internal,
        _ attributes: @autoclosure () -> SpanAttributes,
        _ body: () async throws -> Value,
        note: (Result<Value, any Error>, inout SpanAttributes) -> Void
    ) async throws -> Value {
        guard let tracer else { return try await body() }
        let span: any Span = tracer.startSpan(name, ofKind: kind)
        defer { span.end() }
        var attributes = attributes()
        do {
            let value = try await InstrumentationContext.$current.withValue(span.context) { try await body() }
            note(.success(value), &attributes)
            span.attributes.merge(attributes)
            return value
        } catch {
            note(.failure(error), &attributes)
            if !(error is CancellationError) {
                attributes["error.type"] = error.typeText
                span.setStatus(SpanStatus(code: .error))
            }
            span.attributes.merge(attributes)
            throw error
        }
    }
}

extension Error {
    /// What kind of error it is; nothing that it holds.
    var typeText: String {
        (self as? AuthenticationError).map { "\($0.code)" } ?? "\(type(of: self))"
    }
}
