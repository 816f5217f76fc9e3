// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Keeps tokens beyond the life of a process, for one machine or for several.
///
/// The application keeps what it uses in its own memory and asks a store only for what it does not have. It moves single
/// entries, sealed: a store sees names and bytes, never a token. What a store throws costs a warning and the entries in
/// question, not the sign-in.
///
/// `TokenStoreSuite` of `MSALTesting` holds what every store must do.
public protocol TokenStore: Sendable {
    /// The entries of a partition and its version.
    ///
    /// - Parameters:
    ///   - partition: which one.
    ///   - keys: the entries wanted; nil for all of them.
    /// - Returns: what there is, all of one moment; no entries and no version where there is nothing.
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`.
    func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens

    /// Changes entries of a partition: all of them, or none.
    ///
    /// - Parameters:
    ///   - changes: entries to put in, replacing those of the same key, and keys to take out.
    ///   - partition: which one; it is made where there is none, and gone when its last entry is.
    ///   - condition: what must hold for the changes to be made.
    /// - Returns: the partition's new version, nil if the condition did not hold and nothing was changed.
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`.
    @discardableResult
    func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) async throws -> TokenVersion?

    /// Some of the partitions of a kind, ordered by name.
    ///
    /// - Parameters:
    ///   - kind: whose.
    ///   - name: only those after this name; nil to begin.
    ///   - limit: how many at most.
    /// - Returns: the partitions.
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`.
    func partitions(_ kind: TokenPartition.Kind, after name: String?, limit: Int) async throws -> [TokenPartition]

    /// Takes out all entries that end before a moment.
    ///
    /// - Returns: how many there were.
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`.
    @discardableResult
    func removeEntries(endingBefore moment: Date) async throws -> Int

    /// Takes the lease on a partition, so that one process alone renews its tokens.
    ///
    /// - Parameters:
    ///   - partition: which one; it need not exist.
    ///   - holder: who asks. Whoever holds the lease gets it again, with a new end.
    ///   - duration: how long it is held at most, by the store's own clock; zero ends at once.
    /// - Returns: whether it was taken; false while somebody else holds it.
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`.
    func takeLease(on partition: TokenPartition, as holder: String, for duration: Duration) async throws -> Bool

    /// Gives a lease back, if it is still held by the one who gives it.
    ///
    /// - Parameters:
    ///   - partition: which one.
    ///   - holder: who gives it back.
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`.
    func releaseLease(on partition: TokenPartition, as holder: String) async throws
}

/// One sealed entry of a partition.
public struct StoredToken: Sendable, Hashable {
    /// Its name in the partition: printable ASCII of at most 128 characters.
    public let key: String

    /// The sealed bytes.
    public let value: [UInt8]

    /// When it may be forgotten; nil to keep it until it is taken out.
    public let endsOn: Date?

    /// An entry with all it holds.
    public init(key: String, value: [UInt8], endsOn: Date?) {
        self.key = key
        self.value = value
        self.endsOn = endsOn
    }
}

/// What a store holds of a partition.
public struct StoredTokens: Sendable, Hashable {
    /// The entries, in no order.
    public var entries: [StoredToken]

    /// The version of the whole partition, which changes with every write to it; nil where there is no such partition.
    public var version: TokenVersion?

    /// Entries with their partition's version.
    public init(entries: [StoredToken], version: TokenVersion?) {
        self.entries = entries
        self.version = version
    }
}

/// The version of a partition.
///
/// A store never gives one version twice, not even to a partition that was gone meanwhile.
public struct TokenVersion: Sendable, Hashable, RawRepresentable {
    /// A number whose order means nothing.
    public let rawValue: Int64

    /// A version a store has kept.
    public init(rawValue: Int64) {
        self.rawValue = rawValue
    }
}

/// Changes of a partition.
public struct TokenChanges: Sendable, Hashable {
    /// Entries to put in.
    public var put: [StoredToken]

    /// Keys of entries to take out; one that is also put in stays in.
    public var remove: [String]

    /// Changes with all they hold.
    public init(put: [StoredToken] = [], remove: [String] = []) {
        self.put = put
        self.remove = remove
    }

    /// Whether there is nothing to do.
    public var isEmpty: Bool { put.isEmpty && remove.isEmpty }
}

/// What must hold for a write.
@nonexhaustive
public enum TokenWriteCondition: Sendable, Hashable {
    /// Nothing: the last writer wins.
    case none
    /// The partition still has this version; nil: there is no such partition.
    case version(TokenVersion?)
}
