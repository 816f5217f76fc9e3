// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import Testing

@testable import MSALWeb

@Suite("Sessions in memory")
struct MemorySessionStoreTests {
    let now = Date(timeIntervalSince1970: 1_788_256_800)

    private func record(_ name: String, user: String = "u", sid: String? = nil, lastSeen: Double = 0) -> SessionRecord {
        let account = Account(
            homeAccountID: user,
            environment: "id.example",
            tenantID: "t",
            localAccountID: user,
            username: user,
            name: nil
        )
        let session = Session(
            account: account,
            user: UserKey(realm: "t", subject: user),
            name: user,
            username: user,
            roles: [],
            providerSessionID: sid,
            authenticatedAt: now,
            createdAt: now,
            csrfSecret: [1]
        )
        let seen = now.addingTimeInterval(lastSeen)
        return SessionRecord(
            key: SessionKey(rawValue: name),
            session: session,
            lastSeenAt: seen,
            expiresAt: seen.addingTimeInterval(3600)
        )
    }

    @Test("A session is found until it ends, and no longer")
    func ends() async throws {
        let store = MemorySessionStore()
        let one = record("one")
        #expect(try await store.put(one, replacing: nil, at: now))
        #expect(try await store.session(for: one.key, at: now.addingTimeInterval(3599)) == one)
        #expect(try await store.session(for: one.key, at: now.addingTimeInterval(3600)) == nil)
        #expect(store.count == 0)
        #expect(try await store.session(for: SessionKey(rawValue: "other"), at: now) == nil)
    }

    @Test("A write counts only if nobody else has written since")
    func comparesVersions() async throws {
        let store = MemorySessionStore()
        var one = record("one")
        #expect(try await store.put(one, replacing: nil, at: now))
        #expect(try await !store.put(one, replacing: nil, at: now))
        one.version = 2
        #expect(try await store.put(one, replacing: 1, at: now))
        #expect(try await !store.put(one, replacing: 1, at: now))
        #expect(try await store.session(for: one.key, at: now)?.version == 2)
    }

    @Test("A touched session lives on; one that is gone stays gone")
    func touches() async throws {
        let store = MemorySessionStore()
        let one = record("one")
        _ = try await store.put(one, replacing: nil, at: now)
        let later = now.addingTimeInterval(3000)
        try await store.touch(one.key, lastSeenAt: later, expiresAt: later.addingTimeInterval(3600))
        #expect(try await store.session(for: one.key, at: now.addingTimeInterval(5000)) != nil)
        try await store.delete(one.key)
        try await store.touch(one.key, lastSeenAt: later, expiresAt: later)
        #expect(try await store.session(for: one.key, at: now) == nil)
    }

    @Test("A person's sessions end together, and so do those of a session at the provider")
    func deletesTogether() async throws {
        let store = MemorySessionStore()
        for one in [record("a"), record("b", sid: "s"), record("c", user: "v", sid: "s"), record("d", user: "w")] {
            _ = try await store.put(one, replacing: nil, at: now)
        }
        #expect(try await store.deleteSessions(of: UserKey(realm: "t", subject: "u")) == 2)
        #expect(try await store.deleteSessions(of: UserKey(realm: "t", subject: "u")) == 0)
        #expect(try await store.deleteSessions(providerSession: "s", realm: "other") == 0)
        #expect(try await store.deleteSessions(providerSession: "s", realm: "t") == 1)
        #expect(store.count == 1)
    }

    @Test("A full store gives up the sessions used longest ago; ended ones go first")
    func isBounded() async throws {
        let store = MemorySessionStore(capacity: 16)
        for index in 0..<40 {
            _ = try await store.put(record("\(index)", lastSeen: Double(index)), replacing: nil, at: now)
            #expect(store.count <= 16)
        }
        #expect(try await store.session(for: SessionKey(rawValue: "39"), at: now) != nil)
        #expect(try await store.session(for: SessionKey(rawValue: "0"), at: now) == nil)
        _ = try await store.put(record("late", lastSeen: 90_000), replacing: nil, at: now.addingTimeInterval(90_000))
        #expect(store.count == 1)
    }

    @Test("A sign-in counts once, and is remembered with where it led")
    func spendsSignIns() async throws {
        let store = MemorySessionStore()
        let spent = SpentSignIn(
            key: SessionKey(rawValue: "k"),
            returnTo: try #require(LocalPath("/me")),
            expiresAt: now.addingTimeInterval(900)
        )
        #expect(try await store.spentSignIn(for: spent.key, at: now) == nil)
        #expect(try await store.spend(spent, at: now))
        #expect(try await !store.spend(spent, at: now.addingTimeInterval(1)))
        #expect(try await store.spentSignIn(for: spent.key, at: now)?.returnTo.description == "/me")
        #expect(try await store.spentSignIn(for: spent.key, at: now.addingTimeInterval(900)) == nil)
    }

    @Test("What a session ends with is the sooner of idle and absolute end")
    func limitsLifetime() {
        let lifetime = SessionLifetime(idle: .seconds(10), absolute: .seconds(15))
        #expect(lifetime.end(createdAt: now, lastSeenAt: now) == now.addingTimeInterval(10))
        #expect(lifetime.end(createdAt: now, lastSeenAt: now.addingTimeInterval(8)) == now.addingTimeInterval(15))
    }

    @Test("An id is 256 random bits, filed under its hash; nothing else is taken for one")
    func makesIDs() throws {
        let id = SessionID.random()
        #expect(id.text.utf8.count == 43)
        #expect(SessionID.random() != id)
        #expect(SessionID(id.text) == id)
        #expect(!id.key.rawValue.contains(id.text))
        for bad in ["", "short", id.text + "A", String(repeating: "!", count: 43)] { #expect(SessionID(bad) == nil) }
    }
}
