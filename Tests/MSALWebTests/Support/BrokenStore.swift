// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALWeb

/// A session store whose disk is on fire.
struct BrokenStore: SessionStore {
    struct Broken: Error {}

    func session(for key: SessionKey, at now: Date) async throws -> SessionRecord? { throw Broken() }
    func put(_ record: SessionRecord, replacing previous: Int?, at now: Date) async throws -> Bool { throw Broken() }
    func touch(_ key: SessionKey, lastSeenAt: Date, expiresAt: Date) async throws { throw Broken() }
    func delete(_ key: SessionKey) async throws { throw Broken() }
    func deleteSessions(of user: UserKey) async throws -> Int { throw Broken() }
    func deleteSessions(providerSession id: String, realm: String) async throws -> Int { throw Broken() }
    func spend(_ signIn: SpentSignIn, at now: Date) async throws -> Bool { throw Broken() }
    func spentSignIn(for key: SessionKey, at now: Date) async throws -> SpentSignIn? { throw Broken() }
}
