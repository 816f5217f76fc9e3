// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
import Tracing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Instruments {
    /// Acquires a token that is not at hand, and tells how that went.
    ///
    /// - Parameters:
    ///   - api: what was asked for.
    ///   - scopes: what the token must be good for.
    ///   - time: tells how long the token is good for.
    ///   - body: acquires it.
    /// - Returns: the token.
    /// - Throws: what acquiring it throws.
    func acquiring(
        _ api: RequestTelemetry.API,
        _ scopes: [String],
        _ time: any TimeSource,
        _ body: () async throws -> AuthenticationResult
    ) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        return try await span("msal.acquire_token", attributes(of: api, scopes)) {
            do {
                let result = try await body()
                if let meters {
                    meters.tellHits()
                    meters.count(MSALMetrics.success, ["\(api)", "\(result.source)", result.reasonText])
                    meters.record(result, api, at: time.now)
                }
                tell(result, api, .debug)
                return result
            } catch {
                tell(error, api, watch.elapsed)
                throw error
            }
        } note: { result, attributes in
            switch result {
            case .success(let result): attributes.add(result)
            case .failure(let error): attributes.add(error)
            }
        }
    }

    /// Tells of a token that was at hand; called only where anybody listens.
    ///
    /// Its span is made afterwards: a hit does nothing that a span could be within.
    func noteHit(
        _ api: RequestTelemetry.API,
        _ result: AuthenticationResult,
        _ token: CachedAccessToken,
        _ scopes: [String],
        at now: Date
    ) {
        if let meters {
            if result.refreshReason != nil {
                meters.count(MSALMetrics.success, ["\(api)", "\(result.source)", result.reasonText])
                meters.record(result, api, at: now)
            } else if meters.countHit(api, token) {
                meters.record(result, api, at: now)
            }
        }
        if let tracer {
            let end = DefaultTracerClock.now.nanosecondsSinceEpoch
            let length = UInt64(clamping: result.durations.total.nanoseconds)
            let start = DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: end - min(end, length))
            let span: any Span = tracer.startSpan("msal.acquire_token", at: start)
            var attributes = attributes(of: api, scopes)
            attributes.add(result)
            span.attributes.merge(attributes)
            span.end()
        }
        tell(result, api, .trace)
    }

    /// What a span says of a call before it is made.
    private func attributes(of api: RequestTelemetry.API, _ scopes: [String]) -> SpanAttributes {
        var attributes = attributes
        attributes["msal.api"] = "\(api)"
        attributes["msal.scopes"] = SpanAttribute.stringArray(scopes)
        return attributes
    }

    /// Logs where a token came from.
    private func tell(_ result: AuthenticationResult, _ api: RequestTelemetry.API, _ level: Logger.Level) {
        logger.log(
            level: level,
            "A token was acquired",
            metadata: [
                "msal.api": "\(api)", "msal.source": "\(result.source)", "msal.refresh_reason": "\(result.reasonText)",
                "msal.correlation_id": "\(result.correlationID ?? "none")",
                "msal.duration": "\(result.durations.total)", "msal.http_duration": "\(result.durations.http)",
            ]
        )
    }

    /// Counts and logs a failure, which the caller is told of by the error itself.
    private func tell(_ error: any Error, _ api: RequestTelemetry.API, _ duration: Duration) {
        if error is CancellationError {
            meters?.record(duration, MSALMetrics.duration, ["\(api)", "none", "cancelled"])
            return
        }
        let known = error as? AuthenticationError
        if let meters {
            meters.tellHits()
            meters.record(duration, MSALMetrics.duration, ["\(api)", "none", "failure"])
            meters.count(
                MSALMetrics.failure,
                [
                    "\(api)", known.map { "\($0.kind)" } ?? "other", known.map { "\($0.code)" } ?? "other",
                    ErrorWords.server(known?.serverCode), ErrorWords.aadsts(known?.aadstsCodes.first),
                    known?.httpStatus.map { "\($0)" } ?? "none",
                ]
            )
        }
        logger.debug(
            "No token was acquired",
            metadata: [
                "msal.api": "\(api)", "msal.error.code": "\(error.typeText)",
                "msal.error.aadsts": "\(ErrorWords.aadsts(known?.aadstsCodes.first))",
                "msal.correlation_id": "\(known?.correlationID ?? "none")", "msal.duration": "\(duration)",
            ]
        )
    }
}

extension Meters {
    /// Notes how long a call took and how long its token is good for.
    fileprivate func record(_ result: AuthenticationResult, _ api: RequestTelemetry.API, at now: Date) {
        let (api, source) = ("\(api)", "\(result.source)")
        record(result.durations.total, MSALMetrics.duration, [api, source, "success"])
        record(result.durations.cache, MSALMetrics.cacheDuration, [api, source])
        if result.source != .cache { record(result.durations.http, MSALMetrics.httpDuration, [api]) }
        let left = result.expiresOn.seconds(since: now)
        // A token without an end to speak of would be no number of nanoseconds.
        let lifetime = left > 0 ? Int64(min(left, 1e9) * 1e9) : 0
        record(.nanoseconds(lifetime), MSALMetrics.remainingLifetime, [api, source])
    }
}

extension AuthenticationResult {
    /// Why the provider was asked, as a tag.
    fileprivate var reasonText: String { refreshReason.map { "\($0)" } ?? "none" }
}

extension SpanAttributes {
    /// Adds what is known of a token; nothing of the token itself, or of whose it is.
    fileprivate mutating func add(_ result: AuthenticationResult) {
        self["msal.outcome"] = "success"
        self["msal.token_source"] = "\(result.source)"
        self["msal.refresh_reason"] = result.reasonText
        self["msal.tenant_id"] = result.tenantID
        if let id = result.correlationID { self["msal.correlation_id"] = id }
    }

    /// Adds what is known of an error; nothing that its texts say.
    fileprivate mutating func add(_ error: any Error) {
        guard !(error is CancellationError) else {
            self["msal.outcome"] = "cancelled"
            return
        }
        self["msal.outcome"] = "failure"
        guard let error = error as? AuthenticationError else { return }
        self["msal.error.kind"] = "\(error.kind)"
        self["msal.error.code"] = "\(error.code)"
        self["msal.error.server_error"] = ErrorWords.server(error.serverCode)
        if let number = error.aadstsCodes.first { self["msal.error.aadsts"] = Int64(number) }
        if let status = error.httpStatus { self["http.response.status_code"] = Int64(status) }
        if let id = error.correlationID { self["msal.correlation_id"] = id }
    }
}
