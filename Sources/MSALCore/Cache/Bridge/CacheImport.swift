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
    /// Where in the document the entries of one person stand.
    struct Places: Sendable {
        var accounts = OneOrMany<Int>()
        var idTokens = OneOrMany<Int>()
        var accessTokens = OneOrMany<Int>()
        var refreshTokens = OneOrMany<Int>()
        /// Names of tenants other than their GUIDs.
        var otherNames: [String: [String]] = [:]
    }

    /// What it can use of each person, by home account ID.
    private(set) var users: [String: Places] = [:]
    /// The application's own tokens.
    private(set) var applicationTokens: [AccessTokenEntity] = []
    /// What is known of the application's family, by provider.
    private(set) var families: [(environment: String, family: String?)] = []
    /// What belongs to other applications or providers, or is good for special requests alone.
    private(set) var rest = CacheDocument()
    /// How many access tokens were left out because they have ended.
    private(set) var ended = 0

    private let document: CacheDocument
    private let clientID: String
    private let authority: Authority
    /// The tenants that are called otherwise than by their GUID, by person, provider and name: `common` is another one for
    /// each.
    private var tenants: [[String]: String] = [:]

    /// Divides a document.
    ///
    /// Entries are told apart where they stand, and copied when a person's are asked for: moving those of a large cache from
    /// list to list took longer than reading it.
    init(_ document: CacheDocument, clientID: String, authority: Authority, at now: Date) {
        self.document = document
        self.clientID = clientID
        self.authority = authority
        users.reserveCapacity(document.accounts.count)
        rest.foreignSections = document.foreignSections
        rest.foreignEntries = document.foreignEntries
        for place in document.idTokens.indices { takeIDToken(at: place) }
        for place in document.refreshTokens.indices { takeRefreshToken(at: place) }
        for place in document.accessTokens.indices { takeAccessToken(at: place, now) }
        for place in document.accounts.indices { takeAccount(at: place) }
        for metadata in document.appMetadata { take(metadata) }
    }

    /// What the document holds of a person, with the names that this application has for providers and tenants.
    func user(at places: Places) -> ImportedUser {
        var user = ImportedUser(otherNames: places.otherNames)
        for place in places.accounts {
            var account = document.accounts[place]
            account.environment = ownEnvironment(account.environment) ?? account.environment
            account.realm = tenant(account.homeAccountID, account.environment, account.realm)
            user.accounts.append(account)
        }
        for place in places.idTokens {
            var token = document.idTokens[place]
            token.environment = ownEnvironment(token.environment) ?? token.environment
            token.realm = tenant(token.homeAccountID, token.environment, token.realm)
            user.idTokens.append(token)
        }
        for place in places.accessTokens { user.accessTokens.append(own(document.accessTokens[place])) }
        for place in places.refreshTokens {
            var token = document.refreshTokens[place]
            token.environment = ownEnvironment(token.environment) ?? token.environment
            if isOwn(token.clientID) { token.clientID = clientID }
            user.refreshTokens.append(token)
        }
        return user
    }

    /// Sorts an ID token; one that is none is no use.
    private mutating func takeIDToken(at place: Int) {
        guard isOwn(document.idTokens[place].clientID), document.idTokens[place].assertionHash == nil,
            let environment = ownEnvironment(document.idTokens[place].environment),
            document.idTokens[place].secret.hasThreeParts
        else {
            rest.idTokens.append(document.idTokens[place])
            return
        }
        let home = document.idTokens[place].homeAccountID
        let realm = document.idTokens[place].realm
        if !GUID.isValid(realm), let tenant = Self.tenant(of: document.idTokens[place].secret) {
            tenants[[home, Cloud.canonical(environment), realm.asciiLowercased]] = tenant
            users[home, default: Places()].otherNames[tenant, default: []].append(realm.asciiLowercased)
        }
        users[home, default: Places()].idTokens.append(place)
    }

    /// Sorts a refresh token: the application's own, or one of a family, whose members try it.
    private mutating func takeRefreshToken(at place: Int) {
        guard isOwn(document.refreshTokens[place].clientID) || document.refreshTokens[place].familyID != nil,
            document.refreshTokens[place].assertionHash == nil,
            ownEnvironment(document.refreshTokens[place].environment) != nil
        else {
            rest.refreshTokens.append(document.refreshTokens[place])
            return
        }
        users[document.refreshTokens[place].homeAccountID, default: Places()].refreshTokens.append(place)
    }

    /// Sorts an access token; one that is bound to something must not serve those who do not ask for that.
    private mutating func takeAccessToken(at place: Int, _ now: Date) {
        guard isOwn(document.accessTokens[place].clientID),
            ownEnvironment(document.accessTokens[place].environment) != nil,
            document.accessTokens[place].keyID == nil, document.accessTokens[place].extendedKey == nil,
            document.accessTokens[place].assertionHash == nil,
            document.accessTokens[place].tokenType.asciiLowercased == "bearer"
        else {
            rest.accessTokens.append(document.accessTokens[place])
            return
        }
        let end = document.accessTokens[place].expiresOn
        guard max(end, document.accessTokens[place].extendedExpiresOn ?? end) > now else {
            ended += 1
            return
        }
        if document.accessTokens[place].homeAccountID.isEmpty {
            applicationTokens.append(own(document.accessTokens[place]))
        } else {
            users[document.accessTokens[place].homeAccountID, default: Places()].accessTokens.append(place)
        }
    }

    /// Sorts an account: it goes with its tokens.
    private mutating func takeAccount(at place: Int) {
        let home = document.accounts[place].homeAccountID
        guard ownEnvironment(document.accounts[place].environment) != nil, users[home] != nil else {
            rest.accounts.append(document.accounts[place])
            return
        }
        users[home]?.accounts.append(place)
    }

    /// An access token with the names that this application has for its provider and tenant.
    private func own(_ token: AccessTokenEntity) -> AccessTokenEntity {
        var token = token
        token.environment = ownEnvironment(token.environment) ?? token.environment
        token.realm = tenant(token.homeAccountID, token.environment, token.realm)
        return token
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
        tenants.isEmpty
            ? realm : tenants[[homeAccountID, Cloud.canonical(environment), realm.asciiLowercased]] ?? realm
    }

    /// The tenant that an ID token names; it is not validated, and no more than a name is taken from it.
    private static func tenant(of token: Secret) -> String? {
        guard let claims = try? UnverifiedJWT(token.reveal()).unverifiedClaims(), let tenant = claims.tenantID,
            GUID.isValid(tenant)
        else { return nil }
        return tenant
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
    var accounts = OneOrMany<AccountEntity>()
    var idTokens = OneOrMany<IDTokenEntity>()
    var accessTokens = OneOrMany<AccessTokenEntity>()
    var refreshTokens = OneOrMany<RefreshTokenEntity>()
    /// Names of tenants other than their GUIDs.
    var otherNames: [String: [String]]

    /// The ID token that belongs to an account.
    func idToken(of account: AccountEntity) -> Secret? {
        idTokens.first { $0.environment == account.environment && $0.realm == account.realm }?.secret
    }
}
