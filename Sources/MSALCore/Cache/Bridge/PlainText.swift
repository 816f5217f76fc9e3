// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Finds the characters of a JSON text that do not stand for themselves.
enum PlainText {
    /// How many bytes from a place on are ASCII characters that stand for themselves, of so many that may be looked at.
    static func prefix(of start: UnsafePointer<UInt8>, count: Int) -> Int {
        let bytes = UnsafeRawPointer(start)
        var length = 0
        while length &+ 32 <= count {
            let first = marks(in: bytes, at: length)
            let second = marks(in: bytes, at: length &+ 8)
            let third = marks(in: bytes, at: length &+ 16)
            let fourth = marks(in: bytes, at: length &+ 24)
            if first | second | third | fourth != 0 {
                if first != 0 { return length &+ first.trailingZeroBitCount / 8 }
                if second != 0 { return length &+ 8 &+ second.trailingZeroBitCount / 8 }
                if third != 0 { return length &+ 16 &+ third.trailingZeroBitCount / 8 }
                return length &+ 24 &+ fourth.trailingZeroBitCount / 8
            }
            length &+= 32
        }
        while length < count {
            let byte = start[length]
            guard byte >= 0x20, byte < 0x80, byte != .quote, byte != .backslash else { break }
            length &+= 1
        }
        return length
    }

    /// Marks the top bit of each of eight bytes that does not stand for itself; only the lowest mark is exact, as borrows
    /// run upwards.
    @inline(__always)
    private static func marks(in bytes: UnsafeRawPointer, at place: Int) -> UInt64 {
        let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        let each: UInt64 = 0x0101_0101_0101_0101
        let quotes = word ^ (each &* UInt64(UInt8.quote))
        let backslashes = word ^ (each &* UInt64(UInt8.backslash))
        let controls = (word &- (each &* 0x20)) & ~word
        let escapes = ((quotes &- each) & ~quotes) | ((backslashes &- each) & ~backslashes)
        return (controls | escapes | word) & (each &* 0x80)
    }
}

/// The bytes with a meaning in JSON.
extension UInt8 {
    /// What begins and ends a text.
    static var quote: UInt8 { UInt8(ascii: "\"") }
    /// What begins an escape.
    static var backslash: UInt8 { UInt8(ascii: "\\") }
    /// What begins an object.
    static var openBrace: UInt8 { UInt8(ascii: "{") }
    /// What ends an object.
    static var closeBrace: UInt8 { UInt8(ascii: "}") }
    /// What begins a list.
    static var openBracket: UInt8 { UInt8(ascii: "[") }
    /// What ends a list.
    static var closeBracket: UInt8 { UInt8(ascii: "]") }
    /// What separates elements.
    static var comma: UInt8 { UInt8(ascii: ",") }
    /// What separates a name from its value.
    static var colon: UInt8 { UInt8(ascii: ":") }
}
