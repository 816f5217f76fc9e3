// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Where a JSON text stands, without its quotes.
struct JSONText: Sendable {
    /// The bytes between the quotes.
    let range: Range<Int>
    /// Whether a backslash stands in it, so that its bytes are not its value.
    let isEscaped: Bool
    /// Whether all its bytes are ASCII and stand for themselves.
    let isPlain: Bool
}

extension JSONScanner {
    /// Moves over a text, checking its escapes, its control characters and its UTF-8.
    mutating func scanString() throws(JWTError) -> JSONText {
        let start = position &+ 1
        var isEscaped = false
        var isASCII = true
        position = start
        while true {
            position = endOfPlainText(from: position)
            guard position < bytes.count else { throw unexpected() }
            let byte = bytes[position]
            if byte == .quote {
                let range = start..<position
                position &+= 1
                guard isASCII || String(validating: bytes[range], as: UTF8.self) != nil else {
                    throw JWTError(.json, "Not JSON: a text is not well-formed UTF-8.")
                }
                return JSONText(range: range, isEscaped: isEscaped, isPlain: isASCII && !isEscaped)
            }
            if byte == .backslash {
                isEscaped = true
                try scanEscape()
                continue
            }
            guard byte >= 0x80 else { throw unexpected() }
            isASCII = false
            position &+= 1
        }
    }

    /// The next place that does not hold an ASCII character standing for itself.
    private func endOfPlainText(from start: Int) -> Int {
        let rest = bytes[start...]
        let source = rest.span
        var length = 0
        while length &+ 8 <= source.count {
            let word = UInt64(littleEndian: source.bytes.unsafeLoadUnaligned(fromByteOffset: length, as: UInt64.self))
            let marks = Self.marks(in: word)
            guard marks == 0 else { return start &+ length &+ marks.trailingZeroBitCount / 8 }
            length &+= 8
        }
        while length < source.count {
            let byte = source[length]
            guard byte >= 0x20, byte < 0x80, byte != .quote, byte != .backslash else { break }
            length &+= 1
        }
        return start &+ length
    }

    /// Marks the top bit of each byte that is not an ASCII character standing for itself: eight bytes at once.
    ///
    /// Only the lowest mark is exact, as borrows run upwards.
    private static func marks(in word: UInt64) -> UInt64 {
        let each: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (each &* UInt64(UInt8.quote))
        let backslashes = word ^ (each &* UInt64(UInt8.backslash))
        let controls = (word &- (each &* 0x20)) & ~word
        let escapes = ((quotes &- each) & ~quotes) | ((backslashes &- each) & ~backslashes)
        return (controls | escapes | word) & (each &* 0x80)
    }

    /// Moves over one escape, or over the two that make a surrogate pair.
    private mutating func scanEscape() throws(JWTError) {
        position &+= 1
        guard peek() == UInt8(ascii: "u") else {
            guard Self.unescaped(peek()) != nil else { throw unexpected() }
            position &+= 1
            return
        }
        position &+= 1
        switch try scanHexadecimal() {
        case 0xD800..<0xDC00:
            guard peek() == .backslash, position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "u") else {
                throw unexpected()
            }
            position &+= 2
            guard (0xDC00..<0xE000).contains(try scanHexadecimal()) else { throw unexpected() }
        case 0xDC00..<0xE000:
            throw unexpected()
        default:
            break
        }
    }

    /// Moves over four hexadecimal digits.
    private mutating func scanHexadecimal() throws(JWTError) -> UInt16 {
        guard position + 4 <= bytes.count, bytes[position..<position + 4].allSatisfy(isHexadecimalDigit) else {
            throw unexpected()
        }
        defer { position &+= 4 }
        return hexadecimal(at: position)
    }

    /// The value of the four hexadecimal digits at a place.
    private func hexadecimal(at start: Int) -> UInt16 {
        bytes[start..<start + 4].reduce(0) { value, digit in
            value << 4 | UInt16(digit <= UInt8(ascii: "9") ? digit & 0xF : digit & 0xF + 9)
        }
    }

    /// What a one-letter escape stands for.
    private static func unescaped(_ letter: UInt8) -> UInt8? {
        switch letter {
        case .quote, .backslash, UInt8(ascii: "/"): letter
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    /// The value of a text that was scanned.
    func decode(_ text: JSONText) -> String {
        guard text.isEscaped else { return String(decoding: bytes[text.range], as: UTF8.self) }
        var units: [UInt16] = []
        var plain = text.range.lowerBound
        var place = plain
        while place < text.range.upperBound {
            guard bytes[place] == .backslash else {
                place += 1
                continue
            }
            units += String(decoding: bytes[plain..<place], as: UTF8.self).utf16
            if bytes[place + 1] == UInt8(ascii: "u") {
                units.append(hexadecimal(at: place + 2))
                place += 6
            } else {
                units.append(UInt16(Self.unescaped(bytes[place + 1]) ?? 0))
                place += 2
            }
            plain = place
        }
        units += String(decoding: bytes[plain..<place], as: UTF8.self).utf16
        return String(decoding: units, as: UTF16.self)
    }
}
