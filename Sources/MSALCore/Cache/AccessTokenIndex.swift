// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Many access tokens, with an index by scope.
struct AccessTokenIndex: Sendable {
    private var tokens: [ObjectIdentifier: CachedAccessToken] = [:]
    /// The newest token for exactly a grant, by what the question for it is recognised by.
    private var exact: [UInt64: CachedAccessToken] = [:]
    private var byScope: [String: [CachedAccessToken]] = [:]
    /// Tokens by what was asked for, where it is called otherwise than what was granted.
    private var byRequest: [Request: CachedAccessToken] = [:]

    /// What was asked for, and what keeps it apart.
    private struct Request: Hashable, Sendable {
        var scopes: ScopeSet
        var isolation: String?
    }

    /// An index of some tokens.
    init(_ tokens: [CachedAccessToken]) {
        tokens.forEach { insert($0) }
    }

    /// How many tokens there are.
    var count: Int { tokens.count }

    /// All tokens, in no order.
    var all: [CachedAccessToken] { Array(tokens.values) }

    /// The token that serves a request: a usable one if there is any, else the one that ends last.
    func token(
        for wanted: [String],
        _ fingerprint: UInt64,
        isolation: String?,
        at now: Date
    ) -> CachedAccessToken? {
        if let token = exact[fingerprint], token.isKeptApart(by: isolation), token.serves(wanted),
            token.isUsable(at: now)
        {
            return token
        }
        var best = byRequest.isEmpty ? nil : byRequest[Request(scopes: ScopeSet(wanted), isolation: isolation)]
        for token in candidates(for: wanted) ?? [] where token.isKeptApart(by: isolation) && token.grant.holds(wanted) {
            if let other = best, other.expiresOn >= token.expiresOn { continue }
            best = token
        }
        return best
    }

    /// The tokens that are useless beside another one.
    func superseded(by token: CachedAccessToken) -> [CachedAccessToken] {
        // Each useless one shares a scope with it; past a few of them, being tidy costs more than it saves.
        let sharing = token.grant.members.compactMap { byScope[$0] }.filter { $0.count <= 64 }.joined()
        var found: [ObjectIdentifier: CachedAccessToken] = [:]
        for other in sharing where token.supersedes(other) { found[ObjectIdentifier(other)] = other }
        if let asked = request(of: token), let other = byRequest[asked], token.supersedes(other) {
            found[ObjectIdentifier(other)] = other
        }
        return Array(found.values)
    }

    /// Adds a token.
    mutating func insert(_ token: CachedAccessToken) {
        tokens[ObjectIdentifier(token)] = token
        exact[token.grant.fingerprint] = token
        for scope in token.grant.members { byScope[scope, default: []].append(token) }
        if let asked = request(of: token) { byRequest[asked] = token }
    }

    /// Takes a token out.
    mutating func remove(_ token: CachedAccessToken) {
        tokens[ObjectIdentifier(token)] = nil
        if exact[token.grant.fingerprint] === token { exact[token.grant.fingerprint] = nil }
        for scope in token.grant.members {
            byScope[scope]?.removeAll { $0 === token }
            if byScope[scope]?.isEmpty == true { byScope[scope] = nil }
        }
        if let asked = request(of: token), byRequest[asked] === token { byRequest[asked] = nil }
    }

    /// What a token was asked for, where the grant is called something else.
    private func request(of token: CachedAccessToken) -> Request? {
        token.asked.map { Request(scopes: $0, isolation: token.isolation) }
    }

    /// The tokens of the scope that the fewest grants hold; nil for no scope, or one that no grant holds.
    private func candidates(for wanted: [String]) -> [CachedAccessToken]? {
        var fewest: [CachedAccessToken]?
        for scope in wanted {
            guard let holding = byScope[scope.asciiLowercased] else { return nil }
            if holding.count < fewest?.count ?? .max { fewest = holding }
        }
        return fewest
    }
}
