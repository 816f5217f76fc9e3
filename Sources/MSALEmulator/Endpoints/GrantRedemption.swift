// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Synchronization

/// The grants of the token endpoint, for an application that is known.
struct GrantRedemption: Sendable {
    /// What all endpoints share.
    let platform: Platform
    /// The application.
    let client: Application
    /// How it proved who it is.
    let proof: ClientProof
    /// The tenant segment of the request.
    let segment: TenantSegment
    /// What addresses start with.
    let base: BaseURL

    /// The authorization code grant (RFC 6749 §4.1.3).
    func code(_ form: Parameters) throws -> OrderedJSON {
        guard let text = form["code"] else { throw PlatformError.missing("code") }
        guard let code = platform.grants.withLock({ $0.code(text) }) else { throw PlatformError.codeUnknown }
        guard code.grant.clientID == client.id else { throw PlatformError.codeOfOtherClient }
        guard code.segment == segment else { throw PlatformError.codeOfOtherTenant }
        guard !code.isRedeemed else { throw PlatformError.codeRedeemed }
        guard code.expires > platform.now() else { throw PlatformError.codeExpired }
        try checkRedirect(form["redirect_uri"], of: code)
        try checkVerifier(form["code_verifier"], of: code)
        let scope = try form["scope"].map { try ScopeRequest($0, in: platform.directory) } ?? code.grant.scope
        let user = try user(code.grant)
        // Identity scopes are settled at the authorization endpoint; the token request only names the resource.
        let answer = try answer(
            code.grant,
            user,
            resources: scope.resources,
            nonce: code.nonce,
            form,
            claims: code.claims
        )
        guard platform.grants.withLock({ $0.redeem(text) }) else { throw PlatformError.codeRedeemed }
        return answer
    }

    /// The refresh token grant (RFC 6749 §6): a new token each time, the old one stays usable.
    func refresh(_ form: Parameters) throws -> OrderedJSON {
        guard let text = form["refresh_token"] else { throw PlatformError.missing("refresh_token") }
        guard let token = platform.grants.withLock({ $0.refreshToken(text) }), token.grant.clientID == client.id else {
            throw PlatformError.refreshTokenInvalid
        }
        guard token.expires > platform.now() else { throw PlatformError.refreshTokenExpired }
        if let tenantID = segment.tenantID, tenantID != token.grant.tenantID {
            throw PlatformError.userOfOtherTenant(segment.path)
        }
        let user = try user(token.grant)
        var grant = token.grant
        if let text = form["scope"] {
            let asked = try ScopeRequest(text, in: platform.directory)
            grant = grant.narrowed(to: asked)
        }
        return try answer(grant, user, resources: grant.scope.resources, nonce: nil, form, renewing: token.grant)
    }

    /// The redirect URI must be repeated when the authorization request named it.
    private func checkRedirect(_ redirectURI: String?, of code: AuthorizationCode) throws(PlatformError) {
        guard let redirectURI else {
            if code.isRedirectURIRequired { throw .missing("redirect_uri") }
            return
        }
        guard redirectURI == code.redirectURI else { throw .codeOfOtherRedirect }
    }

    /// A verifier without a challenge is as wrong as a challenge without a verifier (RFC 9700 §2.1.1).
    private func checkVerifier(_ verifier: String?, of code: AuthorizationCode) throws(PlatformError) {
        switch (code.challenge, verifier) {
        case (nil, nil): break
        case (let challenge?, let verifier?) where challenge.isMet(by: verifier): break
        default: throw .verifierMismatch
        }
    }

    /// The person behind a grant, who must still be enabled.
    func user(_ grant: UserGrant) throws(PlatformError) -> User {
        guard let user = platform.directory.user(grant.userID), user.isEnabled else { throw .userDisabled }
        return user
    }

    /// The answer for a person's grant, members in the platform's order.
    func answer(
        _ grant: UserGrant,
        _ user: User,
        resources: [ScopeRequest.Resource],
        nonce: String?,
        _ form: Parameters,
        renewing earlier: UserGrant? = nil,
        claims earlierClaims: ClaimsRequest = .none,
        demandError: String = "invalid_grant"
    ) throws -> OrderedJSON {
        if form["scope"] != nil, resources.count > 1 { throw PlatformError.scopeOfSeveralResources }
        let claims = try ClaimsRequest(form["claims"]).merged(into: earlierClaims)
        let resource = try resource(resources.first ?? grant.scope.resources.first, grant)
        let verdict = ConditionalAccess(directory: platform.directory).verdict(
            for: user,
            resources: [resource.application.id],
            claims: claims,
            methods: grant.methods
        )
        guard verdict.unmet.isEmpty else { throw PlatformError.secondFactorNeeded(verdict.unmet, error: demandError) }
        let lifetime = platform.configuration.tokenLifetime()
        let issuer = platform.issuer(base)
        let now = platform.now()
        var json = OrderedJSON([
            "token_type": "Bearer",
            "scope": .string(resource.answeredScopes(with: grant.scope.identity).joined(separator: " ")),
            "expires_in": .integer(Int64(lifetime)),
            "ext_expires_in": .integer(Int64(lifetime)),
        ])
        let access = try issuer.accessToken(
            grant,
            user: user,
            client: AuthenticatedClient(application: client, proof: proof),
            resource: resource,
            lifetime: lifetime,
            contexts: verdict.contexts,
            capabilities: claims.capabilities
        )
        json.append("access_token", .string(access))
        // A refresh token keeps all it was issued for, however little one refresh asks.
        if earlier != nil || grant.scope.wantsRefreshToken {
            let token = RefreshToken(
                grant: earlier ?? grant,
                issued: now,
                expires: now + GrantStore.refreshTokenLifetime
            )
            json.append("refresh_token", .string(platform.issue(token)))
        }
        if grant.scope.wantsIDToken {
            var extra: [String: JSONValue] = nonce.map { ["nonce": .string($0)] } ?? [:]
            extra["acrs"] = TokenIssuer.contexts(verdict.contexts, askedBy: claims)
            json.append("id_token", .string(try issuer.idToken(grant, user: user, lifetime: 3600, extra: extra)))
        }
        if form["client_info"] == "1" { json.append("client_info", .string(ClientInfo.make(user))) }
        return json
    }

    /// What was granted of a resource's scopes; Graph's identity scopes when no resource was asked.
    private func resource(_ asked: ScopeRequest.Resource?, _ grant: UserGrant) throws(PlatformError) -> GrantedResource
    {
        guard let asked else {
            guard let graph = platform.directory.graphForIdentity() else { throw .resourceUnknown("") }
            return graph
        }
        guard platform.directory.servicePrincipal(asked.application.id, in: grant.tenantID) != nil else {
            throw .resourceUnknown(asked.prefix)
        }
        guard let granted = platform.directory.grant(asked, to: client.id, in: grant.tenantID) else {
            throw .notConsented(client, error: "invalid_grant", suberror: "consent_required")
        }
        return granted
    }
}
