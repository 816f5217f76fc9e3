// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What names one request in answers: the platform shows it in every error.
struct Trace: Sendable {
    /// A new GUID for each request.
    let traceID = GUID.random()
    /// The client's own GUID for the request, or a new one.
    var correlationID: GUID
    /// When the request came.
    let time: Date

    /// Starts a trace.
    init(correlationID: GUID?, time: Date) {
        self.correlationID = correlationID ?? .random()
        self.time = time
    }

    /// The time as errors spell it.
    var timestamp: String { Timestamp.platform(time) }
}

/// The spellings of dates.
enum Timestamp {
    /// `2026-09-01 10:00:00Z`.
    static func platform(_ date: Date) -> String {
        date.formatted(.iso8601.dateTimeSeparator(.space))
    }

    /// `2026-09-01T10:00:00`.
    static func graph(_ date: Date) -> String {
        String(date.formatted(.iso8601).prefix(19))
    }

    /// Whole seconds since 1970.
    static func seconds(_ date: Date) -> Int64 {
        Int64(date.timeIntervalSince1970.rounded(.down))
    }
}
