// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A dictionary that holds so many values and no more.
///
/// Past its bound, the value unused for the longest among a few picked at random goes: near enough to the oldest, at a
/// cost that does not grow.
struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Slot {
        var value: Value
        /// Where the key stands in `keys`.
        var position: Int
        var lastUse: UInt64
    }

    /// How many values are kept at most.
    let capacity: Int
    private var slots: [Key: Slot] = [:]
    private var keys: [Key] = []
    private var clock: UInt64 = 0

    /// Makes an empty table.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// How many values there are.
    var count: Int { keys.count }

    /// All values, in no order.
    var values: some Sequence<Value> { slots.values.lazy.map(\.value) }

    /// The value of a key; looking does not count as use.
    subscript(key: Key) -> Value? { slots[key]?.value }

    /// Notes that the value of a key was used.
    mutating func touch(_ key: Key) {
        clock += 1
        slots[key]?.lastUse = clock
    }

    /// Changes the value of a key where there is one.
    mutating func change(_ key: Key, _ change: (inout Value) -> Void) {
        guard var slot = slots.removeValue(forKey: key) else { return }
        change(&slot.value)
        slots[key] = slot
    }

    /// Changes the value of a key, or an initial value that is then kept; it counts as use.
    mutating func change(_ key: Key, from initial: @autoclosure () -> Value, _ change: (inout Value) -> Void) {
        if slots[key] == nil {
            if keys.count >= capacity { evictOne() }
            slots[key] = Slot(value: initial(), position: keys.count, lastUse: 0)
            keys.append(key)
        }
        touch(key)
        self.change(key, change)
    }

    /// Removes the value of a key.
    mutating func remove(_ key: Key) {
        guard let slot = slots.removeValue(forKey: key) else { return }
        // The last key takes the free place, so that no others move.
        let last = keys.removeLast()
        if slot.position < keys.count {
            keys[slot.position] = last
            slots[last]?.position = slot.position
        }
    }

    private mutating func evictOne() {
        let candidates = (0..<8).compactMap { _ in keys.randomElement() }
        if let oldest = candidates.min(by: { (slots[$0]?.lastUse ?? 0) < (slots[$1]?.lastUse ?? 0) }) {
            remove(oldest)
        }
    }
}
