// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension AccessTokenEntity {
    /// What the cache holds of a user's token, as the MSALs share it.
    init(_ token: CachedAccessToken, of account: Account, clientID: String) {
        self.init(
            token,
            homeAccountID: account.homeAccountID,
            environment: account.environment,
            realm: account.tenantID,
            clientID: clientID
        )
    }

    /// What the cache holds of a token, as the MSALs share it.
    init(_ token: CachedAccessToken, homeAccountID: String, environment: String, realm: String, clientID: String) {
        self.init(
            homeAccountID: homeAccountID,
            environment: environment,
            clientID: clientID,
            realm: realm,
            scopes: token.scopes,
            secret: token.secret,
            tokenType: token.tokenType,
            cachedAt: token.cachedAt,
            expiresOn: token.expiresOn,
            extendedExpiresOn: token.extendedExpiresOn,
            refreshOn: token.refreshOn,
            extendedKey: token.isolation,
            foreign: token.foreign
        )
    }

    /// The token as the cache keeps it, asked for under another name where that is known.
    func cached(asked: ScopeSet? = nil) -> CachedAccessToken {
        CachedAccessToken(
            secret: secret,
            tokenType: tokenType,
            scopes: scopes,
            asked: asked,
            cachedAt: cachedAt,
            expiresOn: expiresOn,
            extendedExpiresOn: extendedExpiresOn,
            refreshOn: refreshOn,
            foreign: foreign,
            isolation: extendedKey
        )
    }
}

extension RefreshTokenEntity {
    /// What the cache holds of a refresh token, as the MSALs share it.
    init(_ token: CachedRefreshToken, of homeAccountID: String) {
        self.init(
            homeAccountID: homeAccountID,
            environment: token.environment,
            clientID: token.clientID,
            secret: token.secret,
            familyID: token.familyID,
            modifiedAt: token.modifiedAt,
            foreign: token.foreign
        )
    }

    /// The token as the cache keeps it.
    var cached: CachedRefreshToken {
        CachedRefreshToken(
            secret: secret,
            environment: SharedText.of(environment),
            clientID: SharedText.of(clientID),
            familyID: familyID,
            modifiedAt: modifiedAt ?? .distantPast,
            foreign: foreign
        )
    }
}

extension AccountEntity {
    /// What the cache holds of an account, as the MSALs share it.
    init(_ realm: UserRealm) {
        let account = realm.account
        self.init(
            homeAccountID: account.homeAccountID,
            environment: account.environment,
            realm: account.tenantID,
            localAccountID: account.localAccountID,
            username: account.username,
            name: account.name,
            authorityType: realm.authorityType ?? "MSSTS",
            foreign: realm.foreign
        )
    }

    /// The account as the cache keeps it, with an ID token that was not validated here.
    func cached(idToken: Secret? = nil) -> UserRealm {
        let record = Account.Record(
            homeAccountID: homeAccountID,
            environment: environment,
            tenantID: self.realm,
            localAccountID: localAccountID,
            username: username,
            name: name,
            idToken: idToken,
            isIDTokenValidated: false
        )
        var realm = UserRealm(account: Account(record))
        realm.authorityType = authorityType == "MSSTS" ? nil : authorityType
        realm.foreign = foreign
        return realm
    }
}

extension IDTokenEntity {
    /// The ID token of an account, as the MSALs share it; nil where none came.
    init?(_ realm: UserRealm, clientID: String) {
        guard let token = realm.idToken else { return nil }
        self.init(
            homeAccountID: realm.account.homeAccountID,
            environment: realm.account.environment,
            clientID: clientID,
            realm: realm.account.tenantID,
            secret: token
        )
    }
}
