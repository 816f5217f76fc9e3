// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Values made of bytes that come again and again, so that they are made and held once.
///
/// It remembers as many as it has slots and forgets one for the next, so it costs the same whatever it is fed.
struct RepeatPool<Value> {
    private struct Slot {
        /// Where the bytes stand in the document.
        var start = 0
        var count = -1
        var value: Value
    }

    private var slots: [Slot]

    /// Makes a pool.
    ///
    /// - Parameters:
    ///   - slotCount: how many values it remembers: a power of two.
    ///   - empty: the value of slots not yet used.
    init(slotCount: Int, empty: Value) {
        slots = Array(repeating: Slot(value: empty), count: slotCount)
    }

    /// The value of some bytes.
    ///
    /// - Parameters:
    ///   - range: where they stand in the document.
    ///   - document: the same document in every call.
    ///   - make: makes the value if it is not remembered.
    /// - Returns: the value, made now or earlier.
    mutating func value(
        of range: Range<Int>,
        in document: CacheJSONReader,
        make: (UnsafeBufferPointer<UInt8>) -> Value
    ) -> Value {
        let bytes = document.bytes(range)
        let index = Int(truncatingIfNeeded: SameBytes.hash(bytes)) & (slots.count &- 1)
        if slots[index].count == range.count,
            SameBytes.are(document.start + slots[index].start, document.start + range.lowerBound, count: range.count)
        {
            return slots[index].value
        }
        let value = make(bytes)
        slots[index] = Slot(start: range.lowerBound, count: range.count, value: value)
        return value
    }
}
