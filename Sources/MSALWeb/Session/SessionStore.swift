// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// One session as a store keeps it.
public struct SessionRecord: Sendable, Hashable, Codable {
    /// What it is filed under.
    public let key: SessionKey
    /// What is known about the browser.
    ///
    /// A store that writes to disk seals it with a `Sealer`.
    public var session: Session
    /// Counts the changes of `session`; the first is 1.
    public var version: Int
    /// When it was last used.
    public var lastSeenAt: Date
    /// When it ends if it is not used again.
    public var expiresAt: Date

    /// A record with all it holds.
    public init(key: SessionKey, session: Session, version: Int = 1, lastSeenAt: Date, expiresAt: Date) {
        self.key = key
        self.session = session
        self.version = version
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
    }
}

/// A sign-in whose answer has come; it is remembered until its cookie would have expired, so that it counts once.
public struct SpentSignIn: Sendable, Hashable, Codable {
    /// The hash of its state.
    public let key: SessionKey
    /// Where the person wanted to go.
    public let returnTo: LocalPath
    /// When it may be forgotten.
    public let expiresAt: Date

    /// A sign-in with all that is remembered of it.
    public init(key: SessionKey, returnTo: LocalPath, expiresAt: Date) {
        self.key = key
        self.returnTo = returnTo
        self.expiresAt = expiresAt
    }
}

/// Keeps sessions on the server.
///
/// What it throws becomes a 503 page.
///
/// Several machines behind one address need a store that they share.
public protocol SessionStore: Sendable {
    /// The session of a key, unless it has ended.
    func session(for key: SessionKey, at now: Date) async throws -> SessionRecord?

    /// Writes a session if the stored one still has version `previous`, or if there is none and `previous` is nil.
    ///
    /// - Returns: False if somebody else has changed it meanwhile.
    func put(_ record: SessionRecord, replacing previous: Int?, at now: Date) async throws -> Bool

    /// Moves the end of a session that was used. A session that is gone stays gone.
    func touch(_ key: SessionKey, lastSeenAt: Date, expiresAt: Date) async throws

    /// Ends a session.
    func delete(_ key: SessionKey) async throws

    /// Ends all sessions of a person.
    ///
    /// - Returns: How many there were.
    @discardableResult
    func deleteSessions(of user: UserKey) async throws -> Int

    /// Ends the sessions that belong to a session at the provider (`sid`).
    ///
    /// - Returns: How many there were.
    @discardableResult
    func deleteSessions(providerSession id: String, realm: String) async throws -> Int

    /// Remembers that the answer to a sign-in has come.
    ///
    /// - Returns: False if it has come before: then nothing may be done with it.
    func spend(_ signIn: SpentSignIn, at now: Date) async throws -> Bool

    /// The sign-in of a key if its answer has come before.
    func spentSignIn(for key: SessionKey, at now: Date) async throws -> SpentSignIn?
}
