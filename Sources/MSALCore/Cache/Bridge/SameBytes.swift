// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Compares and hashes bytes eight at a time.
enum SameBytes {
    /// Whether two places hold the same bytes.
    static func are(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int) -> Bool {
        var place = 0
        while place &+ 8 <= count {
            guard word(left, place) == word(right, place) else { return false }
            place &+= 8
        }
        if place < count, count >= 8 {
            return word(left, count &- 8) == word(right, count &- 8)
        }
        while place < count {
            guard left[place] == right[place] else { return false }
            place &+= 1
        }
        return true
    }

    /// A number that equal bytes share, good for tables that compare what they find.
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
        guard let start = bytes.baseAddress else { return hash }
        var place = 0
        while place &+ 8 <= bytes.count {
            hash = mix(hash, word(start, place))
            place &+= 8
        }
        while place < bytes.count {
            hash = mix(hash, UInt64(start[place]))
            place &+= 1
        }
        return hash
    }

    private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return product.high ^ product.low
    }

    private static func word(_ start: UnsafePointer<UInt8>, _ place: Int) -> UInt64 {
        UnsafeRawPointer(start + place).loadUnaligned(as: UInt64.self)
    }
}
