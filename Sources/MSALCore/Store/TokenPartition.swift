// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What a token store keeps and changes together: everything of one person, of one session on behalf of a caller, or of one
/// application in one tenant.
public struct TokenPartition: Sendable, Hashable {
    /// Whose tokens a partition holds.
    @nonexhaustive
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// One person's, by home account ID.
        case user
        /// Long work on behalf of a caller, by the hash of its session key.
        case onBehalfOf
        /// An application's own, by its client ID and a tenant.
        case application
        /// What came with an import and belongs to nobody here, kept for the next export.
        case foreign
    }

    /// Whose tokens it holds.
    public let kind: Kind

    /// The name among partitions of its kind: printable ASCII of at most 512 characters.
    ///
    /// It is no secret and is not sealed, so that an operator can find a person's rows.
    public let name: String

    /// A partition by its kind and name.
    ///
    /// Names that are too long, or hold anything but printable ASCII, are replaced by their SHA-256.
    public init(kind: Kind, name: String) {
        self.kind = kind
        self.name = StoreName.plain(name)
    }

    /// The partition of a person, or of a session on behalf of one, by the name that memory keeps it under.
    init(holder name: String) {
        self.init(kind: OnBehalf.isPartition(name) ? .onBehalfOf : .user, name: name)
    }

    /// A partition as a store has kept it: the name of an earlier one, taken as it is.
    ///
    /// Stores make partitions with this: a name that was replaced by its hash once must not be replaced again.
    public init(kind: Kind, stored name: String) {
        self.kind = kind
        self.name = name
    }
}

extension TokenPartition: CustomStringConvertible {
    /// Kind and name.
    public var description: String { "\(kind.rawValue)/\(name)" }
}
