// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Logging
import MSALCore

extension WebAuthentication {
    /// Asks whether to sign out: following a link changes nothing.
    func confirmSignOut(_ authentication: RequestAuthentication) -> WebResponse {
        guard authentication.session != nil else { return .seeOther(AuthenticationRoute.signedOut.path) }
        return render(.confirmSignOut(csrfToken: authentication.csrfToken), authentication)
    }

    /// Ends the session, forgets the person's tokens and goes on to the provider's own sign-out.
    ///
    /// The provider's other sessions, and this person's sessions in other browsers, go on.
    func signOut(_ authentication: RequestAuthentication) async throws -> WebResponse {
        guard let record = authentication.session else { return .seeOther(AuthenticationRoute.signedOut.path) }
        do {
            try await sessions.delete(record.key)
        } catch {
            throw WebError(.unavailable, "You could not be signed out right now.", underlying: error)
        }
        let known = providerOrigins
        let url = await endSessionURL(record.session.account, authentication)
        do {
            try await application.removeAccount(record.session.account)
        } catch let error as AuthenticationError {
            // The session has ended all the same, and without one nobody reaches the tokens that a store kept.
            log(error, "The tokens of somebody who signed out are still in the token store", authentication)
        }
        var answer: WebResponse
        if let url {
            // Chromium does not follow a form's redirects to where the page's policy does not allow. A page served
            // before the origin was known does not allow it: then a page of ours leads on by itself.
            let isAllowed = Self.origin(of: url).map(known.contains) ?? false
            answer = isAllowed ? .seeOther(url) : render(.signingOut(url), authentication)
        } else {
            answer = .seeOther(AuthenticationRoute.signedOut.path)
        }
        answer.set(cookies.session("").removed())
        return answer
    }

    /// The provider's sign-out address for a person, or nil when there is none or it cannot be found out.
    ///
    /// It names the person by the `login_hint` claim, and at providers other than Microsoft's by the ID token, unless
    /// that makes it longer than servers take.
    private func endSessionURL(_ account: Account, _ authentication: RequestAuthentication) async -> String? {
        let back = configuration.postLogoutRedirectURI
        do {
            let url = try await application.endSessionURL(for: account, postLogoutRedirectURI: back)
            guard let url, url.utf8.count > 4096 else { return url }
            return try await application.endSessionURL(for: nil, postLogoutRedirectURI: back)
        } catch {
            // The session here has ended all the same.
            log(error, "The provider's sign-out address could not be had", authentication)
            return nil
        }
    }

    /// Learns where sign-out will lead, so that the pages of this session allow it.
    ///
    /// The metadata are at hand by now.
    func learnEndSession() async {
        if let origin = try? await application.endSessionOrigin() { learnOrigin(of: origin) }
    }
}
