// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What imports and exports ask of a store. Other than in a sign-in, a store that does not answer is an error here.
extension TokenVault {
    /// How many partitions are read at a time.
    private static let pageSize = 500

    /// Everything in the store that can be opened, as the MSALs share it; sessions on behalf of callers are left out.
    ///
    /// - Parameter clientID: the application whose entries are wanted, with its family's; nil for all.
    /// - Returns: the document, with what imports brought for others, and how many entries could not be opened.
    /// - Throws: what the store throws.
    func document(of clientID: String?) async throws -> (CacheDocument, unreadable: Int) {
        var document = CacheDocument()
        var foreign = CacheDocument()
        var unreadable = 0
        // What was got on behalf of callers is theirs.
        for kind in TokenPartition.Kind.allCases where kind != .onBehalfOf {
            try await forEachPartition(kind) { partition in
                if kind == .application, let clientID, !partition.name.hasPrefix(clientID + "/") { return }
                if kind == .foreign, let clientID, partition != Self.foreignPartition(of: clientID) { return }
                let stored = try await demand(.read) { try await settings.store.read(partition, keys: nil) }
                let entries = open(unsaved(stored.entries, in: partition), in: partition)
                unreadable += stored.entries.count - entries.count
                if kind == .foreign {
                    for (_, text) in entries {
                        if let read = try? CacheDocument(reading: text) { foreign.merge(read) }
                    }
                } else {
                    let flawed = document.add(entries, of: partition, clientID: clientID)
                    for _ in 0..<flawed { reject() }
                    unreadable += flawed
                }
            }
        }
        document.mergeAccounts()
        document.merge(foreign)
        return (document, unreadable)
    }

    /// How many sessions on behalf of callers the store holds.
    func sessionCount() async throws -> Int {
        var count = 0
        try await forEachPartition(.onBehalfOf) { _ in count += 1 }
        return count
    }

    /// Takes everything out of the store that is not another process's lease.
    ///
    /// - Returns: how many entries there were.
    func removeEverything() async throws -> Int {
        var count = 0
        for kind in TokenPartition.Kind.allCases {
            try await forEachPartition(kind) { partition in
                let keys = try await demand(.read) { try await settings.store.read(partition, keys: nil) }.entries.map(
                    \.key
                )
                guard !keys.isEmpty else { return }
                _ = try await demand(.write) {
                    try await settings.store.write(TokenChanges(remove: keys), to: partition, if: .none)
                }
                count += keys.count
            }
        }
        return count
    }

    // MARK: What is kept for others

    /// The partition of what an application's imports brought for others.
    private static func foreignPartition(of clientID: String) -> TokenPartition {
        TokenPartition(kind: .foreign, name: clientID)
    }

    /// The key of the one entry there.
    private static let foreignKey = "document"

    /// Changes what is kept for others.
    func changeForeign(_ change: (inout CacheDocument) -> Void) async throws {
        let partition = Self.foreignPartition(of: cache.clientID)
        for _ in 0..<20 {
            let stored = try await demand(.read) { try await settings.store.read(partition, keys: [Self.foreignKey]) }
            var document = CacheDocument()
            for (_, text) in open(stored.entries, in: partition) {
                if let read = try? CacheDocument(reading: text) { document.merge(read) }
            }
            let before = document.json()
            change(&document)
            let after = document.json()
            guard before != after else { return }
            let changes =
                document.isEmpty
                ? TokenChanges(remove: [Self.foreignKey])
                : TokenChanges(
                    put: [try seal(StoredEntry(key: Self.foreignKey, text: after, endsOn: nil), in: partition)]
                )
            let written = try await demand(.write) {
                try await settings.store.write(changes, to: partition, if: .version(stored.version))
            }
            if written != nil { return }
        }
        throw AuthenticationError(
            .transient,
            .storeUnavailable,
            "Others change what is kept for other applications all the time. Try again later."
        )
    }

    // MARK: Reading

    /// Goes through the partitions of a kind.
    private func forEachPartition(
        _ kind: TokenPartition.Kind,
        _ body: (TokenPartition) async throws -> Void
    ) async throws {
        var last: String?
        while true {
            let page = try await demand(.list) {
                try await settings.store.partitions(kind, after: last, limit: Self.pageSize)
            }
            for partition in page { try await body(partition) }
            guard let name = page.last?.name else { return }
            last = name
        }
    }

    /// The entries of a user's partition with the changes that the store did not take.
    private func unsaved(_ entries: [StoredToken], in partition: TokenPartition) -> [StoredToken] {
        guard partition.kind == .user else { return entries }
        return cache.shard(of: partition.name).state.withLock { state in
            entries.applying(state.users[partition.name]?.unsaved ?? TokenChanges())
        }
    }
}

extension CacheDocument {
    /// Adds entries of a store.
    ///
    /// - Returns: how many of them could not be read.
    fileprivate mutating func add(
        _ entries: [(key: String, text: [UInt8])],
        of partition: TokenPartition,
        clientID: String?
    ) -> Int {
        var unreadable = 0
        var tokens: [RefreshTokenEntity] = []
        var homeAccountID = partition.name
        for (key, text) in entries {
            let parts = key.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let kind = StoredEntry.Kind(rawValue: String(parts[1])) else { continue }
            if let clientID, StoredEntry.kind(of: key, clientID: clientID) == nil { continue }
            let json = StoredEntry.parts(of: text).entity
            do throws(AuthenticationError) {
                switch kind {
                case .accessToken: accessTokens.append(try AccessTokenEntity(json: json))
                case .idToken: idTokens.append(try IDTokenEntity(json: json))
                case .refreshToken: tokens.append(try RefreshTokenEntity(json: json))
                case .account:
                    let account = try AccountEntity(json: json)
                    // The partition's name may be a hash of it.
                    homeAccountID = account.homeAccountID
                    accounts.append(account)
                }
            } catch {
                unreadable += 1
            }
        }
        for var token in tokens {
            token.homeAccountID = homeAccountID
            refreshTokens.append(token)
        }
        return unreadable
    }
}
