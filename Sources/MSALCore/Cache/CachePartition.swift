// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the cache keeps, counts and gives up together; its shard's lock guards it.
class CachePartition {
    /// Its name among those of its kind.
    let name: String
    /// When somebody last found something in it.
    var lastUse: Date
    /// Where it stands in its shard.
    var position = 0
    /// How many bytes of it the totals count.
    var countedBytes = 0
    /// When it was last known to be what the store holds.
    var checkedAt = Date.distantPast

    /// A partition that was just used.
    init(name: String, at now: Date) {
        self.name = name
        lastUse = now
    }

    /// How many bytes it holds, about.
    var bytes: Int { 256 + name.utf8.count }

    /// Whether nothing of use is left in it.
    var isEmpty: Bool { true }

    /// Whether it holds changes that no store has taken yet.
    var isUnsaved: Bool { false }

    /// Takes out what has ended.
    func sweep(at now: Date) {}

    /// Takes out the half that ends first, where it can be split.
    func shrink() {}
}

/// The application's own tokens in one tenant.
final class ApplicationPartition: CachePartition {
    /// The tokens.
    var tokens = AccessTokenTable()

    override var bytes: Int { super.bytes + tokens.bytes }

    override var isEmpty: Bool { tokens.count == 0 }

    override func sweep(at now: Date) {
        tokens.sweep(at: now)
    }

    override func shrink() {
        _ = tokens.removeHalf()
    }
}

/// Everything of one user.
final class UserPartition: CachePartition {
    /// What the user has in the tenants they were seen in.
    var realms: [UserRealm] = []
    /// The refresh tokens, by provider and application or family.
    var refreshTokens: [CachedRefreshToken] = []
    /// The version of the store's partition that this one agrees with.
    var version: TokenVersion?
    /// Changes that the store has not taken yet.
    var unsaved = TokenChanges()

    override var bytes: Int {
        super.bytes + realms.reduce(0) { $0 + $1.bytes } + refreshTokens.reduce(0) { $0 + $1.bytes }
            + unsaved.put.reduce(0) { $0 + $1.value.count }
    }

    override var isEmpty: Bool {
        refreshTokens.isEmpty && realms.allSatisfy { $0.tokens.count == 0 }
    }

    override var isUnsaved: Bool { !unsaved.isEmpty }

    override func sweep(at now: Date) {
        for index in realms.indices { realms[index].tokens.sweep(at: now) }
    }

    /// The tenant of an account; nil for one the user was not seen in.
    func realm(environment: String, tenant: String) -> Int? {
        realms.firstIndex { $0.isNamed(environment: environment, tenant: tenant) }
    }
}

/// What a user has in one tenant.
struct UserRealm: Sendable {
    /// The user as that tenant knows them.
    var account: Account
    /// The last ID token; nil where none came.
    var idToken: Secret?
    /// Whether the ID token was validated here, and not brought by an import.
    var isIDTokenValidated = false
    /// Other names of the tenant that tokens were asked for under, such as its domain.
    var otherNames: [String] = []
    /// The access tokens.
    var tokens = AccessTokenTable()
    /// What other libraries keep about the account.
    var foreign = ForeignMembers()
    /// What kind of authority the account is of, as the shared schema calls it.
    var authorityType: String?

    /// How many bytes it holds, about.
    var bytes: Int {
        512 + (idToken?.byteCount ?? 0) + tokens.bytes + foreign.json.count
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
