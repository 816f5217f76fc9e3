// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

package import Logging

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// What a token store holds of all applications, for tools that show it and move it.
package struct TokenStoreContents: Sendable {
    /// A token, without itself.
    package struct Token: Sendable {
        /// The kinds of token.
        package enum Kind: String, Sendable {
            case access, refresh
        }

        package let kind: Kind
        /// Whose it is; empty for the application's own.
        package let homeAccountID: String
        package let environment: String
        package let clientID: String
        /// The tenant; empty for refresh tokens, which serve all.
        package let tenant: String
        package let scopes: [String]
        /// When it ends; nil where nobody knows.
        package let expiresOn: Date?
    }

    /// An application that entries of a cache belong to.
    package struct Client: Sendable {
        package let id: String
        /// The providers its entries are of.
        package let environments: Set<String>

        /// An application by its ID.
        package init(id: String, environments: Set<String>) {
            self.id = id
            self.environments = environments
        }
    }

    package let accounts: [Account]
    package let tokens: [Token]
    /// How many entries cannot be opened or read.
    package let unreadable: Int
    /// How many sessions on behalf of callers there are, which are nobody's accounts.
    package let sessions: Int

    /// Reads a store.
    ///
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`.
    package init(of persistence: TokenPersistence, logger: Logger) async throws {
        let vault = Self.vault(persistence, logger)
        let (document, unreadable) = try await vault.document(of: nil)
        sessions = try await vault.sessionCount()
        accounts = document.accounts.map { $0.cached().account }.inOrder
        self.unreadable = unreadable
        let accessTokens = document.accessTokens.map { token in
            Token(
                kind: .access,
                homeAccountID: token.homeAccountID,
                environment: token.environment,
                clientID: token.clientID,
                tenant: token.realm,
                scopes: token.scopes,
                expiresOn: token.expiresOn
            )
        }
        let refreshTokens = document.refreshTokens.map { token in
            Token(
                kind: .refresh,
                homeAccountID: token.homeAccountID,
                environment: token.environment,
                clientID: token.clientID,
                tenant: "",
                scopes: token.scopes ?? [],
                expiresOn: nil
            )
        }
        tokens = (accessTokens + refreshTokens).sorted { first, second in
            (first.clientID, first.homeAccountID, first.kind.rawValue, first.tenant, first.scopes.joined())
                < (second.clientID, second.homeAccountID, second.kind.rawValue, second.tenant, second.scopes.joined())
        }
    }

    /// Everything in a store but sessions on behalf of callers, in the JSON that the MSALs share.
    ///
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`.
    package static func export(_ persistence: TokenPersistence, logger: Logger) async throws -> [UInt8] {
        var (document, _) = try await vault(persistence, logger).document(of: nil)
        document.makeShareable()
        return document.json()
    }

    /// Takes everything out of a store.
    ///
    /// - Returns: how many entries there were.
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`.
    package static func removeAll(from persistence: TokenPersistence, logger: Logger) async throws -> Int {
        try await vault(persistence, logger).removeEverything()
    }

    /// The applications whose entries a shared cache holds.
    ///
    /// - Throws: ``AuthenticationError`` with the code `cacheMalformed`.
    package static func clients(in json: [UInt8]) throws(AuthenticationError) -> [Client] {
        let document = try CacheDocument(reading: json)
        var environments: [String: Set<String>] = [:]
        let places =
            document.accessTokens.map { ($0.clientID, $0.environment) }
            + document.refreshTokens.map { ($0.clientID, $0.environment) }
            + document.idTokens.map { ($0.clientID, $0.environment) }
        for (client, environment) in places {
            environments[client, default: []].insert(Cloud.canonical(environment.asciiLowercased))
        }
        return environments.map { Client(id: $0.key, environments: $0.value) }.sorted { $0.id < $1.id }
    }

    /// A vault of no application, which opens everybody's entries and changes no memory.
    private static func vault(_ persistence: TokenPersistence, _ logger: Logger) -> TokenVault {
        TokenVault(persistence, cache: TokenCache(clientID: ""), authority: nil, logger: logger)
    }
}
