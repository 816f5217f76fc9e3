// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Base64 with the URL-safe alphabet and without padding (RFC 7515 §2), read strictly.
public enum Base64URL {
    /// Writes bytes as base64url, without padding.
    public static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: encodedBytes(bytes), as: UTF8.self)
    }

    /// Reads base64url.
    ///
    /// `nil` where a character is foreign (padding and line ends too), the length cannot be, or the bits left over at
    /// the end are not zero: every value has exactly one accepted text.
    public static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let bytes = Array(text.utf8)
        return decode(bytes, in: 0..<bytes.count)
    }

    /// Reads the base64url text that stands in a range of a larger buffer.
    static func decode(_ text: [UInt8], in range: Range<Int>) -> [UInt8]? {
        let tail = range.count % 4
        guard tail != 1 else { return nil }
        let size = range.count / 4 * 3 + (tail == 0 ? 0 : tail - 1)
        var isCanonical = false
        let result = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let source = text[range]
            isCanonical = decode(source.span, into: buffer)
            count = isCanonical ? size : 0
        }
        return isCanonical ? result : nil
    }

    /// Fills a buffer of exactly the right size, and says whether the text was canonical base64url.
    private static func decode(_ source: Span<UInt8>, into output: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        let values = sextets.span
        // Lets the compiler see that no byte can lie outside the table.
        precondition(values.count == 256)
        var read = 0
        var written = 0
        while read &+ 4 <= source.count {
            // Within bounds: the loop's condition says so.
            let first = values[Int(source[unchecked: read])]
            let second = values[Int(source[unchecked: read &+ 1])]
            let third = values[Int(source[unchecked: read &+ 2])]
            let fourth = values[Int(source[unchecked: read &+ 3])]
            guard (first | second | third | fourth) & foreign == 0 else { return false }
            output[written] = first << 2 | second >> 4
            output[written &+ 1] = second << 4 | third >> 2
            output[written &+ 2] = third << 6 | fourth
            read &+= 4
            written &+= 3
        }
        let tail = source.count &- read
        guard tail != 0 else { return true }
        let first = values[Int(source[read])]
        let second = values[Int(source[read &+ 1])]
        let third = tail == 3 ? values[Int(source[read &+ 2])] : 0
        guard (first | second | third) & foreign == 0 else { return false }
        output[written] = first << 2 | second >> 4
        guard tail == 3 else { return second & 0b1111 == 0 }
        output[written &+ 1] = second << 4 | third >> 2
        return third & 0b11 == 0
    }

    /// The characters of the text that stands for some bytes.
    static func encodedBytes(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count * 4 + 2) / 3)
        var pending: UInt32 = 0
        var bits: UInt32 = 0
        for byte in bytes {
            pending = pending << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                result.append(alphabet[Int(pending >> bits & 0x3F)])
            }
        }
        if bits > 0 {
            result.append(alphabet[Int(pending << (6 - bits) & 0x3F)])
        }
        return result
    }

    /// The mark of a byte outside the alphabet in ``sextets``.
    private static let foreign: UInt8 = 0x80

    /// The alphabet, by value.
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// The value of each byte, or ``foreign``.
    private static let sextets: ContiguousArray<UInt8> = {
        var table = ContiguousArray<UInt8>(repeating: foreign, count: 256)
        for (value, character) in alphabet.enumerated() {
            table[Int(character)] = UInt8(value)
        }
        return table
    }()
}
