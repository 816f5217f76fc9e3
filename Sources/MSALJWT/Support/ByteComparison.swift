// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Hands over bytes in one piece: without copying them, where they lie in one piece already.
///
/// Walking over a string's own view costs several times as much, and identifiers are compared for every token.
@inline(__always)
func withContiguousBytes<Result>(of bytes: some Collection<UInt8>, _ body: (Span<UInt8>) -> Result) -> Result {
    bytes.withContiguousStorageIfAvailable { body($0.span) } ?? body(ContiguousArray(bytes).span)
}

extension String {
    /// Whether both texts are the same bytes.
    ///
    /// `==` calls canonically equivalent texts equal (`é` in one or two scalars); identifiers of a protocol are
    /// compared code point by code point (RFC 7519 §7.3).
    func isSameBytes(as other: String) -> Bool {
        withContiguousBytes(of: utf8) { first in
            withContiguousBytes(of: other.utf8) { first.isEqual(to: $0) }
        }
    }

    /// Whether the text is a GUID in its usual form, `8-4-4-4-12` hexadecimal digits, in either case.
    var isGUID: Bool {
        withContiguousBytes(of: utf8) { bytes in
            guard bytes.count == 36 else { return false }
            for position in bytes.indices {
                switch position {
                case 8, 13, 18, 23: guard bytes[position] == UInt8(ascii: "-") else { return false }
                default: guard isHexadecimalDigit(bytes[position]) else { return false }
                }
            }
            return true
        }
    }
}

/// Whether two texts are equal when ASCII letters count the same in both cases.
func isEqualIgnoringASCIICase(_ first: String, _ second: String) -> Bool {
    withContiguousBytes(of: first.utf8) { first in
        withContiguousBytes(of: second.utf8) { first.isEqualIgnoringASCIICase(to: $0) }
    }
}

extension Span<UInt8> {
    /// Whether both are the same bytes.
    func isEqual(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for position in indices where self[position] != other[position] { return false }
        return true
    }

    /// Whether both are the same bytes when ASCII letters count the same in both cases.
    func isEqualIgnoringASCIICase(to other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for position in indices where lowercased(self[position]) != lowercased(other[position]) { return false }
        return true
    }

    /// Where a text stands first, ASCII letters counting the same in both cases.
    func firstRange(of text: Span<UInt8>) -> Range<Int>? {
        guard text.count <= count, !text.isEmpty else { return nil }
        let first = lowercased(text[0])
        for start in 0...count - text.count where lowercased(self[start]) == first {
            let range = start..<start + text.count
            if extracting(range).isEqualIgnoringASCIICase(to: text) { return range }
        }
        return nil
    }
}

/// An ASCII byte in lower case.
private func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

/// Whether the byte is `0`–`9`, `a`–`f` or `A`–`F`.
func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
}
