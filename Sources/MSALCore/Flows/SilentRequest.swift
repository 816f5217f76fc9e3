// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What somebody wants silently; equal ones in flight share one answer.
struct SilentRequest: Sendable {
    /// Whose token.
    var account: Account
    /// In which tenant.
    var tenant: String
    /// What it must be good for, as asked.
    var scopes: [String]
    /// The claims challenge that the token in the cache does not meet.
    var claims: String?
    /// Why the provider is asked.
    var reason: AuthenticationResult.RefreshReason
    /// Tokens that were issued later than this serve the request, even where the caller wants a new one.
    var newerThan: Date
    /// What keeps the token apart from others.
    var isolation: String?
    /// What few requests need.
    var options = RequestOptions()

    /// Whether a token that was in the cache before does not do.
    var wantsNewToken: Bool {
        switch reason {
        case .forced, .claims, .proactive: true
        case .noToken, .expired: false
        }
    }

    /// What makes two requests equal.
    struct Key: Hashable, Sendable {
        var partition: String
        var environment: String
        var tenant: String
        var scopes: ScopeSet
        var claims: String?
        var isolation: String?
        var isForced: Bool
    }

    /// The key under which equal requests meet; one in the background serves those who come to wait for it.
    var key: Key {
        Key(
            partition: account.partition,
            environment: Cloud.canonical(account.environment),
            tenant: tenant.lowercased(),
            scopes: ScopeSet(scopes),
            claims: claims,
            isolation: isolation,
            isForced: reason == .forced
        )
    }

    /// Whether a token serves the request now.
    ///
    /// None serves a request with claims: nobody knows which claims it meets.
    func isServed(by token: CachedAccessToken, at now: Date) -> Bool {
        claims == nil && token.isUsable(at: now) && (!wantsNewToken || token.cachedAt > newerThan)
    }
}
