// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Reads the challenges of one field value, whatever it holds.
///
/// Each byte is looked at a bounded number of times, so that the time taken grows with the length alone.
struct ChallengeScanner {
    /// What is read.
    private let bytes: [UInt8]
    /// Where reading stands.
    private var position = 0

    /// More than this of one field is not read.
    private static let maximumLength = 65_536

    /// Makes a scanner at the start of a text.
    init(_ text: String) {
        bytes = Array(text.utf8.prefix(Self.maximumLength))
    }

    /// Reads to the end.
    mutating func challenges() -> [AuthenticateChallenge] {
        var challenges: [AuthenticateChallenge] = []
        var current: (scheme: String, token68: String?, parameters: [String: String])?
        /// The challenge that was read last, as a list for want of one at the start.
        func finished() -> [AuthenticateChallenge] {
            current.map { [AuthenticateChallenge(scheme: $0.scheme, token68: $0.token68, parameters: $0.parameters)] }
                ?? []
        }
        while position < bytes.count {
            guard let word = token() else {
                skipOne()
                continue
            }
            if let value = parameterValue() {
                // A parameter before any scheme belongs to nothing, and of two with one name the first counts.
                let name = word.asciiLowercased
                if current?.parameters[name] == nil { current?.parameters[name] = value }
            } else {
                challenges += finished()
                current = (word, token68(), [:])
            }
        }
        return challenges + finished()
    }

    /// The token at the position, which moves behind it (RFC 9110 §5.6.2).
    private mutating func token() -> String? {
        let start = position
        while position < bytes.count, Self.isTokenByte(bytes[position]) { position += 1 }
        return position > start ? text(start..<position) : nil
    }

    /// The value after an equals sign, quoted or not; nil, and nothing read, where there is no such sign.
    private mutating func parameterValue() -> String? {
        let start = position
        skipSpace()
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else {
            position = start
            return nil
        }
        position += 1
        skipSpace()
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return quotedString() }
        let valueStart = position
        // More than the grammar allows: base64 that ends in equals signs, and URLs, stand unquoted now and then.
        while position < bytes.count, !" \t,\"".utf8.contains(bytes[position]) { position += 1 }
        return text(valueStart..<position)
    }

    /// The text in the quotes at the position (RFC 9110 §5.6.4); to the end where they are never closed.
    private mutating func quotedString() -> String {
        position += 1
        var content: [UInt8] = []
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
            content.append(bytes[position])
            position += 1
        }
        position = min(position + 1, bytes.count)
        return String(decoding: content, as: UTF8.self)
    }

    /// The single value after a scheme; nil, and nothing read, where parameters or another challenge follow.
    private mutating func token68() -> String? {
        let before = position
        skipSpace()
        let start = position
        guard start > before else { return nil }
        while position < bytes.count, Self.isToken68Byte(bytes[position]) { position += 1 }
        let end = position
        while position < bytes.count, bytes[position] == UInt8(ascii: "=") { position += 1 }
        let value = start..<position
        skipSpace()
        guard end > start, position == bytes.count || bytes[position] == UInt8(ascii: ",") else {
            position = before
            return nil
        }
        return text(value)
    }

    /// Passes over a separator or what is none; what is quoted there is passed over whole, and never read as a challenge.
    private mutating func skipOne() {
        if bytes[position] == UInt8(ascii: "\"") {
            _ = quotedString()
        } else {
            position += 1
        }
    }

    /// Moves behind spaces and tabs.
    private mutating func skipSpace() {
        while position < bytes.count, bytes[position] == UInt8(ascii: " ") || bytes[position] == UInt8(ascii: "\t") {
            position += 1
        }
    }

    /// What stands in a range, with a mark in place of what is not UTF-8.
    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// Whether a byte may be in a token (RFC 9110 §5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }

    /// Whether a byte may be in a single value, before its padding (RFC 9110 §11.2).
    private static func isToken68Byte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || "-._~+/".utf8.contains(byte)
    }

    /// Whether a byte is a letter or a digit of ASCII.
    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
