// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How things are written to a terminal.
enum Terminal {
    /// A text without anything that a terminal obeys.
    static func plain(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { scalar in
                    let category = scalar.properties.generalCategory
                    return category == .control || category == .format ? "?" : scalar
                }
            )
        )
    }

    /// When something ends, and how far away that is.
    static func ends(_ end: Date, _ now: Date) -> String {
        let minutes = Int((end.timeIntervalSince(now) / 60).rounded(.down))
        let moment = end.formatted(.iso8601)
        guard minutes >= 0 else { return "ended \(moment)" }
        let distance =
            minutes < 120 ? "\(minutes) min" : minutes < 2 * 1_440 ? "\(minutes / 60) h" : "\(minutes / 1_440) days"
        return "ends \(moment), in \(distance)"
    }

    /// A value as JSON for programs.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
