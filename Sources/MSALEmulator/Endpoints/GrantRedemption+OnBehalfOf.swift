// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

extension GrantRedemption {
    /// The kinds of token that the grant can answer with: there is no SAML in this emulator.
    private static let tokenTypes: Set<String> = [
        "urn:ietf:params:oauth:token-type:access_token", "urn:ietf:params:oauth:token-type:jwt",
    ]

    /// The on-behalf-of grant: a web API shows the token it was called with, and gets one for the next API.
    func onBehalfOf(_ form: Parameters) throws -> OrderedJSON {
        guard client.isConfidential else { throw PlatformError.credentialMissing }
        guard let text = form["assertion"] else { throw PlatformError.missing("assertion") }
        guard let use = form["requested_token_use"] else { throw PlatformError.missing("requested_token_use") }
        guard use == "on_behalf_of" else { throw PlatformError.invalidValue("requested_token_use", use) }
        if let type = form["requested_token_type"], !Self.tokenTypes.contains(type) {
            throw PlatformError.invalidValue("requested_token_type", type)
        }
        let claims = try grantClaims(text)
        switch AccessTokenKind(claims) {
        case .identity: throw PlatformError.grantOfIDToken
        case .application: throw PlatformError.grantOfApplication(client)
        case .delegated: break
        }
        guard let audience = claims.audience.first, client.isNamed(audience) else {
            throw PlatformError.grantAudience(claims.audience.first ?? "", client)
        }
        guard let user = claims.objectID.flatMap({ GUID($0) }).flatMap(platform.directory.user), user.isEnabled else {
            throw PlatformError.userDisabled
        }
        guard SignInStep.isWelcome(user, at: segment) else { throw PlatformError.userOfOtherTenant(segment.path) }
        let grant = UserGrant(
            userID: user.id,
            tenantID: user.tenantID,
            clientID: client.id,
            scope: try scopeOfOneResource(form),
            authenticatedAt: claims.issuedAt ?? platform.now(),
            tellsAuthenticationTime: false,
            sessionID: claims.sessionID.flatMap { GUID($0) } ?? .random(),
            methods: claims["amr"]?.arrayValue?.compactMap(\.stringValue) ?? []
        )
        // The caller's person is not here to be asked, so the API has to pass it on: another error than elsewhere.
        return try answer(
            grant,
            user,
            resources: grant.scope.resources,
            nonce: nil,
            form,
            demandError: "interaction_required"
        )
    }

    /// The claims of a token that this platform signed and whose time is now.
    func grantClaims(_ text: String) throws(PlatformError) -> JWTClaims {
        let token: UnverifiedJWT
        do {
            token = try UnverifiedJWT(text)
        } catch {
            throw .tokenMalformed(error.message)
        }
        guard let claims = try? platform.keys.verifier.verify(token).claims else { throw .grantSignature }
        let now = platform.now()
        guard let start = claims.notBefore, let end = claims.expiresAt, start <= now, now < end else {
            throw .grantTime(now: now, from: claims.notBefore, until: claims.expiresAt)
        }
        return claims
    }

    /// The scopes of a request that must name one resource.
    func scopeOfOneResource(_ form: Parameters) throws(PlatformError) -> ScopeRequest {
        guard let text = form["scope"] else { throw .missing("scope") }
        let scope = try ScopeRequest(text, in: platform.directory)
        guard !scope.resources.isEmpty else { throw .scopeOfNoResource }
        guard scope.resources.count == 1 else { throw .scopeOfSeveralResources }
        return scope
    }
}
