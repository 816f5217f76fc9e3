// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What one application can use of a shared cache, and the rest, which is kept for others.
struct CacheImport: Sendable {
    /// What it can use of each person, by home account ID.
    var users: [String: ImportedUser] = [:]
    /// The application's own tokens.
    var applicationTokens: [AccessTokenEntity] = []
    /// What is known of the application's family, by provider.
    var families: [(environment: String, family: String?)] = []
    /// What belongs to other applications or providers, or is good for special requests alone.
    var rest = CacheDocument()
    /// How many access tokens were left out because they have ended.
    var ended = 0

    private let clientID: String
    private let authority: Authority
    /// The tenants that are called otherwise than by their GUID, by person, provider and name: `common` is another one for
    /// each.
    private var tenants: [[String]: String] = [:]

    /// Divides a document.
    init(_ document: CacheDocument, clientID: String, authority: Authority, at now: Date) {
        self.clientID = clientID
        self.authority = authority
        users.reserveCapacity(document.accounts.count)
        rest.foreignSections = document.foreignSections
        rest.foreignEntries = document.foreignEntries
        for token in document.idTokens { take(token) }
        for token in document.refreshTokens { take(token) }
        for token in document.accessTokens { take(token, at: now) }
        for account in document.accounts { take(account) }
        for metadata in document.appMetadata { take(metadata) }
    }

    /// Sorts an ID token; one that is none is no use.
    private mutating func take(_ token: IDTokenEntity) {
        guard isOwn(token.clientID), token.assertionHash == nil, let environment = ownEnvironment(token.environment),
            token.secret.hasThreeParts
        else {
            rest.idTokens.append(token)
            return
        }
        var token = token
        token.environment = environment
        if !Self.isGUID(token.realm), let tenant = Self.tenant(of: token.secret) {
            tenants[[token.homeAccountID, environment, token.realm.asciiLowercased]] = tenant
            users[token.homeAccountID, default: ImportedUser()].otherNames[tenant, default: []]
                .append(token.realm.asciiLowercased)
            token.realm = tenant
        }
        users[token.homeAccountID, default: ImportedUser()].idTokens.append(token)
    }

    /// Sorts a refresh token: the application's own, or one of a family, whose members try it.
    private mutating func take(_ token: RefreshTokenEntity) {
        guard isOwn(token.clientID) || token.familyID != nil, token.assertionHash == nil,
            let environment = ownEnvironment(token.environment)
        else {
            rest.refreshTokens.append(token)
            return
        }
        var token = token
        token.environment = environment
        if isOwn(token.clientID) { token.clientID = clientID }
        users[token.homeAccountID, default: ImportedUser()].refreshTokens.append(token)
    }

    /// Sorts an access token; one that is bound to something must not serve those who do not ask for that.
    private mutating func take(_ token: AccessTokenEntity, at now: Date) {
        guard isOwn(token.clientID), let environment = ownEnvironment(token.environment),
            token.keyID == nil, token.extendedKey == nil, token.assertionHash == nil,
            token.tokenType.asciiLowercased == "bearer"
        else {
            rest.accessTokens.append(token)
            return
        }
        guard max(token.expiresOn, token.extendedExpiresOn ?? token.expiresOn) > now else {
            ended += 1
            return
        }
        var token = token
        token.environment = environment
        token.realm = tenant(token.homeAccountID, environment, token.realm)
        if token.homeAccountID.isEmpty {
            applicationTokens.append(token)
        } else {
            users[token.homeAccountID, default: ImportedUser()].accessTokens.append(token)
        }
    }

    /// Sorts an account: it goes with its tokens.
    private mutating func take(_ account: AccountEntity) {
        guard let environment = ownEnvironment(account.environment), users[account.homeAccountID] != nil else {
            rest.accounts.append(account)
            return
        }
        var account = account
        account.environment = environment
        account.realm = tenant(account.homeAccountID, environment, account.realm)
        users[account.homeAccountID]?.accounts.append(account)
    }

    /// Takes in what is known about an application; it is kept too, as no other entry of a store tells it.
    private mutating func take(_ metadata: AppMetadataEntity) {
        rest.appMetadata.append(metadata)
        guard isOwn(metadata.clientID), let environment = ownEnvironment(metadata.environment) else { return }
        families.append((environment, metadata.familyID))
    }

    /// Whether an entry is the application's.
    private func isOwn(_ clientID: String) -> Bool {
        clientID == self.clientID || clientID.asciiLowercased == self.clientID.asciiLowercased
    }

    /// The name that this application has for a provider; nil for another provider, which must not get this one's tokens.
    ///
    /// The shared schema knows hosts without ports.
    private func ownEnvironment(_ environment: String) -> String? {
        if Cloud.areAliases(environment, authority.environment) { return environment }
        let environment = environment.asciiLowercased
        if Cloud.areAliases(environment, authority.environment) { return environment }
        return environment == authority.host ? authority.environment : nil
    }

    /// The GUID of a tenant, where it is known from the person's ID token.
    private func tenant(_ homeAccountID: String, _ environment: String, _ realm: String) -> String {
        tenants.isEmpty ? realm : tenants[[homeAccountID, environment, realm.asciiLowercased]] ?? realm
    }

    /// The tenant that an ID token names; it is not validated, and no more than a name is taken from it.
    private static func tenant(of token: Secret) -> String? {
        guard let claims = try? UnverifiedJWT(token.reveal()).unverifiedClaims(), let tenant = claims.tenantID,
            isGUID(tenant)
        else { return nil }
        return tenant
    }

    /// Whether a tenant is named by its GUID.
    private static func isGUID(_ text: String) -> Bool {
        GUID.isValid(text)
    }
}

extension Secret {
    /// Whether the text has three parts, as a signed token has.
    fileprivate var hasThreeParts: Bool {
        let text = reveal()
        let dots = text.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.reduce(0) { $0 &+ ($1 == UInt8(ascii: ".") ? 1 : 0) }
        }
        return (dots ?? text.split(separator: ".", omittingEmptySubsequences: false).count - 1) == 2
    }
}

/// What an import brings of one person.
struct ImportedUser: Sendable {
    var accounts: [AccountEntity] = []
    var idTokens: [IDTokenEntity] = []
    var accessTokens: [AccessTokenEntity] = []
    var refreshTokens: [RefreshTokenEntity] = []
    /// Names of tenants other than their GUIDs.
    var otherNames: [String: [String]] = [:]
}
