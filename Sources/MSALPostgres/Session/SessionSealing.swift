// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import MSALCore
import MSALWeb

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Seals what a session store keeps, each for its own key, so that rows cannot be exchanged for one another.
struct SessionSealing: Sendable {
    /// Seals and opens.
    private let sealer: Sealer

    /// Sealing with a key ring.
    init(keys: KeyRing) {
        sealer = Sealer(keys: keys)
    }

    /// A session, sealed.
    func seal(_ session: Session, for key: SessionKey) throws -> [UInt8] {
        try sealer.seal(Array(JSONEncoder().encode(session)), purpose: "session/\(key.rawValue)")
    }

    /// A session from its sealed bytes; nil if they are not one of this key.
    func session(from sealed: [UInt8], for key: SessionKey) -> Session? {
        sealer.open(sealed, purpose: "session/\(key.rawValue)")
            .flatMap { try? JSONDecoder().decode(Session.self, from: Data($0)) }
    }

    /// Where a spent sign-in led, sealed.
    func seal(_ signIn: SpentSignIn) throws -> [UInt8] {
        try sealer.seal(Array(JSONEncoder().encode(signIn.returnTo)), purpose: "spent/\(signIn.key.rawValue)")
    }

    /// A spent sign-in from its sealed bytes; one that cannot be opened led to the start page.
    func spentSignIn(from sealed: [UInt8], for key: SessionKey, until end: Date) -> SpentSignIn {
        let path = sealer.open(sealed, purpose: "spent/\(key.rawValue)")
            .flatMap { try? JSONDecoder().decode(LocalPath.self, from: Data($0)) }
        return SpentSignIn(key: key, returnTo: path ?? .root, expiresAt: end)
    }

    /// What a person is found by.
    func hash(_ user: UserKey) -> [UInt8] {
        Self.hash(user.realm, user.subject)
    }

    /// What the provider's session is found by.
    func hash(providerSession id: String, realm: String) -> [UInt8] {
        Self.hash(realm, id)
    }

    /// The SHA-256 of two texts with a zero byte between.
    private static func hash(_ first: String, _ second: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(first.utf8) + [0] + Array(second.utf8)))
    }
}
