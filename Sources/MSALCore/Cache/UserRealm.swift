// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a user has in one tenant.
struct UserRealm: Sendable {
    /// The user as that tenant knows them, with the last ID token.
    private(set) var account: Account
    /// Other names of the tenant that tokens were asked for under, such as its domain.
    var otherNames: [String] = []
    /// The access tokens.
    var tokens = AccessTokenTable()
    /// What other libraries keep about the account.
    var foreign = ForeignMembers()
    /// What kind of authority the account is of, as the shared schema calls it; nil for the platform's own.
    var authorityType: String?

    /// The realm of an account of which nothing else is known.
    init(account: Account) {
        self.account = account
    }

    /// The last ID token; nil where none came.
    var idToken: Secret? { account.record.idToken }

    /// Whether the ID token was validated here, and not brought by an import.
    var isIDTokenValidated: Bool { account.record.isIDTokenValidated }

    /// Takes in what is known of the account now, and keeps the ID token there is.
    mutating func keep(_ account: Account) {
        self.account = Account(account, idToken: idToken, isValidated: isIDTokenValidated)
    }

    /// Takes in the account with a new ID token.
    mutating func keep(_ account: Account, idToken: Secret, isValidated: Bool) {
        self.account = Account(account, idToken: idToken, isValidated: isValidated)
    }

    /// How many bytes it holds, about.
    var bytes: Int {
        384 + (idToken?.byteCount ?? 0) + tokens.bytes + foreign.json.count
    }

    /// Whether a provider and tenant mean this one: aliases of a cloud are one, case does not count.
    func isNamed(environment: String, tenant: String) -> Bool {
        guard account.environment == environment || Cloud.areAliases(account.environment, environment) else {
            return false
        }
        return account.tenantID == tenant || account.tenantID.lowercased() == tenant.lowercased()
            || otherNames.contains(tenant.lowercased())
    }
}

/// A refresh token as the cache keeps it.
struct CachedRefreshToken: Sendable, Hashable {
    var secret: Secret
    /// The provider's host.
    var environment: String
    /// The application it was issued to.
    var clientID: String
    /// The family of applications that may use it.
    var familyID: String?
    var modifiedAt: Date
    var foreign = ForeignMembers()

    /// How many bytes it holds, about.
    var bytes: Int { 160 + secret.byteCount + foreign.json.count }
}
