// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Synchronization

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// Sessions in the memory of this process: fast, and gone when it ends.
///
/// It is bounded. A full store gives up the sessions that were used longest ago.
public final class MemorySessionStore: SessionStore {
    /// What the lock guards.
    struct State {
        /// The sessions.
        var records: [SessionKey: SessionRecord] = [:]
        /// The keys of each person's sessions.
        var keysByUser: [UserKey: Set<SessionKey>] = [:]
        /// The sign-ins whose answers have come.
        var spent: [SessionKey: SpentSignIn] = [:]
        /// When expired entries are looked for again.
        var nextSweep = Date.distantPast
    }

    /// The sessions, and everything that finds them.
    private let state = Mutex(State())
    /// How many sessions, and how many spent sign-ins, there may be.
    private let capacity: Int
    /// How often expired entries are looked for.
    private static let sweepInterval: TimeInterval = 60

    /// A store of at most `capacity` sessions.
    public init(capacity: Int = 100_000) {
        precondition(capacity > 0, "A session store needs room for one session.")
        self.capacity = capacity
    }

    /// How many sessions there are, ended ones that were not swept away included.
    public var count: Int { state.withLock { $0.records.count } }

    /// The session of a key, unless it has ended.
    public func session(for key: SessionKey, at now: Date) async throws -> SessionRecord? {
        state.withLock { state -> SessionRecord? in
            guard let record = state.records[key] else { return nil }
            guard now < record.expiresAt else {
                state.remove(key)
                return nil
            }
            return record
        }
    }

    /// Writes a session if the stored one still has version `previous`.
    public func put(_ record: SessionRecord, replacing previous: Int?, at now: Date) async throws -> Bool {
        state.withLock { state in
            let stored = state.records[record.key].flatMap { now < $0.expiresAt ? $0 : nil }
            guard stored?.version == previous else { return false }
            state.remove(record.key)
            state.sweep(at: now, every: Self.sweepInterval)
            if state.records.count >= capacity { state.evict(to: capacity - max(1, capacity / 16)) }
            state.records[record.key] = record
            state.keysByUser[record.session.user, default: []].insert(record.key)
            return true
        }
    }

    /// Moves the end of a session that was used.
    public func touch(_ key: SessionKey, lastSeenAt: Date, expiresAt: Date) async throws {
        state.withLock { state in
            // What had ended when it was used must not come back.
            guard let record = state.records[key], lastSeenAt < record.expiresAt else { return }
            state.records[key]?.lastSeenAt = lastSeenAt
            state.records[key]?.expiresAt = expiresAt
        }
    }

    /// Ends a session.
    public func delete(_ key: SessionKey) async throws {
        state.withLock { $0.remove(key) }
    }

    /// Ends all sessions of a person.
    @discardableResult
    public func deleteSessions(of user: UserKey) async throws -> Int {
        state.withLock { state in
            let keys = state.keysByUser[user] ?? []
            for key in keys { state.remove(key) }
            return keys.count
        }
    }

    /// Ends the sessions that belong to a session at the provider.
    @discardableResult
    public func deleteSessions(providerSession id: String, realm: String) async throws -> Int {
        state.withLock { state in
            let keys = state.records.values
                .filter { record in
                    guard let known = record.session.providerSessionID else { return false }
                    return isEqualInConstantTime(known, id) && record.session.user.realm == realm
                }
                .map(\.key)
            for key in keys { state.remove(key) }
            return keys.count
        }
    }

    /// Remembers that the answer to a sign-in has come.
    public func spend(_ signIn: SpentSignIn, at now: Date) async throws -> Bool {
        state.withLock { state in
            state.sweep(at: now, every: Self.sweepInterval)
            guard state.spent[signIn.key] == nil else { return false }
            // A sign-in is spent only with a cookie we sealed, and its code only works once anyway.
            if state.spent.count >= capacity { state.spent.removeAll() }
            state.spent[signIn.key] = signIn
            return true
        }
    }

    /// The sign-in of a key if its answer has come before.
    public func spentSignIn(for key: SessionKey, at now: Date) async throws -> SpentSignIn? {
        state.withLock { $0.spent[key] }.flatMap { now < $0.expiresAt ? $0 : nil }
    }
}

extension MemorySessionStore.State {
    /// Takes a session out, and out of the index.
    mutating func remove(_ key: SessionKey) {
        guard let record = records.removeValue(forKey: key) else { return }
        let user = record.session.user
        keysByUser[user]?.remove(key)
        if keysByUser[user]?.isEmpty == true { keysByUser[user] = nil }
    }

    /// Takes out what has ended, at most once in an interval.
    mutating func sweep(at now: Date, every interval: TimeInterval) {
        guard now >= nextSweep else { return }
        nextSweep = now.addingTimeInterval(interval)
        for (key, record) in records where record.expiresAt <= now { remove(key) }
        spent = spent.filter { now < $0.value.expiresAt }
    }

    /// Takes out the sessions that were used longest ago, many at once so that a full store stays quick.
    mutating func evict(to target: Int) {
        let oldest = records.values.sorted { $0.lastSeenAt < $1.lastSeenAt }.prefix(records.count - target)
        for record in oldest { remove(record.key) }
    }
}
