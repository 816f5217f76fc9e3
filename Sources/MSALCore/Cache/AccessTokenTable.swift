// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The access tokens of one user in one tenant, or of the application in one tenant.
///
/// A few tokens are looked through, which is quicker than any index; many are found through one by scope, so that the
/// cost of a look-up does not depend on how many there are.
struct AccessTokenTable: Sendable {
    /// The tokens, while they are few.
    private var few: [CachedAccessToken] = []
    /// The tokens, when they are many.
    private var many: AccessTokenIndex?
    /// The earliest end of a token; nothing is swept before.
    private var earliestEnd = Date.distantFuture
    /// How many bytes the tokens hold, about.
    private(set) var bytes = 0

    /// Up to how many tokens are looked through.
    static let indexThreshold = 8

    /// How many tokens there are.
    var count: Int { many?.count ?? few.count }

    /// All tokens, in no order.
    var all: [CachedAccessToken] { many?.all ?? few }

    /// The token that serves a request and ends last; whether it is usable is for the caller to see.
    func token(for wanted: [String]) -> CachedAccessToken? {
        if let many { return many.token(for: wanted) }
        var best: CachedAccessToken?
        for token in few where token.serves(wanted) {
            if let other = best, other.expiresOn >= token.expiresOn { continue }
            best = token
        }
        return best
    }

    /// Keeps a token.
    ///
    /// It takes the place of one with an equal grant, and of those whose grant is part of its own.
    ///
    /// - Returns: the tokens that went.
    @discardableResult
    mutating func insert(_ token: CachedAccessToken, at now: Date) -> [CachedAccessToken] {
        let replaced = now > earliestEnd ? sweep(at: now) : []
        let superseded = many?.superseded(by: token) ?? few.filter { token.supersedes($0) }
        superseded.forEach { remove($0) }
        if many == nil, few.count >= Self.indexThreshold {
            many = AccessTokenIndex(few)
            few = []
        }
        if many != nil {
            many?.insert(token)
        } else {
            few.append(token)
        }
        bytes += token.bytes
        earliestEnd = min(earliestEnd, token.endsOn)
        return replaced + superseded
    }

    /// Takes out the tokens that are of no use any more.
    ///
    /// - Returns: the tokens that went.
    @discardableResult
    mutating func sweep(at now: Date) -> [CachedAccessToken] {
        let ended = all.filter { !$0.isUsable(at: now, .extended) }
        ended.forEach { remove($0) }
        // At the earliest in a minute: a table whose tokens end one after another is not gone through for each.
        let next = all.lazy.map(\.endsOn).min() ?? .distantFuture
        earliestEnd = max(next, now.addingTimeInterval(60))
        return ended
    }

    /// Takes out the half of the tokens that end first.
    mutating func removeHalf() -> [CachedAccessToken] {
        let first = Array(all.sorted { $0.expiresOn < $1.expiresOn }.prefix((count + 1) / 2))
        first.forEach { remove($0) }
        return first
    }

    private mutating func remove(_ token: CachedAccessToken) {
        if many != nil {
            many?.remove(token)
        } else {
            few.removeAll { $0 === token }
        }
        bytes -= token.bytes
    }
}

extension CachedAccessToken {
    /// Whether another token is useless beside this one: it is for the same, or for a part of it.
    func supersedes(_ other: CachedAccessToken) -> Bool {
        if let asked = other.asked, asked != self.asked, !(grant.holds(asked.members) && !asked.members.isEmpty) {
            return false
        }
        return grant.holds(other.grant.members)
    }
}
