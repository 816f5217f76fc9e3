// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A count that many tasks raise at once without getting into each other's way.
///
/// One place in memory that all write to makes them wait for it. Here each object has its own of 64 places, near enough: tasks
/// that have different objects in hand do not meet, and those with the same one meet at its reference count anyway.
final class StripedCount: Sendable {
    /// A place of its own.
    private final class Stripe: Sendable {
        /// What was counted here.
        let count = Atomic<Int>(0)
        /// Keeps the next object out of the same cache line.
        private let padding = (Int.zero, Int.zero, Int.zero, Int.zero, Int.zero, Int.zero, Int.zero, Int.zero)
    }

    /// The places; a power of two of them.
    private let stripes = (0..<64).map { _ in Stripe() }

    /// Counts one more.
    ///
    /// - Parameter object: whose place is raised.
    /// - Returns: what that place has come to.
    @discardableResult
    func add(for object: AnyObject) -> Int {
        stripe(of: object).count.add(1, ordering: .relaxed).newValue
    }

    /// Sets the place of an object back to nothing.
    ///
    /// - Returns: what it had come to.
    func take(for object: AnyObject) -> Int {
        stripe(of: object).count.exchange(0, ordering: .relaxed)
    }

    /// Sets all places back to nothing.
    ///
    /// - Returns: what they had come to.
    func take() -> Int {
        stripes.reduce(0) { $0 + $1.count.exchange(0, ordering: .relaxed) }
    }

    /// The sum of all places.
    var sum: Int {
        stripes.reduce(0) { $0 + $1.count.load(ordering: .relaxed) }
    }

    private func stripe(of object: AnyObject) -> Stripe {
        // Addresses have their zeros at the end; the product has its best bits at the beginning.
        let address = UInt(bitPattern: ObjectIdentifier(object)) &* 0x9E37_79B9_7F4A_7C15
        return stripes[Int(address >> 58)]
    }
}
