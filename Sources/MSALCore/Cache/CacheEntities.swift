// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Members of an entity that this library does not know, kept for those who do.
struct ForeignMembers: Sendable, Hashable {
    /// The members as JSON, with commas between and no braces around; empty where there are none.
    var json: [UInt8] = []
}

/// An access token as the MSALs share it.
struct AccessTokenEntity: Sendable, Hashable {
    /// Whose it is; empty for a token of the application itself.
    var homeAccountID: String
    var environment: String
    var clientID: String
    /// The tenant.
    var realm: String
    /// What it is good for, as granted.
    var scopes: [String]
    var secret: Secret
    var tokenType = "Bearer"
    var cachedAt: Date
    var expiresOn: Date
    var extendedExpiresOn: Date?
    var refreshOn: Date?
    /// The key that the token is bound to.
    var keyID: String?
    /// The hash of further parameters of the request, which isolate it from requests without them.
    var extendedKey: String?
    /// The hash of the assertion it was got with on behalf of somebody.
    var assertionHash: String?
    var foreign = ForeignMembers()
}

/// A refresh token as the MSALs share it.
struct RefreshTokenEntity: Sendable, Hashable {
    var homeAccountID: String
    var environment: String
    var clientID: String
    var secret: Secret
    /// The family of applications that may all use it.
    var familyID: String?
    var assertionHash: String?
    /// The scopes it came with, which some MSALs write and none needs.
    var scopes: [String]?
    var modifiedAt: Date?
    var foreign = ForeignMembers()
}

/// An ID token as the MSALs share it.
struct IDTokenEntity: Sendable, Hashable {
    var homeAccountID: String
    var environment: String
    var clientID: String
    var realm: String
    var secret: Secret
    var assertionHash: String?
    var foreign = ForeignMembers()
}

/// An account in one tenant as the MSALs share it.
struct AccountEntity: Sendable, Hashable {
    var homeAccountID: String
    var environment: String
    var realm: String
    var localAccountID: String
    var username: String
    var name: String?
    var authorityType: String
    var foreign = ForeignMembers()
}

/// What is known about an application at a provider.
struct AppMetadataEntity: Sendable, Hashable {
    var clientID: String
    var environment: String
    /// The family it belongs to; nil when it belongs to none.
    var familyID: String?
    var foreign = ForeignMembers()
}
