// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What every `TokenStore` must do, as checks for whatever test framework there is.
///
///     @Test(arguments: TokenStoreSuite.checks)
///     func keepsItsPromises(_ check: TokenStoreSuite.Check) async throws {
///         let path = try emptyFolder().appending("tokens")
///         try await check.run { try MyTokenStore(path: path) }
///     }
///
/// Nothing sleeps, and nothing depends on chance: random sequences have a fixed seed.
public enum TokenStoreSuite {
    /// All checks.
    public static let checks: [Check] =
        entryChecks + nameChecks + versionChecks + conditionChecks + listingChecks + removalChecks + leaseChecks
        + concurrencyChecks + randomChecks

    /// One promise.
    public struct Check: Sendable, Identifiable, CustomStringConvertible {
        /// The promise as a sentence; no two checks share one.
        public let name: String
        /// What is done to find out.
        private let body: @Sendable (StoreTrial<any TokenStore>) async throws -> Void

        /// A check of a promise.
        init(_ name: String, _ body: @escaping @Sendable (StoreTrial<any TokenStore>) async throws -> Void) {
            self.name = name
            self.body = body
        }

        /// The name.
        public var id: String { name }

        /// The name.
        public var description: String { name }

        /// Finds out whether a store keeps the promise.
        ///
        /// - Parameters:
        ///   - time: the time that the store's leases go by, which is then moved on; without it, what only passing time
        ///     can show is left out.
        ///   - open: opens the storage under test, which must be empty before the first call and the same in each:
        ///     a file, a database, or one object in memory. A check calls it several times and uses what it opened
        ///     side by side.
        /// - Throws: ``StoreSuiteFailure`` when it does not.
        public func run(
            time: ManualTime? = nil,
            on open: @escaping @Sendable () async throws -> any TokenStore
        ) async throws {
            try await StoreTrial.run(name, time: time, on: open, body)
        }
    }
}

// MARK: What the checks share

extension TokenStoreSuite {
    /// One run of a check.
    typealias Trial = StoreTrial<any TokenStore>

    /// A person's partition.
    static func user(_ name: String) -> TokenPartition {
        TokenPartition(kind: .user, name: name)
    }

    /// An entry with a short text for a value.
    static func entry(_ key: String, _ text: String = "", endsOn: Date? = nil) -> StoredToken {
        StoredToken(key: key, value: Array(text.utf8), endsOn: endsOn)
    }

    /// A moment so far ahead that no store may forget anything that ends then.
    static func future(_ seconds: Double = 0) -> Date {
        // 1 January 2100.
        Date(timeIntervalSince1970: 4_102_444_800 + seconds)
    }
}

extension StoreTrial where Store == any TokenStore {
    /// Puts entries into a partition, whatever it holds.
    @discardableResult
    func put(_ entries: StoredToken..., to partition: TokenPartition) async throws -> TokenVersion {
        let version = try await store.write(TokenChanges(put: entries), to: partition, if: .none)
        return try require("the version after a write without a condition", version)
    }

    /// Takes entries out of a partition.
    @discardableResult
    func remove(_ keys: String..., from partition: TokenPartition) async throws -> TokenVersion {
        let version = try await store.write(TokenChanges(remove: keys), to: partition, if: .none)
        return try require("the version after a write without a condition", version)
    }

    /// Fails unless a partition holds these entries and no others.
    @discardableResult
    func expect(
        _ partition: TokenPartition,
        holds expected: StoredToken...,
        in store: (any TokenStore)? = nil
    ) async throws -> TokenVersion? {
        let found = try await (store ?? self.store).read(partition, keys: nil)
        try expect("all entries of \(partition)", found, are: expected)
        return found.version
    }

    /// Fails unless entries are these, in whatever order, with ends to the millisecond.
    func expect(
        _ subject: String,
        _ found: StoredTokens,
        are expected: [StoredToken]
    ) throws(StoreSuiteFailure) {
        let texts = found.entries.map(Self.text).sorted()
        try expect(subject, texts, is: expected.map(Self.text).sorted())
        try expect(
            "the version of \(subject)",
            (found.version == nil) == expected.isEmpty || expected.isEmpty,
            expected: "one, as there are entries",
            found: "none"
        )
    }

    /// An entry as a text that is equal for equal entries.
    static func text(_ entry: StoredToken) -> String {
        let end = entry.endsOn.map { "\(($0.timeIntervalSince1970 * 1000).rounded())" } ?? "never"
        let size = entry.value.count
        // A byte a character up to a size that can be read; beyond that a sum that no damage keeps.
        let value = size <= 300 ? "\(entry.value)" : "\(size) bytes, \(entry.value.hashValue)"
        return "\(entry.key) = \(value) until \(end)"
    }
}
