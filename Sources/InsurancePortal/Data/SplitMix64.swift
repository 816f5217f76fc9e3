// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A small generator of numbers that gives the same sequence for the same seed, on every machine and in every release.
///
/// Its choices are made here and not by the standard library, whose ways of choosing may change.
struct SplitMix64: Sendable {
    /// What the next number is made of.
    private var state: UInt64

    /// Begins the sequence that belongs to `seed`.
    init(seed: UInt64) {
        state = seed
    }

    /// The next 64 bits.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number of the range, each nearly as likely as the other.
    mutating func integer(in range: ClosedRange<Int>) -> Int {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int(next() % width)
    }

    /// A number from 0 up to, but not including, 1.
    mutating func fraction() -> Double {
        Double(next() >> 11) / Double(1 << 53)
    }

    /// True in `percent` of a hundred cases.
    mutating func chance(_ percent: Int) -> Bool {
        integer(in: 1...100) <= percent
    }

    /// One of the elements, which must not be empty.
    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[integer(in: 0...(elements.count - 1))]
    }

    /// One of the elements, by their weights.
    mutating func pick<Element>(weighted elements: [(element: Element, weight: Int)]) -> Element {
        var rest = integer(in: 1...elements.reduce(0) { $0 + $1.weight })
        for (element, weight) in elements {
            rest -= weight
            if rest <= 0 { return element }
        }
        return elements[elements.count - 1].element
    }

    /// An amount of the range with many small ones and few large ones, to full `step` minor units.
    mutating func amount(in range: ClosedRange<Int>, step: Int) -> Money {
        let part = fraction()
        let size = Double(range.upperBound - range.lowerBound) * part * part * part
        return Money(minorUnits: (range.lowerBound + Int(size)) / step * step)
    }
}
