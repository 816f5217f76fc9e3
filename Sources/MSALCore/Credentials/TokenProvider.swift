// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What a token provider of the application's own is asked for.
public struct TokenProviderRequest: Sendable, Hashable {
    /// What the token must be good for.
    public var scopes: [String]
    /// The tenant, as the caller named it.
    public var tenant: String
    /// A claims challenge that the token must meet, verbatim.
    public var claims: String?
    /// The identifier of the call, for logs.
    public var correlationID: String

    /// Creates a request, as tests of a provider do.
    public init(scopes: [String], tenant: String, claims: String? = nil, correlationID: String) {
        self.scopes = scopes
        self.tenant = tenant
        self.claims = claims
        self.correlationID = correlationID
    }
}

/// What a token provider of the application's own answers.
public struct ProvidedToken: Sendable, Hashable {
    /// The token.
    public var accessToken: Secret
    /// How long it lives from now on.
    public var lifetime: Duration
    /// After how long it is to be renewed in the background; nil to leave that to its end.
    public var refreshIn: Duration?

    /// Creates an answer.
    public init(accessToken: Secret, lifetime: Duration, refreshIn: Duration? = nil) {
        self.accessToken = accessToken
        self.lifetime = lifetime
        self.refreshIn = refreshIn
    }
}

/// Where an application's own tokens come from, in place of the provider: from a sidecar or another library for example.
///
/// The cache, the renewal ahead of an end and the single flight stand in front of it as they do in front of the provider.
public typealias TokenProvider = @Sendable (TokenProviderRequest) async throws -> ProvidedToken

extension TokenResponse {
    /// The answer of a token provider, held to the same rules as one of the token endpoint.
    ///
    /// - Throws: ``AuthenticationError`` with the code `accessTokenMissing` or `malformedDocument`.
    init(_ provided: ProvidedToken) throws(AuthenticationError) {
        guard provided.accessToken.byteCount > 0 else {
            throw AuthenticationError(
                .rejectedResponse,
                .accessTokenMissing,
                "The application's own token provider answered with an empty token."
            )
        }
        guard provided.lifetime > .zero, provided.refreshIn.map({ $0 > .zero && $0 < provided.lifetime }) ?? true else {
            throw AuthenticationError(
                .rejectedResponse,
                .malformedDocument,
                "The application's own token provider answered with a lifetime that is none: it must be more than zero, and "
                    + "more than the time to the renewal."
            )
        }
        self.init(accessToken: provided.accessToken, lifetime: provided.lifetime, refreshIn: provided.refreshIn)
    }
}
