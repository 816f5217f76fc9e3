// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Somebody who signed in: the key under which their tokens are kept, and what to call them.
public struct Account: Sendable, Hashable, Codable {
    /// The texts, in one object: an account is handed out with every token, and a copy of it costs next to nothing so.
    private final class Storage: Sendable {
        let homeAccountID: String
        let environment: String
        let tenantID: String
        let localAccountID: String
        let username: String
        let name: String?

        /// The texts of an account.
        init(_ home: String, _ environment: String, _ tenant: String, _ local: String, _ user: String, _ name: String?)
        {
            homeAccountID = home
            // A few texts that nearly every account repeats.
            self.environment = SharedText.of(environment)
            tenantID = SharedText.of(tenant)
            localAccountID = local
            username = user
            self.name = name
        }
    }

    private let storage: Storage

    /// The key of the account over all tenants: `object.tenant` of its home, or the subject for other providers.
    public var homeAccountID: String { storage.homeAccountID }

    /// The provider's host.
    public var environment: String { storage.environment }

    /// The tenant of this sign-in; empty for providers without tenants.
    public var tenantID: String { storage.tenantID }

    /// The object identifier in that tenant, or the subject.
    public var localAccountID: String { storage.localAccountID }

    /// The name to sign in with, to be shown and never decided by: it may change and be given to somebody else.
    public var username: String { storage.username }

    /// The person's name, to be shown.
    public var name: String? { storage.name }

    /// Creates an account, for one that was stored elsewhere.
    public init(
        homeAccountID: String,
        environment: String,
        tenantID: String,
        localAccountID: String,
        username: String,
        name: String?
    ) {
        storage = Storage(homeAccountID, environment, tenantID, localAccountID, username, name)
    }

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
        one.storage === other.storage
            || one.homeAccountID == other.homeAccountID && one.environment == other.environment
                && one.tenantID == other.tenantID && one.localAccountID == other.localAccountID
                && one.username == other.username && one.name == other.name
    }

    /// Hashes the key and the tenant.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(homeAccountID)
        hasher.combine(tenantID)
    }
}
