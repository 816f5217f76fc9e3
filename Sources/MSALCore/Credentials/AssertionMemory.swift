// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The assertions that were signed and are still good, so that each is signed once.
final class AssertionMemory: Sendable {
    /// An assertion, and until when it is handed out.
    struct Signed: Sendable {
        var assertion: Secret
        var goodUntil: Date
    }

    /// How long before its end an assertion is no longer handed out: it has yet to travel, and clocks differ.
    private static let margin: Duration = .seconds(60)
    /// How many are kept, which is one a tenant for an application of many.
    private static let capacity = 4_096

    private let signed = Mutex(BoundedTable<ClientAssertion.Content, Signed>(capacity: capacity))
    private let flights = SingleFlight<ClientAssertion.Content, Signed>()

    /// An assertion of some content: one that is still good, or a new one, signed once for all who ask meanwhile.
    ///
    /// - Parameters:
    ///   - content: what it says.
    ///   - now: the time.
    ///   - sign: signs a new one, good from `now` on.
    /// - Returns: the assertion.
    /// - Throws: what signing throws.
    func assertion(
        of content: ClientAssertion.Content,
        at now: Date,
        sign: @escaping @Sendable () async throws -> Secret
    ) async throws -> Secret {
        if let found = find(content, at: now) { return found.assertion }
        return try await flights.value(for: content) { [self] in
            // Another flight may have landed since.
            if let found = find(content, at: now) { return found }
            let end = now.adding(ClientAssertion.lifetime - Self.margin)
            let made = Signed(assertion: try await sign(), goodUntil: end)
            signed.withLock { $0.change(content, from: made) { $0 = made } }
            return made
        }.assertion
    }

    /// Drops the assertion of some content, which the provider refused.
    func forget(_ content: ClientAssertion.Content) {
        signed.withLock { $0.remove(content) }
    }

    /// An assertion that is still good.
    private func find(_ content: ClientAssertion.Content, at now: Date) -> Signed? {
        signed.withLock { table in
            guard let found = table[content], now < found.goodUntil else { return nil }
            table.touch(content)
            return found
        }
    }
}
