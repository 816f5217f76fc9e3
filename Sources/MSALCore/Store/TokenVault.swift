// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Moves one application's tokens between its memory and a store, sealed.
///
/// Whoever changes a user's tokens through it has the user's turn (`Turnstile`), so that what is read and what is written
/// agree. What the store throws is logged and counted here and goes no further.
struct TokenVault: Sendable {
    let settings: TokenPersistence
    let cache: TokenCache
    /// The provider, as the keys of the application's own tokens name it.
    let provider: String
    let logger: Logger
    private let sealer: Sealer
    private let failures: Counter
    private let rejections: Counter

    /// A vault over a store; without an authority for one that only looks.
    init(_ settings: TokenPersistence, cache: TokenCache, authority: Authority?, logger: Logger) {
        self.settings = settings
        self.cache = cache
        // Tenants tell providers apart at the platform alone; elsewhere the whole address does.
        provider =
            authority.map { $0.kind == .entra ? Cloud.canonical($0.environment) : $0.base.url } ?? ""
        self.logger = logger
        sealer = Sealer(keys: settings.keys)
        failures = Counter(label: "msal.store.failures", dimensions: [("client_id", cache.clientID)])
        rejections = Counter(label: "msal.store.rejected_entries", dimensions: [("client_id", cache.clientID)])
    }

    // MARK: Users

    /// Reads what the store holds of a user into memory, and gives the store what it did not take before.
    ///
    /// - Returns: whether the store answered; what it holds is in memory then.
    @discardableResult
    func load(_ homeAccountID: String, at now: Date) async throws -> Bool {
        let partition = TokenPartition(kind: .user, name: homeAccountID)
        guard let stored = try await answer({ try await settings.store.read(partition, keys: nil) }) else {
            // Asked again when the memory's time is over, so that a store that is down costs little.
            cache.change(homeAccountID, at: now) { $0.checkedAt = now }
            return false
        }
        let (unsaved, base) = cache.change(homeAccountID, at: now) { ($0.unsaved, $0.version) } ?? (TokenChanges(), nil)
        let before = read(stored.entries, in: partition)
        if before.isUseless, cache.contents(of: homeAccountID) != nil {
            // Not one entry opens: the fault is in the keys here, and what is in memory is good.
            cache.change(homeAccountID, at: now) { $0.checkedAt = now }
            return true
        }
        guard !unsaved.isEmpty else {
            cache.replace(before.contents(of: homeAccountID), of: homeAccountID, version: stored.version, at: now)
            return true
        }
        let after = read(stored.entries.applying(unsaved), in: partition)
        // The store was away when memory changed. Whoever changed it meanwhile goes before us, a sign-out above all; but
        // where our refresh token is the newer one, theirs may be the one that ours was got with.
        guard stored.version == base || after.isNewer(than: before) else {
            cache.change(homeAccountID, at: now) { $0.unsaved = TokenChanges() }
            cache.replace(before.contents(of: homeAccountID), of: homeAccountID, version: stored.version, at: now)
            return true
        }
        cache.replace(after.contents(of: homeAccountID), of: homeAccountID, version: stored.version, at: now)
        _ = try await write(unsaved, of: homeAccountID, if: .version(stored.version), at: now)
        return true
    }

    /// The entries of this application and its family, read; what cannot be read is counted.
    private func read(_ entries: [StoredToken], in partition: TokenPartition) -> UserEntries {
        let own = entries.filter { StoredEntry.kind(of: $0.key, clientID: cache.clientID) != nil }
        let opened = open(own, in: partition)
        var read = UserEntries(opened, clientID: cache.clientID)
        read.isUseless = opened.isEmpty && !own.isEmpty
        for _ in 0..<read.unreadable { reject() }
        return read
    }

    /// Tells the store what changed in memory.
    ///
    /// - Parameters:
    ///   - changes: what changed.
    ///   - homeAccountID: whose.
    ///   - isConditional: whether the store must hold what memory was based on.
    ///   - now: the time.
    /// - Returns: false if somebody else changed the user's tokens meanwhile, so that nothing was written.
    /// - Throws: `CancellationError`, or what sealing throws.
    func save(_ changes: CacheChanges, of homeAccountID: String, isConditional: Bool, at now: Date) async throws -> Bool
    {
        let partition = TokenPartition(kind: .user, name: homeAccountID)
        let (unsaved, version) =
            cache.change(homeAccountID, at: now) { ($0.unsaved, $0.version) } ?? (TokenChanges(), nil)
        let sealed = try unsaved.followed(by: seal(changes, in: partition, at: now))
        return try await write(sealed, of: homeAccountID, if: isConditional ? .version(version) : .none, at: now)
    }

    /// Takes everything that this application keeps of a user out of the store.
    ///
    /// - Parameters:
    ///   - homeAccountID: the user.
    ///   - withFamily: whether what the application's family shares goes too.
    /// - Throws: ``AuthenticationError`` when the store does not answer: what is left there would come back.
    func remove(_ homeAccountID: String, withFamily: Bool) async throws {
        let partition = TokenPartition(kind: .user, name: homeAccountID)
        for attempt in 0..<10 {
            let stored = try await settings.store.read(partition, keys: nil)
            let own = StoredEntry.tag(clientID: cache.clientID)
            // A family's refresh token goes for a member, and where this application brought it.
            let brought = open(stored.entries.filter { $0.key.hasPrefix("f") }, in: partition)
                .filter {
                    (try? RefreshTokenEntity(json: StoredEntry.parts(of: $0.text).entity))?.clientID == cache.clientID
                }
                .map(\.key)
            let keys = stored.entries.map(\.key)
                .filter { $0.hasPrefix(own) || brought.contains($0) || withFamily && $0.hasPrefix("f") }
            guard !keys.isEmpty else { return }
            let written = try await settings.store.write(
                TokenChanges(remove: keys),
                to: partition,
                // Against many others at last without a condition: taking out twice harms nobody.
                if: attempt < 9 ? .version(stored.version) : .none
            )
            if written != nil { return }
        }
    }

    /// Keeps changes for when the store answers again.
    func keep(_ changes: CacheChanges, of homeAccountID: String, at now: Date) throws {
        let partition = TokenPartition(kind: .user, name: homeAccountID)
        let sealed = try seal(changes, in: partition, at: now)
        cache.change(homeAccountID, at: now, making: true) { $0.unsaved = $0.unsaved.followed(by: sealed) }
    }

    private func write(
        _ changes: TokenChanges,
        of homeAccountID: String,
        if condition: TokenWriteCondition,
        at now: Date
    ) async throws -> Bool {
        let partition = TokenPartition(kind: .user, name: homeAccountID)
        // One optional around the store's own: no answer is something else than a condition that did not hold.
        let written: TokenVersion??
        do {
            written = try await answer { () -> TokenVersion? in
                try await settings.store.write(changes, to: partition, if: condition)
            }
        } catch {
            // Cancelled: whether it was written is not known, so it counts as not.
            cache.change(homeAccountID, at: now, making: true) { $0.unsaved = changes }
            throw error
        }
        switch written {
        case .some(.some(let version)):
            cache.change(homeAccountID, at: now) { user in
                user.version = version
                user.unsaved = TokenChanges()
            }
            return true
        case .some(.none):
            return false
        case .none:
            // Given to the store with the next change, or when it is asked again.
            cache.change(homeAccountID, at: now, making: true) { $0.unsaved = changes }
            return true
        }
    }

    /// Everybody the store holds something for, read page by page and not kept in memory.
    ///
    /// - Returns: nil where the store does not answer.
    func accounts() async throws -> [Account]? {
        var accounts: [Account] = []
        var last: String?
        while true {
            guard
                let page = try await answer({
                    try await settings.store.partitions(.user, after: last, limit: 500)
                })
            else { return nil }
            for partition in page {
                guard let stored = try await answer({ try await settings.store.read(partition, keys: nil) }) else {
                    return nil
                }
                let own = stored.entries.filter { StoredEntry.kind(of: $0.key, clientID: cache.clientID) == .account }
                for (_, text) in open(own, in: partition) {
                    guard let entity = try? AccountEntity(json: StoredEntry.parts(of: text).entity) else { continue }
                    accounts.append(entity.cached.account)
                }
            }
            guard let name = page.last?.name else { return accounts.inOrder }
            last = name
        }
    }

    /// Takes entries that have ended out of the store.
    func removeEnded(at now: Date) async throws {
        _ = try await answer { try await settings.store.removeEntries(endingBefore: now) }
    }

    // MARK: Leases

    /// Takes the lease on a user's tokens.
    ///
    /// - Returns: false while another process holds it; true too when the store does not answer, since waiting for a store
    ///   that is down would cost everybody their sign-in.
    func takeLease(on homeAccountID: String, as holder: String, for duration: Duration) async throws -> Bool {
        let partition = TokenPartition(kind: .user, name: homeAccountID)
        return try await answer {
            try await settings.store.takeLease(on: partition, as: holder, for: duration)
        } ?? true
    }

    /// Gives the lease back.
    func releaseLease(on homeAccountID: String, as holder: String) async {
        let partition = TokenPartition(kind: .user, name: homeAccountID)
        // Where this fails the lease ends by itself.
        _ = try? await answer { try await settings.store.releaseLease(on: partition, as: holder) }
    }

    // MARK: Sealing

    private func purpose(_ key: String, _ partition: TokenPartition) -> String {
        "token/\(partition)/\(key)"
    }

    /// Seals an entry.
    func seal(_ entry: StoredEntry, in partition: TokenPartition) throws -> StoredToken {
        StoredToken(
            key: entry.key,
            value: try sealer.seal(entry.text, purpose: purpose(entry.key, partition)),
            endsOn: entry.endsOn
        )
    }

    private func seal(_ changes: CacheChanges, in partition: TokenPartition, at now: Date) throws -> TokenChanges {
        let entries = changes.put.flatMap {
            $0.stored(clientID: cache.clientID, lasting: settings.entryLifetime, at: now)
        }
        return TokenChanges(
            put: try entries.map { try seal($0, in: partition) },
            remove: changes.remove.flatMap { $0.keys(clientID: cache.clientID) }
        )
    }

    /// The texts of entries by their keys; one that cannot be opened is counted and left out.
    func open(_ entries: [StoredToken], in partition: TokenPartition) -> [(key: String, text: [UInt8])] {
        entries.compactMap { entry in
            guard let text = sealer.open(entry.value, purpose: purpose(entry.key, partition)) else {
                reject()
                return nil
            }
            return (entry.key, text)
        }
    }

    func reject() {
        rejections.increment()
        logger.warning(
            "An entry of the token store could not be opened and was passed over; is its key missing from the key ring?"
        )
    }

    /// What the store answers; nil where it throws, which is logged and counted.
    ///
    /// - Throws: `CancellationError` alone.
    func answer<Value: Sendable>(_ ask: () async throws -> Value) async throws -> Value? {
        do {
            return try await ask()
        } catch let error as CancellationError {
            throw error
        } catch {
            failures.increment()
            logger.warning(
                "The token store did not answer; going on with what is in memory",
                metadata: ["msal.error": "\((error as? AuthenticationError)?.message ?? "\(type(of: error))")"]
            )
            return nil
        }
    }
}

extension TokenChanges {
    /// These changes and later ones in one.
    func followed(by later: TokenChanges) -> TokenChanges {
        guard !isEmpty else { return later }
        let keys = Set(later.put.map(\.key)).union(later.remove)
        return TokenChanges(
            put: put.filter { !keys.contains($0.key) } + later.put,
            remove: Array(Set(remove).union(later.remove).subtracting(later.put.map(\.key)))
        )
    }
}

extension [StoredToken] {
    /// The entries after some changes.
    func applying(_ changes: TokenChanges) -> [StoredToken] {
        let gone = Set(changes.put.map(\.key)).union(changes.remove)
        return filter { !gone.contains($0.key) } + changes.put
    }
}
