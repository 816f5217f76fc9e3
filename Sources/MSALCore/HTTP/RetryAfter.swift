// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads `Retry-After` in its two forms, seconds and a date (RFC 9110 §10.2.3).
enum RetryAfter {
    /// Nobody is made to wait longer than this.
    static let maximum = Duration.seconds(3_600)

    /// How long to wait from now on, at most an hour; nil when the field is missing or of another form.
    static func seconds(_ fields: HTTPFields, at now: Date) -> Duration? {
        guard let text = fields[.retryAfter]?.trimmingSpaces(), !text.isEmpty else { return nil }
        if text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // So many seconds that they are no number are too many as well.
            return min(Int64(text).map { .seconds($0) } ?? maximum, maximum)
        }
        guard let date = HTTPDate.read(text, at: now) else { return nil }
        let left = date.seconds(since: now)
        return .seconds(min(max(left, 0), maximum.inSeconds))
    }
}

/// For how long after an answer equal requests are answered without asking the provider.
enum ThrottleRule {
    /// The pause after an answer that asks for one without saying how long.
    static let defaultPause = Duration.seconds(5)

    /// The pause after an answer: what it asks for, or a few seconds where the provider is busy or broken.
    static func pause(status: Int, retryAfter: Duration?) -> Duration {
        switch status {
        case 200..<300: .zero
        case 429, 500...: retryAfter ?? defaultPause
        default: retryAfter ?? .zero
        }
    }
}
