// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension ClientApplication {
    /// Takes in a refresh token from elsewhere: redeems it, and keeps what comes like after a sign-in.
    ///
    /// It is meant for moving from another library whose cache ``importCache(_:)`` cannot read. The token must be this
    /// application's.
    ///
    /// - Parameters:
    ///   - refreshToken: the token.
    ///   - scopes: what the access token must be good for, for one API.
    ///   - options: what few requests need.
    /// - Returns: the access token, the account and the ID token.
    /// - Throws: ``AuthenticationError``; `interactionRequired` when the provider no longer takes the token.
    public func acquireToken(
        byRefreshToken refreshToken: Secret,
        scopes: [String],
        options: RequestOptions? = nil
    ) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        return try await instruments.acquiring(.refreshToken, scopes, time) {
            let isolation = try isolation(of: options)
            let authority = configuration.authority
            try Scopes.checkUserFlow(scopes)
            let call = call(.refreshToken, options: options ?? RequestOptions())
            let metadata = try await metadata(of: authority, call.correlationID)
            let wanted = try Scopes.userFlow(scopes, excluding: metadata.unofferedScopes(of: authority))
            let grant = PersonalGrant(
                request: .refresh(refreshToken, scopes: wanted, at: authority.kind),
                scopes: wanted,
                acceptsClientInfo: true,
                isolation: isolation,
                tenantName: authority.tenant
            )
            // Carried through even if the caller has left: its answer may hold the only token that is still good.
            return try await shielded { [self] in
                try await acquire(grant, at: metadata, of: authority, call, watch)
            }
        }
    }
}
