// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import Testing

@testable import MSALWeb

@Suite("What durable session stores keep, sealed")
struct SessionSealerTests {
    let now = Date(timeIntervalSince1970: 1_788_256_800)
    let key = SealingKey.random()

    private var sealer: SessionSealer { SessionSealer(keys: KeyRing(key)) }

    private func record(_ name: String) -> SessionRecord {
        let account = Account(
            homeAccountID: "seek-subject.seek-realm",
            environment: "seek.example",
            tenantID: "seek-realm",
            localAccountID: "seek-subject",
            username: "seek@harbour.example",
            name: "Seek"
        )
        let session = Session(
            account: account,
            user: UserKey(realm: "seek-realm", subject: "seek-subject"),
            name: "Seek",
            username: "seek@harbour.example",
            roles: ["Seek.Role"],
            providerSessionID: "seek-sid",
            authenticatedAt: now,
            createdAt: now,
            csrfSecret: Array("seek-csrf".utf8)
        )
        return SessionRecord(
            key: SessionKey(rawValue: name),
            session: session,
            version: 3,
            lastSeenAt: now,
            expiresAt: now.addingTimeInterval(60)
        )
    }

    private func row(_ sealed: [UInt8], of record: SessionRecord) -> SealedSession {
        SealedSession(
            version: record.version,
            lastSeenAt: record.lastSeenAt,
            expiresAt: record.expiresAt,
            sealed: sealed
        )
    }

    private func signIn(_ name: String) throws -> SpentSignIn {
        SpentSignIn(
            key: SessionKey(rawValue: name),
            returnTo: try #require(LocalPath("/seek-path")),
            expiresAt: now.addingTimeInterval(900)
        )
    }

    @Test("A session comes back as it was, and nothing of it can be read")
    func sealsSessions() throws {
        let record = record("one")
        let sealed = try sealer.seal(record)
        #expect(!String(decoding: sealed, as: UTF8.self).lowercased().contains("seek"))
        #expect(sealer.open(row(sealed, of: record), for: record.key) == record)
        #expect(try sealer.seal(record) != sealed)
    }

    @Test("A session opens for its own key alone, and not once a bit of it was turned")
    func bindsSessions() throws {
        let record = record("one")
        let sealed = try sealer.seal(record)
        #expect(sealer.open(row(sealed, of: record), for: SessionKey(rawValue: "two")) == nil)
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(sealer.open(row(altered, of: record), for: record.key) == nil)
        }
        #expect(sealer.open(row([], of: record), for: record.key) == nil)
    }

    @Test("What an old key sealed opens while the key is in the ring")
    func rotates() throws {
        let record = record("one")
        let sealed = try sealer.seal(record)
        let both = SessionSealer(keys: KeyRing(.random(), opening: [key]))
        #expect(both.open(row(sealed, of: record), for: record.key) == record)
        let without = SessionSealer(keys: KeyRing(.random()))
        #expect(without.open(row(sealed, of: record), for: record.key) == nil)
    }

    @Test("A spent sign-in comes back with its path, which cannot be read")
    func sealsSignIns() throws {
        let signIn = try signIn("one")
        let sealed = try sealer.seal(signIn)
        #expect(!String(decoding: sealed, as: UTF8.self).contains("seek"))
        #expect(sealer.spentSignIn(from: sealed, for: signIn.key, until: signIn.expiresAt) == signIn)
    }

    @Test("A sign-in whose path does not open stays spent, and leads to the start page")
    func keepsSignInsSpent() throws {
        let signIn = try signIn("one")
        let sealed = try sealer.seal(signIn)
        var altered = sealed
        altered[20] ^= 1
        let session = try sealer.seal(record("one"))
        for other in [[], altered, session, try sealer.seal(self.signIn("two"))] {
            let found = sealer.spentSignIn(from: other, for: signIn.key, until: signIn.expiresAt)
            #expect(found == SpentSignIn(key: signIn.key, returnTo: .root, expiresAt: signIn.expiresAt))
        }
        let without = SessionSealer(keys: KeyRing(.random()))
        #expect(without.spentSignIn(from: sealed, for: signIn.key, until: signIn.expiresAt).returnTo == .root)
    }

    @Test("People and the provider's sessions are found by hashes of realm and name together")
    func indexes() {
        let index = SessionSealer.index(of: UserKey(realm: "realm", subject: "name"))
        #expect(index.count == 32)
        #expect(index != SessionSealer.index(of: UserKey(realm: "real", subject: "mname")))
        #expect(index != SessionSealer.index(of: UserKey(realm: "name", subject: "realm")))
        #expect(
            SessionSealer.index(ofProviderSession: "sid", realm: "realm")
                != SessionSealer.index(ofProviderSession: "sid", realm: "other")
        )
    }
}
