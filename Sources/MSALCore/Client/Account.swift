// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Somebody who signed in: the key under which their tokens are kept, and what to call them.
public struct Account: Sendable, Hashable, Codable {
    /// The key of the account over all tenants: `object.tenant` of its home, or the subject for other providers.
    public let homeAccountID: String

    /// The provider's host.
    public let environment: String

    /// The tenant of this sign-in; empty for providers without tenants.
    public let tenantID: String

    /// The object identifier in that tenant, or the subject.
    public let localAccountID: String

    /// The name to sign in with, to be shown and never decided by: it may change and be given to somebody else.
    public let username: String

    /// The person's name, to be shown.
    public let name: String?

    /// Creates an account, for one that was stored elsewhere.
    public init(
        homeAccountID: String,
        environment: String,
        tenantID: String,
        localAccountID: String,
        username: String,
        name: String?
    ) {
        self.homeAccountID = homeAccountID
        self.environment = environment
        self.tenantID = tenantID
        self.localAccountID = localAccountID
        self.username = username
        self.name = name
    }
}
