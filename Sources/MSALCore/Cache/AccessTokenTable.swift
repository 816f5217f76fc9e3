// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An access token as the cache keeps it.
struct CachedAccessToken: Sendable {
    var token: Secret
    var tokenType: String
    /// What it is good for, as granted.
    var scopes: [String]
    var expiresOn: Date
    /// A token this close to its end is renewed first: it could end on its way.
    var expirySlack: TimeInterval

    /// Whether it can be handed out without renewing it first, or, for want of a better one, until its very end.
    func isUsable(at now: Date, untilTheEnd: Bool = false) -> Bool {
        expiresOn.timeIntervalSince(now) > (untilTheEnd ? 0 : expirySlack)
    }
}

extension CachedAccessToken {
    /// The token of an answer.
    ///
    /// The slack is five minutes, and a quarter of the life of tokens that live shorter than twenty.
    init(_ answer: TokenResponse, askedFor scopes: [String], at now: Date) {
        token = answer.accessToken
        tokenType = "Bearer"
        self.scopes = answer.scopes ?? scopes
        expiresOn = now.adding(answer.lifetime)
        expirySlack = min(300, answer.lifetime.inSeconds / 4)
    }
}

/// The access tokens of one user in one tenant, or of the application in one tenant.
///
/// A token is found by what was asked for in one step, and by any part of what was granted through an index by scope,
/// whatever else the table holds.
struct AccessTokenTable: Sendable {
    private var tokens: [ScopeSet: CachedAccessToken] = [:]
    /// What was asked for before, and under which grant its answer is kept.
    private var answers: [ScopeSet: ScopeSet] = [:]
    private var grantsByScope: [String: Set<ScopeSet>] = [:]

    /// How many tokens the table holds.
    var count: Int { tokens.count }

    /// The token that serves a request; nil when none does, or the one that does is about to end.
    ///
    /// A request for no scope is served by the answer to such a request alone: any other token may be for another API.
    func token(for asked: ScopeSet, at now: Date, untilTheEnd: Bool = false) -> CachedAccessToken? {
        if let grant = answers[asked], let token = tokens[grant], token.isUsable(at: now, untilTheEnd: untilTheEnd) {
            return token
        }
        // The candidates of the scope that the fewest grants hold; each holds all scopes asked for, or is passed over.
        var candidates: Set<ScopeSet>?
        for scope in asked.members {
            guard let grants = grantsByScope[scope] else { return nil }
            if grants.count < candidates?.count ?? .max { candidates = grants }
        }
        guard let candidates else { return nil }
        return candidates.lazy
            .filter { grant in asked.members.allSatisfy { grantsByScope[$0]?.contains(grant) == true } }
            .compactMap { tokens[$0] }
            .filter { $0.isUsable(at: now, untilTheEnd: untilTheEnd) }
            .max { $0.expiresOn < $1.expiresOn }
    }

    /// Keeps a token, and drops those it makes useless: the ended, and those whose grant is part of its own.
    mutating func insert(_ token: CachedAccessToken, askedFor asked: ScopeSet, at now: Date) {
        let grant = ScopeSet(token.scopes)
        let scopes = Set(grant.members)
        let useless = tokens.filter { other, kept in
            !kept.isUsable(at: now, untilTheEnd: true) || (other != grant && scopes.isSuperset(of: other.members))
        }
        useless.keys.forEach { remove($0) }
        tokens[grant] = token
        answers[asked] = grant
        for scope in grant.members {
            grantsByScope[scope, default: []].insert(grant)
        }
    }

    private mutating func remove(_ grant: ScopeSet) {
        tokens[grant] = nil
        answers = answers.filter { $0.value != grant }
        for scope in grant.members {
            grantsByScope[scope]?.remove(grant)
            if grantsByScope[scope]?.isEmpty == true { grantsByScope[scope] = nil }
        }
    }
}
