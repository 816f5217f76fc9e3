// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension ClientApplication {
    /// Acquires a token with a user name and a password (RFC 6749 §4.3).
    ///
    /// It trains people to give their password to programs, and fails for every account with a second factor, without a
    /// password or under a policy. OAuth 2.1 has no such grant. Use it for nothing but tests against a tenant of your own.
    ///
    /// Where the person's domain is federated, the platform says so (user realm), and the password goes to the domain's
    /// federation server (WS-Trust 1.3, or its draft of 2005), whose assertion is exchanged for the token (RFC 7522).
    ///
    /// - Parameters:
    ///   - username: the user name.
    ///   - password: the password.
    ///   - scopes: what the token must be good for, for one API.
    ///   - claims: a claims challenge that the token must meet, verbatim.
    ///   - options: what few requests need.
    /// - Returns: the access token, the account and the ID token.
    /// - Throws: ``AuthenticationError``, with the code `federation` where the federation server said no or cannot be used.
    @available(
        *,
        deprecated,
        message: "Sign people in with a browser or a device code: passwords belong to the provider."
    )
    public func acquireToken(
        username: String,
        password: Secret,
        scopes: [String],
        claims: String? = nil,
        options: RequestOptions? = nil
    ) async throws -> AuthenticationResult {
        try await acquireToken(byPassword: password, of: username, scopes, claims, options ?? RequestOptions())
    }

    /// The same, for those who know.
    func acquireToken(
        byPassword password: Secret,
        of username: String,
        _ scopes: [String],
        _ claims: String?,
        _ options: RequestOptions
    ) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        return try await instruments.acquiring(.usernamePassword, scopes, time) {
            let isolation = try isolation(of: options)
            let authority = configuration.authority
            try Scopes.checkUserFlow(scopes)
            try checkClaims(claims, options)
            guard !username.isEmpty, password.byteCount > 0 else {
                throw AuthenticationError(
                    .invalidCall,
                    .configurationInvalid,
                    "The user name or the password is empty."
                )
            }
            let call = call(.usernamePassword, nil, .userName(username), options: options)
            let metadata = try await metadata(of: authority, call.correlationID)
            let wanted = try Scopes.userFlow(scopes, excluding: metadata.unofferedScopes(of: authority))
            let request = try await passwordGrant(
                password,
                of: username,
                scopes: wanted,
                claims: claims,
                at: authority,
                call
            )
            let grant = PersonalGrant(
                request: request,
                scopes: wanted,
                isolation: isolation,
                tenantName: authority.tenant
            )
            return try await acquire(grant, at: metadata, of: authority, call, watch)
        }
    }
}
