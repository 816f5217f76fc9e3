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
    /// A token, with what the question for exactly its grant is recognised by beside it: a look at the others costs no look
    /// into memory that is far away.
    private struct Slot: Sendable {
        var fingerprint: UInt64
        var token: CachedAccessToken
    }

    /// The tokens, while they are few.
    private var few = OneOrMany<Slot>()
    /// The index of the tokens when they are many, else none: an array is a box that is empty at no cost.
    private var many: [AccessTokenIndex] = []
    /// The earliest end of a token; nothing is swept before.
    private var earliestEnd = Date.distantFuture
    /// How many bytes the tokens hold, about.
    private(set) var bytes = 0

    /// Up to how many tokens are looked through.
    static let indexThreshold = 16

    /// How many tokens there are.
    var count: Int { many.first?.count ?? few.count }

    /// All tokens, in no order.
    var all: [CachedAccessToken] { many.first?.all ?? few.map(\.token) }

    /// The token that serves a request: a usable one if there is any, else the one that ends last.
    ///
    /// - Parameters:
    ///   - wanted: what it must be good for.
    ///   - isolation: what keeps the request apart from others; nil for an ordinary one.
    ///   - now: the time.
    /// - Returns: the token.
    func token(for wanted: [String], isolation: String? = nil, at now: Date) -> CachedAccessToken? {
        let fingerprint = ScopeSet.fingerprint(of: wanted)
        if !many.isEmpty { return many[0].token(for: wanted, fingerprint, isolation: isolation, at: now) }
        let exact = few.first(thatIs: {
            $0.fingerprint == fingerprint && $0.token.isKeptApart(by: isolation) && $0.token.serves(wanted)
                && $0.token.isUsable(at: now)
        })
        if let exact { return exact.token }
        var best: CachedAccessToken?
        for slot in few where slot.token.isKeptApart(by: isolation) && slot.token.serves(wanted) {
            if let other = best, other.expiresOn >= slot.token.expiresOn { continue }
            best = slot.token
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
        let superseded = many.first?.superseded(by: token) ?? few.map(\.token).filter { token.supersedes($0) }
        superseded.forEach { remove($0) }
        if many.isEmpty, few.count >= Self.indexThreshold {
            many = [AccessTokenIndex(few.map(\.token))]
            few = OneOrMany()
        }
        if !many.isEmpty {
            many[0].insert(token)
        } else {
            few.append(Slot(fingerprint: token.grant.fingerprint, token: token))
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
        if !many.isEmpty {
            many[0].remove(token)
        } else {
            few.removeAll { $0.token === token }
        }
        bytes -= token.bytes
    }
}

extension CachedAccessToken {
    /// Whether another token is useless beside this one: it is for the same, or for a part of it.
    func supersedes(_ other: CachedAccessToken) -> Bool {
        guard other.isKeptApart(by: isolation) else { return false }
        if let asked = other.asked, asked != self.asked, !(grant.holds(asked.members) && !asked.members.isEmpty) {
            return false
        }
        return grant.holds(other.grant.members)
    }
}
