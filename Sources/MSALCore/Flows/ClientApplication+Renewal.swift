// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ClientApplication {
    /// Renews a person's token, in the person's turn: in this process, and by a lease among all that share the store.
    func renew(_ request: SilentRequest) async throws -> AuthenticationResult {
        let watch = Stopwatch()
        let homeAccountID = request.account.partition
        return try await turnstile.inTurn(homeAccountID) {
            hold(homeAccountID)
            defer { release(homeAccountID) }
            if let result = try await atHand(request, watch) { return result }
            guard !cache.refreshTokens(of: request.account).isEmpty else { throw Self.signInNeeded }
            guard let vault = vault(of: request.account) else { return try await redeem(request, watch) }
            // Before the lease is taken, so that it is not used up by asking where to go.
            _ = try await metadata(of: try await authority(of: request), makeCorrelationID())
            if let result = try await waitForLease(vault, request, watch) { return result }
            let result: Result<AuthenticationResult, any Error>
            do {
                // Whoever had the lease before may have brought what is wanted.
                if let atHand = try await atHand(request, watch) {
                    result = .success(atHand)
                } else {
                    result = .success(try await redeem(request, watch))
                }
            } catch {
                result = .failure(error)
            }
            try await shielded { [self] in await vault.releaseLease(on: homeAccountID, as: leaseHolder) }
            return try result.get()
        }
    }

    /// What serves a request after all, once the store was asked: another request or another machine was quicker.
    func atHand(_ request: SilentRequest, _ watch: Stopwatch) async throws -> AuthenticationResult? {
        let now = time.now
        try await vault(of: request.account)?.load(request.account.partition, at: now)
        guard
            let found = cache.userToken(
                of: request.account,
                in: request.tenant,
                for: request.scopes,
                isolation: request.isolation,
                at: now
            ),
            request.isServed(by: found.token, at: now)
        else { return nil }
        return result(found, nil, Self.atHand(watch.elapsed))
    }

    /// Redeems the refresh token and keeps what comes.
    ///
    /// Once begun it is carried through even if everybody who waited has left: its answer may hold the only refresh token
    /// that is still good.
    private func redeem(_ request: SilentRequest, _ watch: Stopwatch) async throws -> AuthenticationResult {
        try Task.checkCancellation()
        return try await shielded { [self] in
            let beforeHTTP = watch.elapsed
            let call = call(
                .silent,
                request.reason,
                AnchorMailbox(homeAccountID: request.account.homeAccountID),
                options: request.options
            )
            let authority = try await authority(of: request)
            let metadata = try await metadata(of: authority, call.correlationID)
            let wire = try Scopes.userFlow(request.scopes)
            let offered = wire.filter { !metadata.unofferedScopes(of: authority).contains($0) }
            let (answer, used) = try await redeemRefreshToken(request, offered, metadata, authority, call)
            let idToken: IDToken?
            let account: Account
            do {
                (idToken, account) = try await checked(answer, request, metadata, authority, call.correlationID)
            } catch let error as AuthenticationError where ![.subjectChanged, .clientInfo].contains(error.code) {
                // Not validated, so not handed out; but the former refresh token may be spent, and the new one came from
                // the token endpoint for it.
                if let new = answer.refreshToken {
                    try await persist(request.account.partition, isConditional: true) { now in
                        cache.replaceRefreshToken(used, by: new, of: request.account, at: now)
                    }
                }
                throw error
            }
            let http = watch.elapsed - beforeHTTP
            let token = CachedAccessToken(answer, askedFor: offered, isolation: request.isolation, at: time.now)
            let grant = UserGrant(
                account: account,
                tenantName: request.tenant,
                idToken: idToken,
                accessToken: token,
                refreshToken: answer.refreshToken,
                familyID: answer.familyID
            )
            try await persist(account.partition, isConditional: true) { now in
                cache.store(grant, refreshedWith: used, at: now)
            }
            let known = cache.realm(of: account, in: account.tenantID).flatMap { IDToken(of: $0.account) }
            let total = watch.elapsed
            return AuthenticationResult(
                token,
                of: account,
                in: account.tenantID,
                idToken ?? known,
                .identityProvider,
                request.reason,
                correlationID: call.correlationID,
                AuthenticationResult.Durations(total: total, cache: max(.zero, total - http), http: http)
            )
        }
    }

    /// Whom a request goes to: the application's authority where its tenant is meant, else the tenant that is.
    private func authority(of request: SilentRequest) async throws -> Authority {
        let home = configuration.authority
        let tenant = request.tenant.lowercased()
        guard home.kind == .entra else {
            return tenant == request.account.tenantID.lowercased() ? home : try home.with(tenant: request.tenant)
        }
        if tenant.isEmpty || tenant == home.tenant.lowercased() { return home }
        if home.isMultiTenant {
            // There the platform answers for the home tenant.
            return request.account.homeAccountID.lowercased().hasSuffix("." + tenant)
                ? home : try home.with(tenant: request.tenant)
        }
        // An authority that names its tenant by a domain: its metadata tell the GUID.
        let isHome = try await metadata(of: home, makeCorrelationID()).tenantID?.lowercased() == tenant
        return isHome ? home : try home.with(tenant: request.tenant)
    }

    /// Redeems the first refresh token that the provider takes: the application's own, or its family's.
    private func redeemRefreshToken(
        _ request: SilentRequest,
        _ scopes: [String],
        _ metadata: ProviderMetadata,
        _ authority: Authority,
        _ call: Call
    ) async throws -> (TokenResponse, CachedRefreshToken) {
        let environment = request.account.environment
        var tried: Set<Secret> = []
        var failure: (any Error)?
        while let token = nextRefreshToken(of: request.account, after: tried) {
            if !tried.isEmpty { try await extendLease(on: request.account) }
            tried.insert(token.secret)
            do {
                let answer = try await redeem(
                    .refresh(token.secret, scopes: scopes, claims: request.claims, at: authority.kind),
                    at: metadata,
                    of: authority,
                    call
                )
                families.note(answer.familyID, at: environment)
                // What follows may have to ask for keys first.
                try await extendLease(on: request.account)
                return (answer, token)
            } catch let error as AuthenticationError where error.endsRefreshToken {
                // What became of its own token is what an application must hear.
                failure = token.familyID == nil ? error : failure ?? error
                // Whether this application is of the family is not known: the token may be good for those that are.
                guard token.familyID == nil || families.isMember(of: token.familyID, at: environment) else { continue }
                try await persist(request.account.partition, isConditional: true) { now in
                    cache.removeRefreshToken(token, of: request.account, at: now)
                }
            } catch let error as AuthenticationError where token.familyID != nil && !error.isOutage {
                guard error.suberror == "client_mismatch" else {
                    failure = failure ?? error
                    continue
                }
                // The application is not of the family, which is no news about the person.
                families.note(nil, at: environment)
            }
        }
        throw failure ?? Self.signInNeeded
    }

    /// The refresh token to try next: the family's for its members, else the application's own, else a family's that it may
    /// prove to belong to.
    private func nextRefreshToken(of account: Account, after tried: Set<Secret>) -> CachedRefreshToken? {
        let left = cache.refreshTokens(of: account).filter { !tried.contains($0.secret) }
        let own = left.first { $0.familyID == nil && $0.clientID == configuration.clientID }
        let family = left.first { $0.familyID != nil && families.mayBelong(to: $0.familyID, at: account.environment) }
        return families.isMember(of: family?.familyID, at: account.environment) ? family ?? own : own ?? family
    }

    /// The ID token after a refresh, validated and about the same person, and the account it is about.
    private func checked(
        _ answer: TokenResponse,
        _ request: SilentRequest,
        _ metadata: ProviderMetadata,
        _ authority: Authority,
        _ correlationID: String
    ) async throws -> (IDToken?, Account) {
        let known = cache.realm(of: request.account, in: request.tenant)
        guard let text = answer.idToken else {
            return (nil, known?.account ?? request.account.inTenant(request.tenant))
        }
        let idToken = try await validator.validate(
            text,
            from: metadata,
            of: authority,
            expecting: .init(),
            correlationID: correlationID
        )
        let claims = idToken.claims
        // OpenID Connect Core §12.2, and what identifies a person at the platform.
        if let before = known?.idToken.map({ IDToken(cached: $0).claims }) {
            guard
                claims.issuer == before.issuer, claims.subject == before.subject, claims.objectID == before.objectID,
                claims.tenantID == before.tenantID
            else { throw Self.anotherPerson }
        }
        let account = try Account(claims: claims, clientInfo: answer.clientInfo, authority: authority)
        // Asked for one tenant, answered for another: its token must not be kept under the name of the first.
        guard
            !GUID.isValid(request.tenant) || account.tenantID.isEmpty
                || account.tenantID.lowercased() == request.tenant.lowercased()
        else { throw Self.anotherPerson }
        // Another tenant knows the person by another object; the home account is the same in all.
        // A session's partition may have become another caller's meanwhile.
        let mayDiffer = known?.idToken != nil && !OnBehalf.isPartition(request.account.partition)
        guard mayDiffer || account.homeAccountID.lowercased() == request.account.homeAccountID.lowercased()
        else { throw Self.anotherPerson }
        return (idToken, account.kept(as: request.account))
    }

    private static var anotherPerson: AuthenticationError {
        AuthenticationError(
            .rejectedToken,
            .subjectChanged,
            "The refreshed ID token is about another person; it was refused."
        )
    }

    /// Changes a person's tokens in memory and tells the store, again if somebody else changed them there meanwhile.
    func persist(
        _ homeAccountID: String,
        isConditional: Bool,
        _ change: (Date) -> CacheChanges?
    ) async throws {
        for attempt in 0..<10 {
            let now = time.now
            guard let changes = change(now) else { return }
            guard let vault, OnBehalf.isKept(homeAccountID) else { return }
            // After many conflicts the change is made all the same: entries of others are not touched by it.
            let isConditional = isConditional && attempt < 9
            if try await vault.save(changes, of: homeAccountID, isConditional: isConditional, at: now) { return }
            guard try await vault.load(homeAccountID, at: now) else {
                // The store went away in between: it gets the changes when it is back.
                try vault.keep(changes, of: homeAccountID, at: now)
                return
            }
        }
    }

    /// Runs an operation that a cancelled caller must not break off.
    func shielded<Value: Sendable>(
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        // The caller awaits it, and owns it so.
        try await Task { try await operation() }.value
    }

    /// What to say when nothing is there that could serve.
    static var signInNeeded: AuthenticationError {
        var error = AuthenticationError(
            .interactionRequired,
            .noTokenInCache,
            "Nothing is kept for the account that could serve. Sign in again."
        )
        error.interaction = .signIn
        return error
    }
}

extension Account {
    /// The same person as another tenant knows them, as far as that can be told.
    func inTenant(_ tenant: String) -> Account {
        changed { $0.tenantID = tenant }
    }

    /// The same account under the keys another one is kept by.
    func kept(as other: Account) -> Account {
        changed {
            $0.homeAccountID = other.homeAccountID
            $0.partition = other.record.partition
        }
    }
}
