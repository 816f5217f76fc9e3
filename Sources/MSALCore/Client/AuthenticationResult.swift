// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A token, and where it came from.
public struct AuthenticationResult: Sendable {
    /// The token as the cache keeps it: one reference, where copies of all its parts would make a hit slow.
    private let token: CachedAccessToken

    /// Until when it may be used, where that is not its own end.
    private let end: Date?

    /// The access token, opaque to its client: do not read claims out of it.
    public var accessToken: Secret { token.secret }

    /// How the token is presented: `Bearer`, or as what it was bound by (``RequestOptions/binding``) `pop` or `mtls_pop`.
    public var tokenType: String { token.tokenType }

    /// When the token ends.
    public var expiresOn: Date { end ?? token.expiresOn }

    /// When the provider wants the token renewed, which happens by itself; nil where it did not say.
    public var refreshOn: Date? { token.refreshOn }

    /// What the token is good for, as granted.
    public var scopes: [String] { token.scopes }

    /// Whose token it is; nil for a token of the application itself.
    public let account: Account?

    /// The tenant that issued the token, as far as it is known: a GUID, or the name it was asked for under; empty for
    /// providers without tenants.
    public let tenantID: String

    /// The ID token of the sign-in or of its last refresh, validated; nil for a token of the application itself, and for
    /// an account that was imported and not refreshed yet.
    public let idToken: IDToken?

    /// Where the token came from.
    public let source: Source

    /// Why the provider was asked; nil where it was not, and for a sign-in.
    ///
    /// With ``Source-swift.enum/cache`` and ``RefreshReason/proactive`` this call had the token renewed in the background.
    public let refreshReason: RefreshReason?

    /// The identifier under which the provider logged the request; nil for a token from the cache.
    public let correlationID: String?

    /// How long the call took.
    public private(set) var durations: Durations

    /// The value of the `Authorization` field that presents the token; a secret, since it holds the token.
    ///
    /// A token that is bound to a key (`pop`) is presented by ``ProofOfPossession/authorization(for:accessToken:nonce:at:)``
    /// instead.
    public var authorizationHeader: String { "\(tokenType) \(accessToken.reveal())" }

    /// Where a token can come from.
    @nonexhaustive
    public enum Source: Sendable, Hashable {
        /// It was at hand, in memory or in the token store.
        case cache
        /// The provider issued it for this call.
        case identityProvider
    }

    /// Why the provider is asked for a new token.
    @nonexhaustive
    public enum RefreshReason: Sendable, Hashable {
        /// The caller wanted a new one.
        case forced
        /// The caller brought claims that the token in the cache does not meet.
        case claims
        /// No token in the cache serves the request.
        case noToken
        /// The token in the cache has ended or is about to.
        case expired
        /// The provider wants the token renewed ahead of its end.
        case proactive
    }

    /// How long a call took, and what with.
    public struct Durations: Sendable, Hashable {
        /// All of it.
        public var total: Duration
        /// Looking into memory and the token store, and waiting for whoever renewed the same tokens.
        public var cache: Duration
        /// Talking to the provider.
        public var http: Duration
    }
}

extension AuthenticationResult: CustomStringConvertible {
    /// Source, scopes and expiry; nothing secret.
    public var description: String {
        "AuthenticationResult(\(source), scopes: \(scopes.joined(separator: " ")), expires: \(expiresOn))"
    }
}

extension AuthenticationResult {
    /// Makes a result of a token as the cache keeps it.
    ///
    /// - Parameters:
    ///   - token: the token.
    ///   - end: until when it may be used; its own end unless told otherwise.
    ///   - holder: whose it is; nil for the application itself.
    ///   - tenantID: the tenant that issued it.
    ///   - idToken: the ID token beside it.
    ///   - source: where it came from.
    ///   - reason: why the provider was asked.
    ///   - correlationID: the request at the provider.
    ///   - durations: how long the call took.
    init(
        _ token: CachedAccessToken,
        until end: Date? = nil,
        of holder: Account?,
        in tenantID: String,
        _ idToken: IDToken?,
        _ source: Source,
        _ reason: RefreshReason? = nil,
        correlationID: String? = nil,
        _ durations: Durations
    ) {
        self.token = token
        self.end = end
        account = holder
        self.tenantID = tenantID
        self.idToken = idToken
        self.source = source
        refreshReason = reason
        self.correlationID = correlationID
        self.durations = durations
    }

    /// The same result as a call that joined another one's flight sees it: it waited as long as it did.
    func after(_ total: Duration) -> AuthenticationResult {
        var result = self
        result.durations = Durations(total: total, cache: max(.zero, total - durations.http), http: durations.http)
        return result
    }
}
