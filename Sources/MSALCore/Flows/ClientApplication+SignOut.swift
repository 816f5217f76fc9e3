// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension ClientApplication {
    /// The URL that ends the person's session at the provider (OpenID Connect RP-Initiated Logout §2).
    ///
    /// The account is named by its `login_hint` claim where the ID token has one, so that nobody has to choose; at
    /// other providers by the ID token itself.
    ///
    /// - Parameters:
    ///   - account: who signs out; nil when nobody is known.
    ///   - postLogoutRedirectURI: where the provider sends the browser afterwards, as registered.
    ///   - state: a value the provider hands back with the browser.
    /// - Returns: the URL; nil when the provider offers no such endpoint.
    /// - Throws: ``AuthenticationError`` when the provider's metadata cannot be had.
    public func endSessionURL(
        for account: Account?,
        postLogoutRedirectURI: String?,
        state: String? = nil
    ) async throws -> String? {
        let metadata = try await metadata(of: configuration.authority, makeCorrelationID())
        guard let endpoint = metadata.endSessionEndpoint else { return nil }
        var parameters: [(String, String)] = []
        if let idToken = account.flatMap({ idToken(of: $0) }) {
            if let hint = idToken.claims.loginHint {
                parameters.append(("logout_hint", hint))
            } else if configuration.authority.kind == .openIDConnect {
                parameters.append(("id_token_hint", idToken.token.reveal()))
            }
        }
        if configuration.authority.kind == .openIDConnect {
            parameters.append(("client_id", configuration.clientID))
        }
        if let postLogoutRedirectURI { parameters.append(("post_logout_redirect_uri", postLogoutRedirectURI)) }
        if let state { parameters.append(("state", state)) }
        return endpoint.adding(parameters).url
    }

    /// The ID token of an account's last answer.
    private func idToken(of account: Account) -> IDToken? {
        cache.realm(of: account, in: account.tenantID)?.idToken.map { IDToken(cached: $0) }
    }

    /// The origin of the provider's sign-out page, for a content security policy; nil where there is none.
    ///
    /// - Throws: ``AuthenticationError`` when the provider's metadata cannot be had.
    package func endSessionOrigin() async throws -> String? {
        try await metadata(of: configuration.authority, makeCorrelationID()).endSessionEndpoint?.origin
    }
}
