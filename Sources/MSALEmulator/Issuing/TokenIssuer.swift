// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

/// Writes and signs tokens.
struct TokenIssuer: Sendable {
    /// The objects the claims come from.
    let directory: Directory
    /// The key that signs.
    let signer: JWSSigner
    /// What the issuer starts with.
    let base: BaseURL
    /// The current time.
    let now: Date

    /// The ID token of version 2 for an application.
    func idToken(_ grant: UserGrant, user: User, lifetime: Int, extra: [String: JSONValue] = [:]) throws -> String {
        var claims = common(audience: grant.clientID.text, tenantID: grant.tenantID, lifetime: lifetime)
        claims["iss"] = .string("\(base)/\(grant.tenantID)/v2.0")
        claims["ver"] = "2.0"
        claims["sub"] = .string(Self.pairwise(user.id, grant.clientID))
        claims["sid"] = .string(grant.sessionID.text)
        claims["login_hint"] = .string(user.loginHint)
        if grant.scope.identity.contains("profile") {
            claims["oid"] = .string(user.id.text)
            claims["name"] = .string(user.profile.displayName)
            claims["preferred_username"] = .string(user.userPrincipalName)
        }
        if grant.scope.identity.contains("email"), let mail = user.profile.mail {
            claims["email"] = .string(mail)
        }
        if grant.tellsAuthenticationTime {
            claims["auth_time"] = .integer(Timestamp.seconds(grant.authenticatedAt))
        }
        claims["roles"] = roles(of: user.id, for: grant.clientID, in: grant.tenantID)
        claims.merge(extra) { _, new in new }
        return try sign(claims)
    }

    /// An access token for a resource, in the name of a person.
    func accessToken(
        _ grant: UserGrant,
        user: User,
        client: AuthenticatedClient,
        resource: GrantedResource,
        lifetime: Int,
        contexts: [String],
        capabilities: [String]
    ) throws -> String {
        var claims = accessClaims(client, resource.application, resource.prefix, grant.tenantID, lifetime)
        claims["amr"] = .array(grant.methods.map { .string($0) })
        claims["acrs"] = contexts.isEmpty ? nil : .array(contexts.map { .string($0) })
        claims["xms_cc"] = capabilities.isEmpty ? nil : .array(capabilities.map { .string($0) })
        claims["scp"] = .string(resource.claimedScopes(with: grant.scope.identity).joined(separator: " "))
        claims["oid"] = .string(user.id.text)
        claims["sub"] = .string(Self.pairwise(user.id, client.application.id))
        claims["sid"] = .string(grant.sessionID.text)
        claims["name"] = .string(user.profile.displayName)
        claims["roles"] = roles(of: user.id, for: resource.application.id, in: grant.tenantID)
        if resource.application.accessTokenVersion == 2 {
            claims["preferred_username"] = .string(user.userPrincipalName)
        } else {
            claims["acr"] = "1"
            claims["unique_name"] = .string(user.userPrincipalName)
            claims["upn"] = .string(user.userPrincipalName)
            claims["family_name"] = user.profile.surname.map { .string($0) }
            claims["given_name"] = user.profile.givenName.map { .string($0) }
        }
        return try sign(claims, version: resource.application.accessTokenVersion)
    }

    /// An access token for a resource, in the name of the application itself, or of the workload that a path names.
    func accessToken(
        client: AuthenticatedClient,
        principal: ServicePrincipal,
        resource: Application,
        prefix: String,
        lifetime: Int,
        capabilities: [String] = [],
        workloadPath: String? = nil
    ) throws -> String {
        var claims = accessClaims(client, resource, prefix, principal.tenantID, lifetime)
        claims["oid"] = .string(principal.id.text)
        let workload = workloadPath.map { path in
            TokenExchange.subject(tenantID: principal.tenantID, clientID: client.application.id, path: path)
        }
        claims["sub"] = .string(workload ?? principal.id.text)
        claims["idtyp"] = "app"
        claims["xms_cc"] = capabilities.isEmpty ? nil : .array(capabilities.map { .string($0) })
        claims["roles"] = roles(of: principal.id, for: resource.id, in: principal.tenantID)
        return try sign(claims, version: resource.accessTokenVersion)
    }

    /// The identifier of a person for one application: another application gets another one.
    static func pairwise(_ userID: GUID, _ clientID: GUID) -> String {
        Base64URL.encode(Digest.sha256("pairwise \(userID) \(clientID)"))
    }

    /// The `acrs` of an ID token: those contexts that were asked for it; nil for none.
    static func contexts(_ met: [String], askedBy claims: ClaimsRequest) -> JSONValue? {
        let contexts = met.filter(claims.contexts(of: .identity).contains)
        return contexts.isEmpty ? nil : .array(contexts.map { .string($0) })
    }

    /// The left half of a hash, as `c_hash` has it (OpenID Connect Core §3.3.2.11).
    static func halfHash(_ text: String) -> String {
        Base64URL.encode(Array(Digest.sha256(text).prefix(16)))
    }

    /// The claims that access tokens of both kinds share.
    private func accessClaims(
        _ client: AuthenticatedClient,
        _ resource: Application,
        _ prefix: String,
        _ tenantID: GUID,
        _ lifetime: Int
    ) -> [String: JSONValue] {
        if resource.accessTokenVersion == 2 {
            var claims = common(audience: resource.id.text, tenantID: tenantID, lifetime: lifetime)
            claims["iss"] = .string("\(base)/\(tenantID)/v2.0")
            claims["ver"] = "2.0"
            claims["azp"] = .string(client.application.id.text)
            claims["azpacr"] = .string(client.proof.authenticationClass)
            return claims
        }
        let audience = prefix.isEmpty ? resource.id.text : prefix
        var claims = common(audience: audience, tenantID: tenantID, lifetime: lifetime)
        claims["iss"] = .string("\(base)/\(tenantID)/")
        claims["ver"] = "1.0"
        claims["appid"] = .string(client.application.id.text)
        claims["appidacr"] = .string(client.proof.authenticationClass)
        claims["app_displayname"] = .string(client.application.displayName)
        return claims
    }

    /// The claims that all tokens share, which start five minutes early, as the platform's do.
    private func common(audience: String, tenantID: GUID, lifetime: Int) -> [String: JSONValue] {
        let seconds = Timestamp.seconds(now)
        return [
            "aud": .string(audience),
            "iat": .integer(seconds - 300),
            "nbf": .integer(seconds - 300),
            "exp": .integer(seconds + Int64(lifetime)),
            "tid": .string(tenantID.text),
            "uti": .string(Base64URL.encode(RandomBytes.make(16))),
            "aio": .string(Base64URL.encode(RandomBytes.make(30))),
            "rh": .string("1." + Base64URL.encode(RandomBytes.make(24)) + "."),
        ]
    }

    /// The roles that somebody holds in an application; nil for none.
    private func roles(of principalID: GUID, for applicationID: GUID, in tenantID: GUID) -> JSONValue? {
        guard let roles = directory.servicePrincipal(applicationID, in: tenantID)?.roles[principalID] else {
            return nil
        }
        return .array(roles.map { .string($0) })
    }

    /// Signs; version 1 names the key twice.
    private func sign(_ claims: [String: JSONValue], version: Int = 2) throws -> String {
        try signer.sign(.object(claims), header: version == 1 ? ["x5t": .string(signer.keyID)] : [:])
    }
}
