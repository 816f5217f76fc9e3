// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Where a text stands in a document, without its quotes.
struct CacheText {
    let start: Int
    let end: Int
    /// Whether a backslash stands in it, so that its bytes are not its value.
    let isEscaped: Bool

    /// The place of its bytes.
    var range: Range<Int> { start..<end }
}

extension CacheJSONReader {
    /// Moves over a text, checking its escapes, its control characters and its UTF-8.
    mutating func scanText() throws(CacheScanFault) -> CacheText {
        let begin = position &+ 1
        var isEscaped = false
        var isASCII = true
        position = begin
        while true {
            position &+= PlainText.prefix(of: start + position, count: count &- position)
            guard position < count else { throw unexpected() }
            switch start[position] {
            case .quote:
                let text = CacheText(start: begin, end: position, isEscaped: isEscaped)
                position &+= 1
                guard isASCII || String(validating: bytes(text.range), as: UTF8.self) != nil else {
                    throw CacheScanFault(.encoding, at: begin)
                }
                return text
            case .backslash:
                isEscaped = true
                try skipEscape()
            case 0x80...:
                isASCII = false
                while peek() >= 0x80 { position &+= 1 }
            default:
                throw unexpected()
            }
        }
    }

    /// Moves over one escape.
    private mutating func skipEscape() throws(CacheScanFault) {
        position &+= 1
        if peek() == UInt8(ascii: "u") {
            guard hexadecimal(at: position &+ 1) != nil else { throw unexpected() }
            position &+= 5
        } else {
            guard Self.unescaped(peek()) != nil else { throw unexpected() }
            position &+= 1
        }
    }

    /// Moves over a number, `true`, `false` or `null`.
    mutating func skipScalar() throws(CacheScanFault) {
        switch peek() {
        case UInt8(ascii: "t"): try skip("true")
        case UInt8(ascii: "f"): try skip("false")
        case UInt8(ascii: "n"): try skip("null")
        default: try skipNumber()
        }
    }

    /// Moves over a literal name.
    private mutating func skip(_ literal: StaticString) throws(CacheScanFault) {
        let end = position &+ literal.utf8CodeUnitCount
        guard end <= count, literal.withUTF8Buffer({ $0.elementsEqual(bytes(position..<end)) }) else {
            throw unexpected()
        }
        position = end
    }

    /// Moves over a number (RFC 8259 §6).
    private mutating func skipNumber() throws(CacheScanFault) {
        if peek() == UInt8(ascii: "-") { position &+= 1 }
        if peek() == UInt8(ascii: "0") {
            position &+= 1
        } else {
            try skipDigits()
        }
        if peek() == UInt8(ascii: ".") {
            position &+= 1
            try skipDigits()
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            position &+= 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position &+= 1 }
            try skipDigits()
        }
    }

    /// Moves over one digit or more.
    private mutating func skipDigits() throws(CacheScanFault) {
        let begin = position
        while peek() &- UInt8(ascii: "0") <= 9 { position &+= 1 }
        guard position > begin else { throw unexpected() }
    }

    /// The value of a text; nil where it is half of a surrogate pair, which is no text.
    func decode(_ text: CacheText) -> String? {
        guard text.isEscaped else { return String(decoding: bytes(text.range), as: UTF8.self) }
        var output: [UInt8] = []
        output.reserveCapacity(text.range.count)
        var place = text.start
        while place < text.end {
            guard start[place] == .backslash else {
                output.append(start[place])
                place += 1
                continue
            }
            guard start[place + 1] == UInt8(ascii: "u") else {
                output.append(Self.unescaped(start[place + 1]) ?? 0)
                place += 2
                continue
            }
            guard let (scalar, length) = scalar(escapedAt: place, before: text.end) else { return nil }
            output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            place += length
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// The scalar of one escape, or of the two of a surrogate pair, and how many bytes they take.
    private func scalar(escapedAt place: Int, before end: Int) -> (Unicode.Scalar, length: Int)? {
        guard let unit = hexadecimal(at: place + 2) else { return nil }
        if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
        guard unit < 0xDC00, place + 12 <= end, start[place + 6] == .backslash, start[place + 7] == UInt8(ascii: "u"),
            let low = hexadecimal(at: place + 8), (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar((UInt32(unit) - 0xD800) << 10 + (UInt32(low) - 0xDC00) + 0x10000)
        else { return nil }
        return (scalar, 12)
    }

    /// The value of four hexadecimal digits; nil where something else stands.
    private func hexadecimal(at place: Int) -> UInt16? {
        guard place + 4 <= count else { return nil }
        var value: UInt16 = 0
        for digit in bytes(place..<place + 4) {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt16(digit & 0xF)
            case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"):
                value = value << 4 | UInt16(digit & 0xF + 9)
            default: return nil
            }
        }
        return value
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
}
