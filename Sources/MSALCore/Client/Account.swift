// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Somebody who signed in: the key under which their tokens are kept, and what to call them.
public struct Account: Sendable, Hashable, Codable {
    /// Who somebody is, in one object: it is handed out with every token, and a copy of it costs next to nothing so.
    final class Record: Sendable {
        let homeAccountID: String
        let environment: String
        let tenantID: String
        /// The local account ID, where it is not what the home account ID begins with.
        private let otherLocalID: String?
        let username: String
        let name: String?
        /// The last ID token, in the cache's own records.
        let idToken: Secret?
        /// Whether the ID token was validated here, and not brought by an import.
        let isIDTokenValidated: Bool
        /// The partition of the cache it is kept in, where that is not the home account's.
        let partition: String?

        /// A record of its texts.
        init(
            homeAccountID: String,
            environment: String,
            tenantID: String,
            localAccountID: String,
            username: String,
            name: String?,
            idToken: Secret?,
            isIDTokenValidated: Bool,
            partition: String? = nil
        ) {
            self.homeAccountID = homeAccountID
            // A few texts that nearly every account repeats.
            self.environment = SharedText.of(environment)
            self.tenantID = SharedText.of(tenantID)
            otherLocalID = Self.objectID(in: homeAccountID) == localAccountID[...] ? nil : localAccountID
            self.username = username
            self.name = name
            self.idToken = idToken
            self.isIDTokenValidated = isIDTokenValidated
            self.partition = partition
        }

        /// The object identifier in that tenant, or the subject.
        var localAccountID: String { otherLocalID ?? String(Self.objectID(in: homeAccountID)) }

        /// What stands before the home tenant.
        private static func objectID(in homeAccountID: String) -> Substring {
            let end = homeAccountID.utf8.firstIndex(of: UInt8(ascii: ".")) ?? homeAccountID.endIndex
            return homeAccountID[..<end]
        }
    }

    /// Who it is.
    let record: Record

    /// The key of the account over all tenants: `object.tenant` of its home, or the subject for other providers.
    public var homeAccountID: String { record.homeAccountID }

    /// The provider's host.
    public var environment: String { record.environment }

    /// The tenant of this sign-in; empty for providers without tenants.
    public var tenantID: String { record.tenantID }

    /// The object identifier in that tenant, or the subject.
    public var localAccountID: String { record.localAccountID }

    /// The name to sign in with, to be shown and never decided by: it may change and be given to somebody else.
    public var username: String { record.username }

    /// The person's name, to be shown.
    public var name: String? { record.name }

    /// Creates an account, for one that was stored elsewhere.
    public init(
        homeAccountID: String,
        environment: String,
        tenantID: String,
        localAccountID: String,
        username: String,
        name: String?
    ) {
        record = Record(
            homeAccountID: homeAccountID,
            environment: environment,
            tenantID: tenantID,
            localAccountID: localAccountID,
            username: username,
            name: name,
            idToken: nil,
            isIDTokenValidated: false
        )
    }

    /// The account of a record.
    init(_ record: Record) {
        self.record = record
    }

    /// The account as the cache keeps it: with its last ID token.
    init(_ account: Account, idToken: Secret?, isValidated: Bool) {
        self = account.changed {
            $0.idToken = idToken; $0.isIDTokenValidated = isValidated
        }
    }

    /// What may be changed of an account.
    struct Parts {
        var homeAccountID: String
        var tenantID: String
        var idToken: Secret?
        var isIDTokenValidated: Bool
        var partition: String?
    }

    /// The account with some parts changed.
    func changed(_ change: (inout Parts) -> Void) -> Account {
        var parts = Parts(
            homeAccountID: homeAccountID,
            tenantID: tenantID,
            idToken: record.idToken,
            isIDTokenValidated: record.isIDTokenValidated,
            partition: record.partition
        )
        change(&parts)
        return Account(
            Record(
                homeAccountID: parts.homeAccountID,
                environment: environment,
                tenantID: parts.tenantID,
                localAccountID: localAccountID,
                username: username,
                name: name,
                idToken: parts.idToken,
                isIDTokenValidated: parts.isIDTokenValidated,
                partition: parts.partition
            )
        )
    }

    /// The partition of the cache that holds the account's tokens.
    var partition: String { record.partition ?? homeAccountID }

    /// The members of an account as it is encoded.
    private enum CodingKeys: String, CodingKey {
        case homeAccountID, environment, tenantID, localAccountID, username, name
    }

    /// Reads an account that was encoded before.
    ///
    /// - Throws: `DecodingError` when a member is missing or of another type.
    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            homeAccountID: try members.decode(String.self, forKey: .homeAccountID),
            environment: try members.decode(String.self, forKey: .environment),
            tenantID: try members.decode(String.self, forKey: .tenantID),
            localAccountID: try members.decode(String.self, forKey: .localAccountID),
            username: try members.decode(String.self, forKey: .username),
            name: try members.decodeIfPresent(String.self, forKey: .name)
        )
    }

    /// Encodes the account with its six members.
    ///
    /// - Throws: what the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(homeAccountID, forKey: .homeAccountID)
        try members.encode(environment, forKey: .environment)
        try members.encode(tenantID, forKey: .tenantID)
        try members.encode(localAccountID, forKey: .localAccountID)
        try members.encode(username, forKey: .username)
        try members.encodeIfPresent(name, forKey: .name)
    }

    /// Whether two accounts are equal in all they say.
    public static func == (one: Account, other: Account) -> Bool {
        one.record === other.record
            || one.homeAccountID == other.homeAccountID && one.environment == other.environment
                && one.tenantID == other.tenantID && one.localAccountID == other.localAccountID
                && one.username == other.username && one.name == other.name && one.partition == other.partition
    }

    /// Hashes the key and the tenant.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(homeAccountID)
        hasher.combine(tenantID)
    }
}
