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

    /// Notes that it was used, to the second: whoever writes what others read makes them wait.
    func touch(at now: Date) {
        let age = now.timeIntervalSince(lastUse)
        if age >= 1 || age < 0 { lastUse = now }
    }

    /// How many bytes it holds, about.
    var bytes: Int { 256 + name.utf8.count }

    /// Whether nothing of use is left in it.
    var isEmpty: Bool { true }

    /// Whether it holds changes that no store has taken yet, or waits for what a refresh brings: it is not given up then.
    var isHeld: Bool { false }

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
    /// Where it stands among all: the beginning of its name as a number.
    let order: UInt64
    /// What the user has in the tenants they were seen in.
    var realms = OneOrMany<RealmBox>()
    /// The refresh tokens, by provider and application or family.
    var refreshTokens = OneOrMany<CachedRefreshToken>()
    /// The version of the store's partition that this one agrees with.
    var version: TokenVersion?
    /// Changes that the store has not taken yet.
    var unsaved = TokenChanges()
    /// How many refreshes are under way.
    var refreshCount = 0

    /// Whether it holds what was acquired on behalf of a caller, which is no account of anybody's.
    var isOnBehalf: Bool { order == OnBehalf.order && OnBehalf.isPartition(name) }

    override init(name: String, at now: Date) {
        order = name.bigEndianPrefix
        super.init(name: name, at: now)
    }

    override var bytes: Int {
        super.bytes + realms.reduce(0) { $0 + $1.value.bytes } + refreshTokens.reduce(0) { $0 + $1.bytes }
            + unsaved.put.reduce(0) { $0 + $1.value.count }
    }

    override var isEmpty: Bool {
        refreshTokens.isEmpty && realms.allSatisfy { $0.value.tokens.count == 0 }
    }

    override var isHeld: Bool { !unsaved.isEmpty || refreshCount > 0 }

    override func sweep(at now: Date) {
        for realm in realms { realm.value.tokens.sweep(at: now) }
    }

    /// The tenant of an account; nil for one the user was not seen in.
    func realm(environment: String, tenant: String) -> RealmBox? {
        realms.first(thatIs: { $0.value.isNamed(environment: environment, tenant: tenant) })
    }
}

/// Holds what a user has in one tenant where it is changed and looked into without being copied.
final class RealmBox {
    /// What the user has.
    var value: UserRealm

    /// A box of its own for a value.
    init(_ value: UserRealm) {
        self.value = value
    }
}
