// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ClientApplication {
    /// Acquires a token for somebody who signed in before, without asking them: from the cache, or with the refresh token.
    ///
    /// A token that the provider wants renewed ahead of its end is handed out at once and renewed in the background.
    /// Equal calls at the same time share one request, and the tokens of one person are renewed one after another, on
    /// all machines that share a store. While the provider is down, a token in the cache serves to its very end, and
    /// beyond for as long as the provider granted for that case.
    ///
    /// - Parameters:
    ///   - scopes: what the token must be good for, for one API. A cached token granted for more serves too; case does
    ///     not count.
    ///   - account: whose token.
    ///   - tenant: another tenant than the account's, by GUID or domain; the person must be known there.
    ///   - forceRefresh: passes over the access token in the cache, because the API refused it for example.
    ///   - claims: a claims challenge of the API, verbatim; the access token in the cache is passed over then.
    ///   - options: what few requests need.
    /// - Returns: the token.
    /// - Throws: ``AuthenticationError``; `interactionRequired` when only a new sign-in helps.
    public func acquireTokenSilently(
        scopes: [String],
        account: Account,
        tenant: String? = nil,
        forceRefresh: Bool = false,
        claims: String? = nil,
        options: RequestOptions? = nil
    ) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        let now = time.now
        let place = tenant ?? account.tenantID
        let isolation = try isolation(of: options)
        let found = cache.userToken(of: account, in: place, for: scopes, isolation: isolation, at: now)
        if !forceRefresh, claims == nil, let found, found.token.isUsable(at: now) {
            let reason = keepFresh(found, account, place, scopes, options, at: now)
            telemetry.noteHit(found.token)
            let result = result(found, reason, Self.atHand(watch.elapsed))
            if instruments.watchesHits { instruments.noteHit(.silent, result, found.token, scopes, at: now) }
            return result
        }
        let request = SilentRequest(
            account: account,
            tenant: place,
            scopes: scopes,
            claims: claims,
            reason: forceRefresh ? .forced : claims != nil ? .claims : found == nil ? .noToken : .expired,
            newerThan: now,
            isolation: isolation,
            options: options ?? RequestOptions()
        )
        return try await instruments.acquiring(.silent, scopes, time) { try await acquire(request, watch) }
    }

    /// Acquires a token that is not at hand, with all who want the same; while the provider is down one that ends later.
    private func acquire(_ request: SilentRequest, _ watch: Stopwatch) async throws -> AuthenticationResult {
        try Scopes.checkUserFlow(request.scopes)
        try checkClaims(request.claims, request.options)
        do {
            let answer = try await refreshes.value(for: request.key) { [self] in try await renew(request) }
            return answer.after(watch.elapsed)
        } catch let error as AuthenticationError where error.isOutage && !request.wantsNewToken {
            guard let result = outageResult(request, watch) else { throw error }
            return result
        }
    }

    /// A token that serves while the provider is down: to its very end, or as long as the provider granted for that case.
    private func outageResult(_ request: SilentRequest, _ watch: Stopwatch) -> AuthenticationResult? {
        let now = time.now
        guard
            let found = cache.userToken(
                of: request.account,
                in: request.tenant,
                for: request.scopes,
                isolation: request.isolation,
                at: now
            ),
            found.token.isUsable(at: now, .extended)
        else { return nil }
        return result(
            found,
            nil,
            Self.atHand(watch.elapsed),
            until: now < found.token.expiresOn ? nil : found.token.endsOn
        )
    }

    /// The result for a token in the cache.
    func result(
        _ found: UserToken,
        _ reason: AuthenticationResult.RefreshReason?,
        _ durations: AuthenticationResult.Durations,
        until end: Date? = nil
    ) -> AuthenticationResult {
        AuthenticationResult(
            found.token,
            until: end,
            of: found.account,
            in: found.account.tenantID,
            IDToken(of: found.account),
            .cache,
            reason,
            durations
        )
    }

    /// The durations of a call that found what it wanted.
    static func atHand(_ total: Duration) -> AuthenticationResult.Durations {
        AuthenticationResult.Durations(total: total, cache: total, http: .zero)
    }

    // MARK: In the background

    /// Has a token renewed that the provider wants renewed, and memory compared with the store, if it is time for either.
    ///
    /// - Returns: the reason if this call had the token renewed.
    private func keepFresh(
        _ found: UserToken,
        _ account: Account,
        _ tenant: String,
        _ scopes: [String],
        _ options: RequestOptions?,
        at now: Date
    ) -> AuthenticationResult.RefreshReason? {
        if let vault = vault(of: account), now.seconds(since: found.checkedAt) > vault.settings.memoryLifetime.inSeconds
        {
            reloadInBackground(account.partition)
        }
        guard found.token.isDueForRefresh(at: now), found.token.claimRefresh(at: now) else { return nil }
        var options = options ?? RequestOptions()
        // It named the call that has its token already.
        options.correlationID = nil
        let request = SilentRequest(
            account: account,
            tenant: tenant,
            scopes: scopes,
            reason: .proactive,
            newerThan: found.token.cachedAt,
            isolation: found.token.isolation,
            options: options
        )
        refreshes.start(for: request.key) { [self] in
            do {
                let answer = try await instruments.acquiring(.silent, scopes, time) { try await renew(request) }
                report(BackgroundRefresh(account: account, tenantID: tenant, scopes: scopes, error: nil))
                return answer
            } catch {
                report(BackgroundRefresh(account: account, tenantID: tenant, scopes: scopes, error: error))
                throw error
            }
        }
        return .proactive
    }

    /// Compares a user's tokens in memory with those in the store.
    private func reloadInBackground(_ homeAccountID: String) {
        reloads.start(for: homeAccountID) { [self] in
            try await turnstile.inTurn(homeAccountID) {
                _ = try await vault?.load(homeAccountID, at: time.now)
            }
        }
    }
}

extension AuthenticationError {
    /// Whether the provider, or the way to it, has a fault that will pass.
    var isOutage: Bool {
        kind == .transient || kind == .throttled
    }

    /// Whether the provider will never take the refresh token again.
    ///
    /// The platform answers `invalid_grant` for missing consent or a policy too, and then the token stays good for
    /// everything else.
    var endsRefreshToken: Bool {
        serverCode == "invalid_grant" && [nil, "", "bad_token", "token_expired"].contains(suberror)
    }
}
