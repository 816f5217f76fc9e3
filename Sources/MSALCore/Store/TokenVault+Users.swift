// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is kept of people.
extension TokenVault {
    /// Reads what the store holds of a user into memory, and gives the store what it did not take before.
    ///
    /// - Returns: whether the store answered; what it holds is in memory then.
    @discardableResult
    func load(_ homeAccountID: String, at now: Date) async throws -> Bool {
        let partition = TokenPartition(holder: homeAccountID)
        guard let stored = try await answer(.read, { try await settings.store.read(partition, keys: nil) }) else {
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
        guard stored.version == base || partition.kind == .user && after.isNewer(than: before) else {
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
        let partition = TokenPartition(holder: homeAccountID)
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
        let partition = TokenPartition(holder: homeAccountID)
        for attempt in 0..<10 {
            let stored = try await demand(.read) { try await settings.store.read(partition, keys: nil) }
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
            let written = try await demand(.write) {
                try await settings.store.write(
                    TokenChanges(remove: keys),
                    to: partition,
                    // Against many others at last without a condition: taking out twice harms nobody.
                    if: attempt < 9 ? .version(stored.version) : .none
                )
            }
            if written != nil { return }
        }
    }

    /// Keeps changes for when the store answers again.
    func keep(_ changes: CacheChanges, of homeAccountID: String, at now: Date) throws {
        let partition = TokenPartition(holder: homeAccountID)
        let sealed = try seal(changes, in: partition, at: now)
        cache.change(homeAccountID, at: now, making: true) { $0.unsaved = $0.unsaved.followed(by: sealed) }
    }

    /// Writes a user's sealed changes; what the store does not take is kept beside the user.
    ///
    /// - Returns: false if the condition did not hold, so that nothing was written.
    private func write(
        _ changes: TokenChanges,
        of homeAccountID: String,
        if condition: TokenWriteCondition,
        at now: Date
    ) async throws -> Bool {
        let partition = TokenPartition(holder: homeAccountID)
        // One optional around the store's own: no answer is something else than a condition that did not hold.
        let written: TokenVersion??
        do {
            written = try await answer(.write) { () -> TokenVersion? in
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
            let page = try await answer(.list) {
                try await settings.store.partitions(.user, after: last, limit: 500)
            }
            guard let page else { return nil }
            for partition in page {
                let stored = try await answer(.read) { try await settings.store.read(partition, keys: nil) }
                guard let stored else { return nil }
                let own = stored.entries.filter { StoredEntry.kind(of: $0.key, clientID: cache.clientID) == .account }
                for (_, text) in open(own, in: partition) {
                    guard let entity = try? AccountEntity(json: StoredEntry.parts(of: text).entity) else {
                        reject()
                        continue
                    }
                    accounts.append(entity.cached().account)
                }
            }
            guard let name = page.last?.name else { return accounts.inOrder }
            last = name
        }
    }

    /// Takes entries that have ended out of the store.
    func removeEnded(at now: Date) async throws {
        _ = try await answer(.sweep) { try await settings.store.removeEntries(endingBefore: now) }
    }

    /// Seals changes.
    private func seal(_ changes: CacheChanges, in partition: TokenPartition, at now: Date) throws -> TokenChanges {
        let entries = changes.put.flatMap {
            $0.stored(clientID: cache.clientID, lasting: settings.entryLifetime, at: now)
        }
        return TokenChanges(
            put: try entries.map { try seal($0, in: partition) },
            remove: changes.remove.flatMap { $0.keys(clientID: cache.clientID) }
        )
    }
}
