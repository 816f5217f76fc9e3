// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension JSONScanner {
    /// The longest number that is read.
    ///
    /// Nobody sends longer ones in good faith.
    private static let longestNumber = 400

    /// Reads the number at the position.
    mutating func parseNumber() throws(JWTError) -> JSONValue {
        let start = position
        let isWhole = try scanNumber()
        if isWhole, position - start <= 18, let value = smallInteger(in: start..<position) {
            return .integer(value)
        }
        guard position - start <= Self.longestNumber else { throw JWTError(.json, "A JSON number is too long.") }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int64(text) {
            return .integer(value)
        }
        guard let value = Double(text), value.isFinite else {
            throw JWTError(.json, "A JSON number is out of range.")
        }
        return .number(value)
    }

    /// The value of a whole number of at most 18 bytes, which always fits.
    ///
    /// `nil` if it is negative.
    private func smallInteger(in range: Range<Int>) -> Int64? {
        guard bytes[range.lowerBound] != UInt8(ascii: "-") else { return nil }
        return bytes[range].reduce(0) { $0 &* 10 &+ Int64($1 & 0xF) }
    }

    /// Moves over a number, refusing the ones ``parseNumber()`` refuses.
    mutating func skipNumber() throws(JWTError) {
        let start = position
        let isWhole = try scanNumber()
        guard !isWhole || position - start > 18 else { return }
        position = start
        _ = try parseNumber()
    }

    /// Moves over a number and says whether it has neither fraction nor exponent.
    private mutating func scanNumber() throws(JWTError) -> Bool {
        if peek() == UInt8(ascii: "-") { position &+= 1 }
        if peek() == UInt8(ascii: "0") {
            position &+= 1
        } else {
            try scanDigits()
        }
        var isWhole = true
        if peek() == UInt8(ascii: ".") {
            isWhole = false
            position &+= 1
            try scanDigits()
        }
        if peek() | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position &+= 1
            if peek() == UInt8(ascii: "+") || peek() == UInt8(ascii: "-") { position &+= 1 }
            try scanDigits()
        }
        return isWhole
    }

    /// Moves over one digit or more.
    private mutating func scanDigits() throws(JWTError) {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") <= 9 {
            position &+= 1
        }
        guard position > start else { throw unexpected() }
    }
}
