// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Synchronization

extension GrantRedemption {
    /// The password grant (RFC 6749 §4.3): a work account whose password is in this directory.
    func password(_ form: Parameters) throws -> OrderedJSON {
        try checkDirectGrant()
        guard let name = form["username"] else { throw PlatformError.missing("username") }
        guard let password = form["password"] else { throw PlatformError.missing("password") }
        guard let user = platform.directory.user(named: name), SignInStep.isWelcome(user, at: segment) else {
            throw PlatformError.userUnknown(name, tenant: segment.path)
        }
        guard platform.directory.federatedDomain(of: user) == nil else { throw PlatformError.passwordElsewhere }
        do {
            try platform.check(password, of: user)
        } catch {
            throw error.platformError
        }
        return try tokens(for: user, form)
    }

    /// Where no page was shown, the application must be a public one or show who it is, and the tenant must be known.
    func checkDirectGrant() throws(PlatformError) {
        guard segment != .common, segment != .consumers else { throw .grantNeedsOrganization }
        guard client.isConfidential || client.allowsPublicClientFlows else { throw .credentialMissing }
    }

    /// The answer for a person who proved it without a page: nothing can be asked, so nothing may be missing.
    func tokens(for user: User, _ form: Parameters) throws -> OrderedJSON {
        guard let text = form["scope"] else { throw PlatformError.missing("scope") }
        let scope = try ScopeRequest(text, in: platform.directory)
        let principal = try platform.servicePrincipal(of: client, in: user.tenantID)
        if principal.requiresAssignment, principal.roles[user.id] == nil {
            throw PlatformError.userNotAssigned(client, error: "invalid_grant")
        }
        let grant = UserGrant(
            userID: user.id,
            tenantID: user.tenantID,
            clientID: client.id,
            scope: scope,
            authenticatedAt: platform.now(),
            tellsAuthenticationTime: false,
            sessionID: .random()
        )
        return try answer(grant, user, resources: scope.resources, nonce: nil, form)
    }
}
