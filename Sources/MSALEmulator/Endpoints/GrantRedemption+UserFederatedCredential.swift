// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension GrantRedemption {
    /// The `user_fic` grant: an agent shows a token of its own for the exchange, and acts in the name of a person.
    func userFederatedCredential(_ form: Parameters) throws -> OrderedJSON {
        guard client.isConfidential else { throw PlatformError.credentialMissing }
        guard let text = form["user_federated_identity_credential"] else {
            throw PlatformError.missing("user_federated_identity_credential")
        }
        let claims = try grantClaims(text)
        guard AccessTokenKind(claims).isApplication else { throw PlatformError.federationOfPerson }
        let audience = claims.audience.first ?? ""
        guard TokenExchange.audience(audience) == TokenExchange.standard.identifierURI else {
            throw PlatformError.federationMismatch(.audience, audience)
        }
        // The token is the agent's own, not one that its blueprint got for it.
        let party = (claims["azp"] ?? claims["appid"])?.stringValue ?? ""
        guard GUID(party) == client.id else { throw PlatformError.federationMismatch(.subject, party) }
        let user = try person(form)
        guard client.credentials.agentUsers.contains(user.id) else {
            throw PlatformError.userNotAssigned(client, error: "invalid_grant")
        }
        let grant = UserGrant(
            userID: user.id,
            tenantID: user.tenantID,
            clientID: client.id,
            scope: try scopeOfOneResource(form),
            authenticatedAt: platform.now(),
            tellsAuthenticationTime: false,
            sessionID: .random(),
            methods: []
        )
        return try answer(grant, user, resources: grant.scope.resources, nonce: nil, form)
    }

    /// The person, by object ID or by user principal name.
    private func person(_ form: Parameters) throws(PlatformError) -> User {
        if form["user_id"] != nil, form["username"] != nil {
            throw .malformed("Name the person by 'user_id' or by 'username', not by both.")
        }
        guard let name = form["user_id"] ?? form["username"] else { throw .missing("user_id") }
        let user =
            form["user_id"] == nil
            ? platform.directory.user(named: name) : GUID(name).flatMap(platform.directory.user)
        guard let user, SignInStep.isWelcome(user, at: segment) else {
            throw .userUnknown(name, tenant: segment.path)
        }
        guard user.isEnabled else { throw .userDisabled }
        return user
    }
}
