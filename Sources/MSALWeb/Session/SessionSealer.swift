// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
package import MSALCore

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// A session as a durable store keeps it: what the store asks for in plain sight, everything else sealed.
package struct SealedSession: Sendable {
    /// The session's version.
    package let version: Int
    /// When it was last used.
    package let lastSeenAt: Date
    /// When it ends if it is not used again.
    package let expiresAt: Date
    /// The sealed session.
    package let sealed: [UInt8]

    /// A session with all that is kept of it.
    package init(version: Int, lastSeenAt: Date, expiresAt: Date, sealed: [UInt8]) {
        self.version = version
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
        self.sealed = sealed
    }
}

/// Seals what durable session stores keep, each thing for its own key, so that rows cannot be exchanged for one another.
package struct SessionSealer: Sendable {
    /// Seals and opens.
    private let sealer: Sealer

    /// A sealer over a key ring.
    package init(keys: KeyRing) {
        sealer = Sealer(keys: keys)
    }

    /// The session of a record, sealed.
    ///
    /// - Throws: what encoding and sealing throw, which they do for no session.
    package func seal(_ record: SessionRecord) throws -> [UInt8] {
        try sealer.seal(Array(JSONEncoder().encode(record.session)), purpose: Self.purpose(ofSession: record.key))
    }

    /// The record of a sealed session; nil if it was altered, is another key's, or no key of the ring opens it.
    package func open(_ kept: SealedSession, for key: SessionKey) -> SessionRecord? {
        guard
            let json = sealer.open(kept.sealed, purpose: Self.purpose(ofSession: key)),
            let session = try? JSONDecoder().decode(Session.self, from: Data(json))
        else { return nil }
        return SessionRecord(
            key: key,
            session: session,
            version: kept.version,
            lastSeenAt: kept.lastSeenAt,
            expiresAt: kept.expiresAt
        )
    }

    /// Where a spent sign-in led, sealed: paths say what people look at.
    ///
    /// - Throws: what encoding and sealing throw, which they do for no path.
    package func seal(_ signIn: SpentSignIn) throws -> [UInt8] {
        try sealer.seal(Array(JSONEncoder().encode(signIn.returnTo)), purpose: Self.purpose(ofSignIn: signIn.key))
    }

    /// A spent sign-in from its sealed path.
    ///
    /// One that does not open stays spent, and leads to the start page: that its answer has come is said by its being
    /// there, and an answer counts once.
    package func spentSignIn(from sealed: [UInt8], for key: SessionKey, until end: Date) -> SpentSignIn {
        let path = sealer.open(sealed, purpose: Self.purpose(ofSignIn: key))
            .flatMap { try? JSONDecoder().decode(LocalPath.self, from: Data($0)) }
        return SpentSignIn(key: key, returnTo: path ?? .root, expiresAt: end)
    }

    /// What a person's sessions are found by: a hash, so that the store does not say whose they are.
    package static func index(of user: UserKey) -> [UInt8] {
        hash(user.realm, user.subject)
    }

    /// What the sessions that belong to one at the provider are found by.
    package static func index(ofProviderSession id: String, realm: String) -> [UInt8] {
        hash(realm, id)
    }

    /// What a session is sealed for.
    private static func purpose(ofSession key: SessionKey) -> String {
        "session/\(key.rawValue)"
    }

    /// What a spent sign-in is sealed for.
    private static func purpose(ofSignIn key: SessionKey) -> String {
        "spent-sign-in/\(key.rawValue)"
    }

    /// The SHA-256 of two texts with a zero byte between.
    private static func hash(_ first: String, _ second: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(first.utf8) + [0] + Array(second.utf8)))
    }
}
