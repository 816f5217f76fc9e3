// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TokenVault {
    /// The partition of the application in a tenant.
    private func partition(_ tenant: String) -> TokenPartition {
        TokenPartition(kind: .application, name: "\(cache.clientID)/\(tenant.lowercased())")
    }

    /// The key of the application's own token: by what is asked for, and what keeps it apart.
    private func key(_ scopes: ScopeSet, _ isolation: String?) -> String {
        let parts = [provider] + scopes.members + (isolation.map { [" " + $0] } ?? [])
        return StoredEntry.key(StoredEntry.tag(clientID: cache.clientID), .accessToken, parts)
    }

    /// Reads the application's own token for a request into memory.
    func loadApplicationToken(
        in tenant: String,
        for scopes: ScopeSet,
        isolation: String? = nil,
        at now: Date
    ) async throws {
        let partition = partition(tenant)
        let stored = try await answer(.read) {
            try await settings.store.read(partition, keys: [key(scopes, isolation)])
        }
        for (_, text) in open(stored?.entries ?? [], in: partition) {
            let (entity, note) = StoredEntry.parts(of: text)
            guard let token = try? AccessTokenEntity(json: entity) else {
                reject()
                continue
            }
            let asked = note.map { ScopeSet(Scopes.split($0)) }
            let stored = token.cached(asked: asked)
            // What is in memory may be newer: the store may have been away when it came.
            let known = cache.applicationToken(in: tenant, for: stored.scopes, isolation: isolation, at: now)
            guard stored.isUsable(at: now, .extended), known.map({ $0.cachedAt < stored.cachedAt }) ?? true else {
                continue
            }
            cache.store(stored, in: tenant, at: now)
        }
    }

    /// Tells the store about the application's own token.
    func saveApplicationToken(
        _ token: CachedAccessToken,
        in tenant: String,
        of environment: String,
        for scopes: ScopeSet
    ) async throws {
        let entity = AccessTokenEntity(
            token,
            homeAccountID: "",
            environment: environment,
            realm: tenant,
            clientID: cache.clientID
        )
        let text = StoredEntry.text(entity.json(), note: token.asked?.members.joined(separator: " "))
        let entry = StoredEntry(key: key(scopes, token.isolation), text: text, endsOn: token.endsOn)
        let partition = partition(tenant)
        let changes = TokenChanges(put: [try seal(entry, in: partition)])
        _ = try await answer(.write) { try await settings.store.write(changes, to: partition, if: .none) }
    }

    /// Takes the application's own tokens of a tenant out of the store.
    ///
    /// - Throws: ``AuthenticationError`` when the store does not answer.
    func removeApplicationTokens(in tenant: String) async throws {
        let partition = partition(tenant)
        let keys = try await demand(.read) { try await settings.store.read(partition, keys: nil) }.entries.map(\.key)
        guard !keys.isEmpty else { return }
        _ = try await demand(.write) {
            try await settings.store.write(TokenChanges(remove: keys), to: partition, if: .none)
        }
    }
}
