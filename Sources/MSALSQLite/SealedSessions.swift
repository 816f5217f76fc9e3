// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import MSALCore
import MSALWeb

/// What sessions and spent sign-ins are in rows: JSON, sealed for their own key so that rows cannot be swapped.
struct SealedSessions: Sendable {
    /// What seals and opens them.
    private let sealer: Sealer

    /// Rows sealed with a key ring.
    init(keys: KeyRing) {
        sealer = Sealer(keys: keys)
    }

    /// A session's row.
    struct Row: Sendable {
        /// The session's version.
        let version: Int
        /// When it was last used.
        let lastSeenAt: Date
        /// When it ends if it is not used again.
        let expiresAt: Date
        /// The sealed session.
        let value: [UInt8]
    }

    /// The sealed session of a record.
    func seal(_ record: SessionRecord) throws -> [UInt8] {
        try sealer.seal(Array(JSONEncoder().encode(record.session)), purpose: "session/\(record.key.rawValue)")
    }

    /// The record of a row; nil if it was altered, is another session's or no key opens it.
    func open(_ row: Row, key: SessionKey) -> SessionRecord? {
        guard
            let json = sealer.open(row.value, purpose: "session/\(key.rawValue)"),
            let session = try? JSONDecoder().decode(Session.self, from: Data(json))
        else { return nil }
        return SessionRecord(
            key: key,
            session: session,
            version: row.version,
            lastSeenAt: row.lastSeenAt,
            expiresAt: row.expiresAt
        )
    }

    /// Where a spent sign-in led, sealed: paths say what people look at.
    func seal(_ signIn: SpentSignIn) throws -> [UInt8] {
        try sealer.seal(Array(JSONEncoder().encode(signIn.returnTo)), purpose: "sign-in/\(signIn.key.rawValue)")
    }

    /// A spent sign-in; nil if its row was altered or no key opens it.
    func open(_ value: [UInt8], key: SessionKey, expiresAt: Date) -> SpentSignIn? {
        guard
            let json = sealer.open(value, purpose: "sign-in/\(key.rawValue)"),
            let returnTo = try? JSONDecoder().decode(LocalPath.self, from: Data(json))
        else { return nil }
        return SpentSignIn(key: key, returnTo: returnTo, expiresAt: expiresAt)
    }

    /// What rows are found by: a hash, so that the file does not say whose they are.
    static func index(_ realm: String, _ name: String) -> Data {
        Data(SHA256.hash(data: Array(realm.utf8) + [0] + Array(name.utf8)))
    }
}
