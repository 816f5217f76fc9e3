// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Whether both texts are the same bytes.
    ///
    /// `==` calls canonically equivalent texts equal (`é` in one or two scalars); identifiers of a protocol are
    /// compared code point by code point (RFC 7519 §7.3).
    func isSameBytes(as other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}

/// Whether two byte sequences are equal when ASCII letters count the same in both cases.
func isEqualIgnoringASCIICase(_ first: some Collection<UInt8>, _ second: some Collection<UInt8>) -> Bool {
    first.count == second.count && zip(first, second).allSatisfy { lowercased($0) == lowercased($1) }
}

/// An ASCII byte in lower case.
private func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}

/// Whether the bytes are a GUID in its usual form, `8-4-4-4-12` hexadecimal digits, in either case.
func isGUID(_ text: some Collection<UInt8>) -> Bool {
    guard text.count == 36 else { return false }
    return text.enumerated().allSatisfy { position, byte in
        switch position {
        case 8, 13, 18, 23: byte == UInt8(ascii: "-")
        default: isHexadecimalDigit(byte)
        }
    }
}

/// Whether the byte is `0`–`9`, `a`–`f` or `A`–`F`.
func isHexadecimalDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): true
    default: false
    }
}
