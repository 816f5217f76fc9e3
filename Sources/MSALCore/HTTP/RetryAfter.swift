// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Reads `Retry-After` in its form of seconds (RFC 9110 §10.2.3).
enum RetryAfter {
    /// The seconds to wait, at most an hour; nil when the field is missing or of another form.
    static func seconds(_ fields: HTTPFields) -> Duration? {
        guard let text = fields[.retryAfter], let seconds = UInt32(text.trimmingSpaces()) else { return nil }
        return .seconds(min(Int64(seconds), 3_600))
    }
}
