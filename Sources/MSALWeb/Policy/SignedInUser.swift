// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALCore

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// The person who signed in, as handlers and policies see them.
public struct SignedInUser: Sendable, Hashable {
    /// The key to store things about this person under.
    public let key: UserKey
    /// The name to show.
    public let name: String
    /// The sign-in name to show.
    public let username: String
    /// What the application's registration lets them do.
    public let roles: Set<AppRole>
    /// Whom the tokens in the application's cache belong to.
    public let account: Account
    /// When they proved who they are, where the provider says so by `auth_time`; else the moment of this sign-in, which
    /// the provider may have answered without asking for anything.
    public let signedInAt: Date

    /// A person with all that is known about them.
    public init(
        key: UserKey,
        name: String,
        username: String,
        roles: Set<AppRole>,
        account: Account,
        signedInAt: Date
    ) {
        self.key = key
        self.name = name
        self.username = username
        self.roles = roles
        self.account = account
        self.signedInAt = signedInAt
    }

    /// True if they have the role.
    public func has(_ role: AppRole) -> Bool {
        roles.contains(role)
    }
}
