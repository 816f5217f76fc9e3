// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// What makes two silent requests equal.
struct RefreshKey: Hashable, Sendable {
    var homeAccountID: String
    var tenant: TenantKey
    var scopes: ScopeSet
}

extension AuthenticationError {
    /// Whether the provider will never take the refresh token again.
    ///
    /// The platform answers `invalid_grant` for missing consent or a policy too, and then the token stays good for
    /// everything else.
    var endsRefreshToken: Bool {
        serverCode == "invalid_grant" && [nil, "", "bad_token", "token_expired"].contains(suberror)
    }
}

extension ConfidentialClientApplication {
    /// Acquires a token for somebody who signed in before, without asking them: from the cache, or with the refresh token.
    ///
    /// - Parameters:
    ///   - scopes: what the token must be good for, for one API. A cached token granted for more serves too.
    ///   - account: whose token.
    ///   - forceRefresh: passes over the access token in the cache, because the API refused it for example.
    /// - Returns: the token.
    /// - Throws: ``AuthenticationError``; `interactionRequired` when only a new sign-in helps.
    public func acquireTokenSilently(
        scopes: [String],
        account: Account,
        forceRefresh: Bool = false
    ) async throws -> AuthenticationResult {
        try Scopes.checkUserFlow(scopes)
        let asked = ScopeSet(scopes)
        if !forceRefresh, let (token, idToken) = cache.userToken(of: account, for: asked, at: time.now) {
            return AuthenticationResult(token, account, idToken, .cache, nil)
        }
        guard cache.refreshToken(of: account) != nil else {
            throw Self.signInNeeded
        }
        let wire = try Scopes.userFlow(scopes)
        let key = RefreshKey(homeAccountID: account.homeAccountID, tenant: TenantKey(account), scopes: asked)
        do {
            return try await refreshes.value(for: key) { [self] in
                try await refresh(account, wire)
            }
        } catch let error as AuthenticationError where error.kind == .transient || error.kind == .throttled {
            // A token about to end is better than none while the provider does not answer.
            guard
                !forceRefresh,
                let (token, idToken) = cache.userToken(of: account, for: asked, at: time.now, untilTheEnd: true)
            else { throw error }
            return AuthenticationResult(token, account, idToken, .cache, nil)
        }
    }

    private func refresh(_ account: Account, _ scopes: [String]) async throws -> AuthenticationResult {
        let correlationID = makeCorrelationID()
        let authority = configuration.authority
        let metadata = try await metadata(of: authority, correlationID)
        let offered = scopes.filter { !metadata.unofferedScopes(of: authority).contains($0) }
        // Read after the wait: another refresh may have replaced it meanwhile.
        guard let used = cache.refreshToken(of: account), let previous = cache.idToken(of: account) else {
            throw Self.signInNeeded
        }
        let answer: TokenResponse
        do {
            answer = try await redeem(
                .refresh(used, scopes: offered),
                at: metadata,
                of: authority,
                correlationID: correlationID
            )
        } catch let error as AuthenticationError where error.endsRefreshToken {
            cache.removeRefreshToken(used, of: account)
            // A refresh for other scopes was quicker, and the provider takes each refresh token once.
            guard cache.refreshToken(of: account) != nil else { throw error }
            return try await refresh(account, scopes)
        }
        let idToken: IDToken
        do {
            idToken = try await validated(answer, after: previous, metadata, authority, correlationID)
        } catch let error as AuthenticationError where error.kind == .transient || error.kind == .throttled {
            // Not validated for want of keys, so not handed out; but the former refresh token may be spent.
            if let new = answer.refreshToken { cache.replaceRefreshToken(used, by: new, of: account) }
            throw error
        }
        return keep(answer, idToken, account, asked: offered, refreshedWith: used, correlationID)
    }

    /// The ID token after a refresh: the new one, about the same person, or the former where none came.
    private func validated(
        _ answer: TokenResponse,
        after previous: IDToken,
        _ metadata: ProviderMetadata,
        _ authority: Authority,
        _ correlationID: String
    ) async throws -> IDToken {
        guard let token = answer.idToken else { return previous }
        let idToken = try await validator.validate(
            token,
            from: metadata,
            of: authority,
            expecting: .init(),
            correlationID: correlationID
        )
        // OpenID Connect Core §12.2, and what identifies a person at the platform.
        let (new, old) = (idToken.claims, previous.claims)
        guard
            new.issuer == old.issuer, new.subject == old.subject, new.objectID == old.objectID,
            new.tenantID == old.tenantID
        else {
            throw AuthenticationError(
                .rejectedToken,
                .subjectChanged,
                "The refreshed ID token is about another person; it was refused."
            )
        }
        return idToken
    }

    private static var signInNeeded: AuthenticationError {
        var error = AuthenticationError(
            .interactionRequired,
            .noTokenInCache,
            "Nothing is kept for the account that could serve. Sign in again."
        )
        error.interaction = .signIn
        return error
    }
}
