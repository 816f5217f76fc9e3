// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How things are written to a terminal.
enum Terminal {
    /// What empties the line that the cursor is in.
    static let clearLine = "\r\u{1B}[K"

    /// Whether a file descriptor is a terminal that knows more than plain text.
    static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    /// Whether the output may have colours (no-color.org).
    static let hasColour =
        isTerminal(STDOUT_FILENO) && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty

    /// Writes beside the output; what cannot be written there is nobody's loss.
    static func write(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    /// Writes a line of output.
    ///
    /// - Throws: ``Refusal`` where it cannot be written, so that nobody takes half of it for the whole.
    static func print(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
        } catch {
            throw Refusal(message: "The standard output cannot be written: \(error.localizedDescription)")
        }
    }

    /// How a text can stand out.
    enum Style: String {
        case strong = "1"
        case faint = "2"
        case good = "32"
        case bad = "31"
    }

    /// A text that stands out, where there are colours.
    static func styled(_ text: String, _ style: Style) -> String {
        hasColour ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }

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

    /// Several lines of such a text.
    static func plainLines(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { plain(String($0)) }
            .joined(separator: "\n")
    }

    /// When something ends, and how far away that is.
    static func ends(_ end: Date, _ now: Date) -> String {
        let minutes = Int((end.timeIntervalSince(now) / 60).rounded(.down))
        let moment = end.formatted(.iso8601)
        return minutes >= 0 ? "ends \(moment), in \(length(minutes))" : "ended \(moment)"
    }

    /// A moment, and how far away it is.
    static func moment(_ moment: Date, _ now: Date) -> String {
        let seconds = moment.timeIntervalSince(now)
        let distance = length(Int((abs(seconds) / 60).rounded(.down)))
        return moment.formatted(.iso8601) + (seconds >= 0 ? ", in \(distance)" : ", \(distance) ago")
    }

    /// A length of time in its largest sensible unit.
    private static func length(_ minutes: Int) -> String {
        minutes < 120 ? "\(minutes) min" : minutes < 2 * 1_440 ? "\(minutes / 60) h" : "\(minutes / 1_440) days"
    }

    /// A value as JSON for programs.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
