// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What imports brought that this application cannot use, kept for the next export where there is no store.
final class ForeignCache: Sendable {
    private let document = Mutex(CacheDocument())

    /// What is kept.
    var contents: CacheDocument { document.withLock { $0 } }

    /// Changes what is kept.
    func change(_ body: (inout CacheDocument) -> Void) {
        document.withLock { body(&$0) }
    }
}

extension TokenCache {
    /// What memory holds of the people wanted, as the MSALs share it.
    func users(_ isWanted: (String) -> Bool = { _ in true }) -> CacheDocument {
        var document = CacheDocument()
        for shard in shards {
            let users = shard.state.withLock { state in
                state.users.values.filter { !$0.isOnBehalf }.map {
                    ($0.name, UserContents(realms: $0.realms.map(\.value), refreshTokens: Array($0.refreshTokens)))
                }
            }
            for (homeAccountID, contents) in users where isWanted(homeAccountID) {
                document.add(contents, of: homeAccountID, clientID: clientID)
            }
        }
        return document
    }

    /// The application's own tokens in memory, as the MSALs share them; memory does not tell their provider.
    func applicationTokens(of environment: String) -> [AccessTokenEntity] {
        shards.flatMap { shard in
            shard.state.withLock { state in state.applications.values.map { ($0.name, $0.tokens.all) } }
        }.flatMap { tenant, tokens in
            tokens.map { token in
                AccessTokenEntity(
                    token,
                    homeAccountID: "",
                    environment: environment,
                    realm: tenant,
                    clientID: clientID
                )
            }
        }
    }
}

extension CacheDocument {
    /// Adds all that is kept of a person.
    mutating func add(_ contents: UserContents, of homeAccountID: String, clientID: String) {
        for realm in contents.realms {
            accounts.append(AccountEntity(realm))
            if let token = IDTokenEntity(realm, clientID: clientID) { idTokens.append(token) }
            accessTokens += realm.tokens.all.map { AccessTokenEntity($0, of: realm.account, clientID: clientID) }
        }
        refreshTokens += contents.refreshTokens.map { RefreshTokenEntity($0, of: homeAccountID) }
    }

    /// Makes entities of this library what others expect: hosts without ports, scopes in order, no dates but true ones.
    mutating func makeShareable() {
        // A token that is bound to a key of this application's is good here alone, and others would present it as a bearer
        // token. Those that came with an import are none of ours, and go back as they came.
        accessTokens.removeAll { token in
            TokenBinding.tokenTypes.contains(token.tokenType) && token.extendedKey != nil && token.keyID == nil
        }
        for index in accessTokens.indices {
            accessTokens[index].environment.removePort()
            if accessTokens[index].scopes.count > 1 {
                accessTokens[index].scopes.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            }
        }
        for index in refreshTokens.indices {
            refreshTokens[index].environment.removePort()
            if refreshTokens[index].modifiedAt == .distantPast { refreshTokens[index].modifiedAt = nil }
        }
        for index in idTokens.indices { idTokens[index].environment.removePort() }
        for index in accounts.indices { accounts[index].environment.removePort() }
        for index in appMetadata.indices { appMetadata[index].environment.removePort() }
    }
}

extension String {
    /// Leaves the host of an environment.
    fileprivate mutating func removePort() {
        guard let colon = utf8.lastIndex(of: UInt8(ascii: ":")), !hasSuffix("]") else { return }
        removeSubrange(colon...)
    }
}
