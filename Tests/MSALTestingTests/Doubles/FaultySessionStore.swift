// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALWeb
import Synchronization

/// A session store that breaks one promise.
final class FaultySessionStore: SessionStore {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case ignoresVersions, checksBeforeItWrites, losesTheSecret, losesTheProviderSession, foldsCase
        case keepsEnded, endsEarly, countsEndedAsThere
        case neverMovesTheEnd, countsUseAsChange, revives, revivesEnded
        case deletesNothing, deletesOneOnly, countsNothing, deletesByTheFirstPerson, joinsCarelessly
        case ignoresTheRealm, takesNoProviderSessionForOne
        case spendsTwice, forgetsWhereItLed, remembersForEver, forgetsAtOnce, mixesSignInsAndSessions
    }

    /// What there is.
    private struct State {
        var records: [SessionKey: SessionRecord] = [:]
        var spent: [SessionKey: SpentSignIn] = [:]
        /// Whose each session was at first.
        var firstUsers: [SessionKey: UserKey] = [:]
        /// Sessions that were deleted.
        var deleted: [SessionKey: SessionRecord] = [:]
    }

    private let state = Mutex(State())
    private let fault: Fault?

    /// An empty store with a fault; without one it keeps all promises.
    init(_ fault: Fault?) {
        self.fault = fault
    }

    func session(for key: SessionKey, at now: Date) async throws -> SessionRecord? {
        guard let record = state.withLock({ $0.records[name(of: key)] }) else { return nil }
        let end = fault == .endsEarly ? record.expiresAt.addingTimeInterval(-1) : record.expiresAt
        return now < end || fault == .keepsEnded ? record : nil
    }

    func put(_ record: SessionRecord, replacing previous: Int?, at now: Date) async throws -> Bool {
        let isFree = state.withLock { state in
            let stored = state.records[name(of: record.key)]
            let current = fault == .countsEndedAsThere ? stored : stored.flatMap { now < $0.expiresAt ? $0 : nil }
            let isFree = current?.version == previous || fault == .ignoresVersions
            if isFree, fault != .checksBeforeItWrites { keep(record, &state) }
            return isFree
        }
        guard isFree, fault == .checksBeforeItWrites else { return isFree }
        await Task.yield()
        state.withLock { keep(record, &$0) }
        return true
    }

    /// Files a record.
    private func keep(_ record: SessionRecord, _ state: inout State) {
        var record = record
        if fault == .losesTheSecret { record.session.csrfSecret = [] }
        if fault == .losesTheProviderSession { record.session.providerSessionID = nil }
        let key = name(of: record.key)
        state.records[key] = record
        state.firstUsers[key] = state.firstUsers[key] ?? record.session.user
    }

    func touch(_ key: SessionKey, lastSeenAt: Date, expiresAt: Date) async throws {
        state.withLock { state in
            let key = name(of: key)
            if fault == .revives { state.records[key] = state.records[key] ?? state.deleted[key] }
            guard let record = state.records[key], fault != .neverMovesTheEnd else { return }
            guard lastSeenAt < record.expiresAt || fault == .revivesEnded else { return }
            state.records[key]?.lastSeenAt = lastSeenAt
            state.records[key]?.expiresAt = expiresAt
            if fault == .countsUseAsChange { state.records[key]?.version += 1 }
        }
    }

    func delete(_ key: SessionKey) async throws {
        guard fault != .deletesNothing else { return }
        _ = state.withLock { remove([name(of: key)], &$0) }
    }

    func deleteSessions(of user: UserKey) async throws -> Int {
        state.withLock { state in
            let keys = state.records.filter { key, record in
                switch fault {
                case .deletesByTheFirstPerson: state.firstUsers[key] == user
                case .joinsCarelessly: record.session.user.description == user.description
                default: record.session.user == user
                }
            }
            return remove(Array(keys.keys), &state)
        }
    }

    func deleteSessions(providerSession id: String, realm: String) async throws -> Int {
        state.withLock { state in
            let keys = state.records.filter { _, record in
                let isOfRealm = record.session.user.realm == realm || fault == .ignoresTheRealm
                let found = fault == .takesNoProviderSessionForOne ? record.session.providerSessionID ?? "" : nil
                return (found ?? record.session.providerSessionID) == id && isOfRealm
            }
            return remove(Array(keys.keys), &state)
        }
    }

    func spend(_ signIn: SpentSignIn, at now: Date) async throws -> Bool {
        state.withLock { state in
            let key = name(of: signIn.key)
            if fault == .mixesSignInsAndSessions, state.records[key] != nil { return false }
            guard state.spent[key] == nil || fault == .spendsTwice else { return false }
            if fault == .forgetsAtOnce { state.spent = [:] }
            state.spent[key] =
                fault == .forgetsWhereItLed
                ? SpentSignIn(key: signIn.key, returnTo: .root, expiresAt: signIn.expiresAt) : signIn
            return true
        }
    }

    func spentSignIn(for key: SessionKey, at now: Date) async throws -> SpentSignIn? {
        guard let found = state.withLock({ $0.spent[name(of: key)] }) else { return nil }
        return now < found.expiresAt || fault == .remembersForEver ? found : nil
    }

    /// Takes sessions out; how many there were.
    private func remove(_ keys: [SessionKey], _ state: inout State) -> Int {
        let keys = fault == .deletesOneOnly ? Array(keys.prefix(1)) : keys
        for key in keys {
            state.deleted[key] = state.records.removeValue(forKey: key)
            state.firstUsers[key] = nil
        }
        return fault == .countsNothing ? 0 : keys.count
    }

    /// What a key is filed under.
    private func name(of key: SessionKey) -> SessionKey {
        fault == .foldsCase ? SessionKey(rawValue: key.rawValue.lowercased()) : key
    }
}
