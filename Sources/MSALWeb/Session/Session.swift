// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALCore

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What the server knows about a signed-in browser.
public struct Session: Sendable, Hashable, Codable {
    /// Whom the tokens in the application's cache belong to.
    public var account: Account
    /// The key to store things about this person under.
    public var user: UserKey
    /// The name to show.
    public var name: String
    /// The sign-in name to show.
    public var username: String
    /// The application roles of the ID token.
    public var roles: Set<AppRole>
    /// The provider's own session, `sid`, for sign-out that starts there.
    public var providerSessionID: String?
    /// When the person proved who they are: `auth_time`, or the moment of sign-in where the provider does not say.
    public var authenticatedAt: Date
    /// When this session began.
    public var createdAt: Date
    /// The secret that the tokens in forms are made from.
    public var csrfSecret: [UInt8]
    /// The page that the sign-in of this session led to; a page that sends people away again at once is a loop.
    public var landing: LocalPath
    /// What that sign-in was asked for.
    public var asked: SignInChallenge

    /// A session with all it holds.
    public init(
        account: Account,
        user: UserKey,
        name: String,
        username: String,
        roles: Set<AppRole>,
        providerSessionID: String? = nil,
        authenticatedAt: Date,
        createdAt: Date,
        csrfSecret: [UInt8],
        landing: LocalPath = .root,
        asked: SignInChallenge = SignInChallenge()
    ) {
        self.account = account
        self.user = user
        self.name = name
        self.username = username
        self.roles = roles
        self.providerSessionID = providerSessionID
        self.authenticatedAt = authenticatedAt
        self.createdAt = createdAt
        self.csrfSecret = csrfSecret
        self.landing = landing
        self.asked = asked
    }

    /// The person, as handlers and policies see them.
    var signedInUser: SignedInUser {
        SignedInUser(
            key: user,
            name: name,
            username: username,
            roles: roles,
            account: account,
            signedInAt: authenticatedAt
        )
    }
}

extension Session: CustomStringConvertible, CustomReflectable {
    /// When it began; whose it is and its secret are not for logs.
    public var description: String { "Session(since \(createdAt))" }

    /// A mirror with nothing in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// How long sessions live.
public struct SessionLifetime: Sendable, Hashable {
    /// The end of a session that nobody uses.
    public var idle: Duration
    /// The end of every session, used or not.
    public var absolute: Duration

    /// One hour without use, twelve hours in all, unless told otherwise.
    public init(idle: Duration = .seconds(3600), absolute: Duration = .seconds(12 * 3600)) {
        self.idle = idle
        self.absolute = absolute
    }

    /// When a session ends that was last used at `lastSeen`.
    func end(createdAt: Date, lastSeenAt: Date) -> Date {
        min(lastSeenAt.addingTimeInterval(idle.inSeconds), createdAt.addingTimeInterval(absolute.inSeconds))
    }
}
