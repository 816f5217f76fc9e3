// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension AccessTokenEntity: CacheEntity {
    static let section = CacheSection.accessTokens

    static let fields: CacheFieldSet = [
        .homeAccountID, .environment, .clientID, .credentialType, .secret, .realm, .target, .tokenType, .cachedAt,
        .expiresOn, .extendedExpiresOn, .refreshOn, .keyID, .extendedKey, .assertionHash,
    ]

    static let aliases: CacheFieldSet = [
        .extExpiresOn, .accessTokenType, .kid, .plainKeyID, .camelAssertionHash, .extendedKeyHash,
        .extendedParameters, .additionalParameters,
    ]

    /// Reads an access token.
    ///
    /// It must say what it is, whose (nothing: the application's), at which provider, for which client and scopes, and when
    /// it ends. Without a realm it is of a provider without tenants; without a type it is a bearer token; when it was got
    /// matters to nobody.
    init(_ entry: inout CacheEntryReader) throws(CacheEntryFlaw) {
        try entry.check(kind: "AccessToken")
        guard let scopes = try entry.scopes(.target), !scopes.isEmpty else { throw .missing(.target) }
        guard let expiresOn = try entry.time(.expiresOn) else { throw .missing(.expiresOn) }
        self.init(
            homeAccountID: try entry.text(.homeAccountID) ?? "",
            environment: try entry.required(.environment),
            clientID: try entry.required(.clientID),
            realm: try entry.text(.realm) ?? "",
            scopes: scopes,
            secret: Secret(try entry.required(.secret)),
            tokenType: try entry.first(of: .tokenType, .accessTokenType) ?? "Bearer",
            cachedAt: try entry.time(.cachedAt) ?? Date(timeIntervalSince1970: 0),
            expiresOn: expiresOn,
            extendedExpiresOn: try entry.time(.extendedExpiresOn, .extExpiresOn),
            refreshOn: try entry.time(.refreshOn),
            keyID: try entry.first(of: .keyID, .kid, .plainKeyID),
            extendedKey: try entry.extendedKey(),
            assertionHash: try entry.assertionHash(),
            foreign: entry.foreign
        )
    }

    func writeMembers(to writer: inout CacheJSONWriter) {
        writer.raw("{\"credential_type\":\"AccessToken\",\"secret\":")
        writer.text(secret)
        writer.raw(",\"home_account_id\":")
        // Python finds the application's tokens by a null that is there.
        if homeAccountID.isEmpty { writer.raw("null") } else { writer.text(homeAccountID) }
        writer.member(",\"environment\":", environment)
        writer.member(",\"client_id\":", clientID)
        writer.member(",\"target\":", scopes: scopes)
        writer.member(",\"realm\":", realm)
        writer.member(",\"token_type\":", tokenType)
        writer.member(",\"cached_at\":", cachedAt)
        writer.member(",\"expires_on\":", expiresOn)
        writer.member(",\"extended_expires_on\":", extendedExpiresOn)
        writer.member(",\"refresh_on\":", refreshOn)
        writer.member(",\"key_id\":", keyID)
        writer.member(",\"ext_cache_key\":", extendedKey)
        writer.member(",\"user_assertion_hash\":", assertionHash)
    }

    func makeKey(in writer: inout CacheJSONWriter) {
        writer.beginKey(homeAccountID)
        writer.keyPart(environment)
        writer.keyPart(extendedKey == nil ? "accesstoken" : "atext")
        writer.keyPart(clientID)
        writer.keyPart(realm)
        writer.keyPart(scopes)
        if let extendedKey { writer.keyPart(extendedKey) }
    }

    var distinction: String? { assertionHash ?? keyID }

    var sizeHint: Int { secret.reveal().utf8.count + foreign.json.count + 900 }
}

extension RefreshTokenEntity: CacheEntity {
    static let section = CacheSection.refreshTokens

    static let fields: CacheFieldSet = [
        .homeAccountID, .environment, .clientID, .credentialType, .secret, .target, .familyID, .modifiedAt,
        .assertionHash,
    ]

    static let aliases: CacheFieldSet = [.camelAssertionHash]

    /// Reads a refresh token; an entry of a store need not say whose it is, as its place tells.
    init(_ entry: inout CacheEntryReader) throws(CacheEntryFlaw) {
        try entry.check(kind: "RefreshToken")
        self.init(
            homeAccountID: try entry.text(.homeAccountID) ?? "",
            environment: try entry.required(.environment),
            clientID: try entry.required(.clientID),
            secret: Secret(try entry.required(.secret)),
            familyID: try entry.nonEmpty(.familyID),
            assertionHash: try entry.assertionHash(),
            scopes: try entry.scopes(.target),
            modifiedAt: try entry.time(.modifiedAt),
            foreign: entry.foreign
        )
    }

    func writeMembers(to writer: inout CacheJSONWriter) {
        writer.raw("{\"credential_type\":\"RefreshToken\",\"secret\":")
        writer.text(secret)
        writer.member(",\"home_account_id\":", homeAccountID)
        writer.member(",\"environment\":", environment)
        writer.member(",\"client_id\":", clientID)
        if let scopes { writer.member(",\"target\":", scopes: scopes) }
        writer.member(",\"last_modification_time\":", modifiedAt)
        writer.member(",\"family_id\":", familyID)
        writer.member(",\"user_assertion_hash\":", assertionHash)
    }

    /// Makes the key: of the client and the scopes it came with as Python does, or of the family as all others do.
    func makeKey(in writer: inout CacheJSONWriter) {
        writer.beginKey(homeAccountID)
        writer.keyPart(environment)
        writer.keyPart("refreshtoken")
        writer.keyPart(scopes == nil ? familyID ?? clientID : clientID)
        writer.keyPart("")
        writer.keyPart(scopes ?? [])
    }

    /// In a document it must say whose it is: nobody may be given one that is nobody's.
    var documentFlaw: CacheEntryFlaw? { homeAccountID.isEmpty ? .missing(.homeAccountID) : nil }

    var distinction: String? { assertionHash ?? (familyID == nil ? nil : clientID) }

    var sizeHint: Int { secret.reveal().utf8.count + foreign.json.count + 600 }
}

extension IDTokenEntity: CacheEntity {
    static let section = CacheSection.idTokens

    static let fields: CacheFieldSet = [
        .homeAccountID, .environment, .clientID, .credentialType, .secret, .realm, .assertionHash,
    ]

    static let aliases: CacheFieldSet = [.camelAssertionHash]

    /// Reads an ID token.
    init(_ entry: inout CacheEntryReader) throws(CacheEntryFlaw) {
        try entry.check(kind: "IdToken")
        self.init(
            homeAccountID: try entry.required(.homeAccountID),
            environment: try entry.required(.environment),
            clientID: try entry.required(.clientID),
            realm: try entry.text(.realm) ?? "",
            secret: Secret(try entry.required(.secret)),
            assertionHash: try entry.assertionHash(),
            foreign: entry.foreign
        )
    }

    func writeMembers(to writer: inout CacheJSONWriter) {
        writer.raw("{\"credential_type\":\"IdToken\",\"secret\":")
        writer.text(secret)
        writer.member(",\"home_account_id\":", homeAccountID)
        writer.member(",\"environment\":", environment)
        writer.member(",\"realm\":", realm)
        writer.member(",\"client_id\":", clientID)
        writer.member(",\"user_assertion_hash\":", assertionHash)
    }

    func makeKey(in writer: inout CacheJSONWriter) {
        writer.beginKey(homeAccountID)
        writer.keyPart(environment)
        writer.keyPart("idtoken")
        writer.keyPart(clientID)
        writer.keyPart(realm)
        writer.keyPart("")
    }

    var distinction: String? { assertionHash }

    var sizeHint: Int { secret.reveal().utf8.count + foreign.json.count + 600 }
}

extension AccountEntity: CacheEntity {
    static let section = CacheSection.accounts

    static let fields: CacheFieldSet = [
        .homeAccountID, .environment, .realm, .localAccountID, .username, .name, .authorityType,
    ]

    /// Reads an account; one that does not say of what kind its authority is is of the platform.
    init(_ entry: inout CacheEntryReader) throws(CacheEntryFlaw) {
        self.init(
            homeAccountID: try entry.required(.homeAccountID),
            environment: try entry.required(.environment),
            realm: try entry.text(.realm) ?? "",
            localAccountID: try entry.text(.localAccountID) ?? "",
            username: try entry.text(.username) ?? "",
            name: try entry.text(.name),
            authorityType: try entry.nonEmpty(.authorityType) ?? "MSSTS",
            foreign: entry.foreign
        )
    }

    /// Writes the members; those that Python reads without asking whether they are there always are.
    func writeMembers(to writer: inout CacheJSONWriter) {
        writer.raw("{\"home_account_id\":")
        writer.text(homeAccountID)
        writer.member(",\"environment\":", environment)
        writer.member(",\"realm\":", realm)
        writer.raw(",\"local_account_id\":")
        if localAccountID.isEmpty { writer.raw("null") } else { writer.text(localAccountID) }
        writer.member(",\"username\":", username)
        writer.member(",\"name\":", name)
        writer.member(",\"authority_type\":", authorityType)
    }

    func makeKey(in writer: inout CacheJSONWriter) {
        writer.beginKey(homeAccountID)
        writer.keyPart(environment)
        writer.keyPart(realm)
    }

    var sizeHint: Int { foreign.json.count + 700 }
}

extension AppMetadataEntity: CacheEntity {
    static let section = CacheSection.appMetadata

    static let fields: CacheFieldSet = [.clientID, .environment, .familyID]

    /// Reads what is known about an application.
    init(_ entry: inout CacheEntryReader) throws(CacheEntryFlaw) {
        self.init(
            clientID: try entry.required(.clientID),
            environment: try entry.required(.environment),
            familyID: try entry.nonEmpty(.familyID),
            foreign: entry.foreign
        )
    }

    func writeMembers(to writer: inout CacheJSONWriter) {
        writer.raw("{\"client_id\":")
        writer.text(clientID)
        writer.member(",\"environment\":", environment)
        writer.member(",\"family_id\":", familyID)
    }

    func makeKey(in writer: inout CacheJSONWriter) {
        writer.beginKey("appmetadata")
        writer.keyPart(environment)
        writer.keyPart(clientID)
    }

    var sizeHint: Int { foreign.json.count + 300 }
}
