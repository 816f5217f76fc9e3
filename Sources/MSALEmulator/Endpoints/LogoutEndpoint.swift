// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import Synchronization

/// `/{tenant}/oauth2/v2.0/logout`, by GET and POST.
struct LogoutEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// Signs the browser out and sends it back to a registered address, or shows a page.
    func respond(to incoming: Incoming) throws -> Answer {
        let isForm = incoming.method == .post && !incoming.body.isEmpty
        let parameters = isForm ? try incoming.form() : incoming.query
        guard !parameters.isMalformed else { throw PlatformError.malformed("The query cannot be decoded.") }
        if let name = parameters.repeated { throw PlatformError.repeated(name) }
        _ = try incoming.segment(in: platform.directory)
        let hint = parameters["id_token_hint"].flatMap { claims(of: $0) }
        signOut(incoming, hint: account(parameters["logout_hint"], hint))
        guard let target = target(parameters, hint) else {
            return SignedOutPage().answer(postingTo: nil)
        }
        let state = parameters["state"].map { Parameters.encode([(name: "state", value: $0)]) }
        let separator = target.contains("?") ? "&" : "?"
        return .redirect(to: target + (state.map { separator + $0 } ?? ""), after: incoming.method)
    }

    /// Ends one account's session when a hint names it, and all of the browser's otherwise.
    private func signOut(_ incoming: Incoming, hint: User?) {
        guard let cookie = BrowserCookie(incoming).value else { return }
        platform.sessions.withLock { store in
            store.update(cookie) { session in
                let isKnown = session.accounts.contains { $0.userID == hint?.id }
                session.accounts.removeAll { !isKnown || $0.userID == hint?.id }
            }
        }
    }

    /// The person that a hint names.
    private func account(_ logoutHint: String?, _ claims: JWTClaims?) -> User? {
        if let logoutHint {
            return LoginHint.objectID(logoutHint).flatMap(platform.directory.user)
                ?? platform.directory.user(named: logoutHint)
        }
        return claims?.loginHint.flatMap(LoginHint.objectID).flatMap(platform.directory.user)
    }

    /// The claims of an ID token of this emulator; expired ones do, foreign ones do not.
    private func claims(of token: String) -> JWTClaims? {
        guard let token = try? UnverifiedJWT(token) else { return nil }
        return try? platform.keys.verifier.verify(token).claims
    }

    /// The address to go back to: registered by the application that asks, or by any when none is named.
    private func target(_ parameters: Parameters, _ claims: JWTClaims?) -> String? {
        guard let uri = parameters["post_logout_redirect_uri"] else { return nil }
        let named = parameters["client_id"] ?? claims?.audience.first
        let candidates = platform.directory.applications.filter { application in
            named == nil || GUID(named ?? "") == application.id
        }
        let isRegistered = candidates.contains { application in
            (application.postLogoutRedirectURIs + application.redirectURIs).contains { $0.matches(uri) }
        }
        return isRegistered ? uri : nil
    }
}
