// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A grant whose token is a person's, and what its answer must be like.
struct PersonalGrant {
    /// What is posted.
    var request: TokenRequest
    /// What the token was asked for, the reserved scopes included.
    var scopes: [String]
    /// What the ID token must agree with.
    var expectation = IDTokenValidator.Expectation()
    /// Whether an answer without an ID token will do, since `client_info` names the account.
    var acceptsClientInfo = false
    /// The partition of the cache that keeps the tokens, where that is not the person's own.
    var partition: String?
    /// Whether it begins its partition: what was kept there before is somebody else's, and goes.
    var isFirst = false
    /// What keeps the token apart from others.
    var isolation: String?
    /// The tenant by the name it was asked for under.
    var tenantName = ""
    /// Why the provider is asked.
    var reason: AuthenticationResult.RefreshReason?
}

extension ClientApplication {
    /// Redeems a person's grant, validates the ID token, and only then keeps the tokens.
    ///
    /// - Throws: ``AuthenticationError``: what the provider said when it said no, `rejectedToken` when the answer is not to
    ///   be believed. Nothing is kept then.
    func acquire(
        _ grant: PersonalGrant,
        at metadata: ProviderMetadata,
        of authority: Authority,
        _ call: Call,
        _ watch: Stopwatch
    ) async throws -> AuthenticationResult {
        let answer = try await redeem(grant.request, at: metadata, of: authority, call)
        let (idToken, account) = try await holder(of: answer, grant, metadata, authority, call)
        let http = watch.elapsed
        let token = CachedAccessToken(answer, askedFor: grant.scopes, isolation: grant.isolation, at: time.now)
        families.note(answer.familyID, at: account.environment)
        let kept = UserGrant(
            account: account,
            tenantName: grant.tenantName,
            idToken: idToken,
            accessToken: token,
            refreshToken: answer.refreshToken,
            familyID: answer.familyID
        )
        try await turnstile.inTurn(account.partition) {
            guard !grant.isFirst else { return try await begin(account.partition, with: kept) }
            // What was just granted is the newest there is: it needs no look at what the store holds.
            try await persist(account.partition, isConditional: false) { now in cache.store(kept, at: now) }
        }
        let total = watch.elapsed
        return AuthenticationResult(
            token,
            of: account,
            in: account.tenantID,
            idToken,
            .identityProvider,
            grant.reason,
            correlationID: call.correlationID,
            AuthenticationResult.Durations(total: total, cache: max(.zero, total - http), http: http)
        )
    }

    /// Puts a grant in the place of all that was kept in its partition, in memory and in the store; called in its turn.
    ///
    /// - Throws: ``AuthenticationError`` with the code `storeUnavailable`: nothing is kept then.
    private func begin(_ partition: String, with grant: UserGrant) async throws {
        for _ in 0..<10 {
            try await vault?.remove(partition, withFamily: false)
            cache.remove(homeAccountID: partition)
            let now = time.now
            guard let changes = cache.store(grant, at: now), let vault else { return }
            // Refused where another machine began it meanwhile: the last one begins it alone.
            if try await vault.save(changes, of: partition, isConditional: true, at: now) { return }
        }
        cache.remove(homeAccountID: partition)
        throw AuthenticationError(
            .transient,
            .storeUnavailable,
            "Others keep starting under the same session key. Give each caller's work a key of its own."
        )
    }

    /// Whose tokens an answer holds, by its validated ID token.
    private func holder(
        of answer: TokenResponse,
        _ grant: PersonalGrant,
        _ metadata: ProviderMetadata,
        _ authority: Authority,
        _ call: Call
    ) async throws -> (IDToken?, Account) {
        if let text = answer.idToken {
            let idToken = try await validator.validate(
                text,
                from: metadata,
                of: authority,
                expecting: grant.expectation,
                correlationID: call.correlationID
            )
            let account = try Account(claims: idToken.claims, clientInfo: answer.clientInfo, authority: authority)
            return (idToken, account.changed { $0.partition = grant.partition })
        }
        // It came from the token endpoint, over its TLS, to this application alone.
        if grant.acceptsClientInfo, authority.kind.sendsClientInfo, let text = answer.clientInfo,
            let info = try ClientInfo(text)
        {
            let account = Account(
                homeAccountID: info.homeAccountID,
                environment: authority.environment,
                tenantID: metadata.tenantID ?? info.utid,
                localAccountID: info.uid,
                username: "",
                name: nil
            )
            return (nil, account.changed { $0.partition = grant.partition })
        }
        throw AuthenticationError(
            .rejectedToken,
            .idTokenMissing,
            "The identity provider's answer holds no ID token, so that nobody knows whose tokens it holds."
        )
    }
}
