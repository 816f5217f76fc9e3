// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Logging
import MSALCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension WebAuthentication {
    /// The route that starts a sign-in and comes back to a place.
    static func signInPath(returnTo: LocalPath) -> String {
        AuthenticationRoute.signIn.path + "?" + FormEncoding.encode([("return_to", returnTo.description)])
    }

    /// The route that starts a sign-in which asks the provider for more than usual.
    func signInPath(returnTo: LocalPath, challenge: SignInChallenge) throws -> String {
        let path = Self.signInPath(returnTo: returnTo)
        guard challenge != SignInChallenge() else { return path }
        let ticket = try sealer.seal(json: challenge, purpose: "challenge", at: time.now, lifetime: .seconds(3600))
        return path + "&" + FormEncoding.encode([("ask", ticket)])
    }

    /// Starts a sign-in: seals it into a cookie and sends the person to the provider.
    func startSignIn(
        _ request: WebRequest,
        _ sent: RequestCookies,
        _ authentication: RequestAuthentication
    ) async throws -> WebResponse {
        let query = request.query.flatMap { FormFields(query: $0) }
        let returnTo = (query?["return_to"].flatMap { LocalPath($0) } ?? .root).asReturnPath
        guard authentication.facts.visitor == .person else {
            return render(.signInNeeded(), authentication, returnTo: returnTo)
        }
        let asked = query?["ask"].flatMap { openChallenge($0) } ?? SignInChallenge()
        let flow: AuthorizationCodeFlow
        do {
            flow = try await startFlow(asked, prompt: query?["prompt"], for: authentication)
        } catch let error as CancellationError {
            throw error
        } catch {
            log(error, "A sign-in could not be started", authentication)
            return render(.signInFailed(error, returnTo: returnTo), authentication, returnTo: returnTo)
        }
        learnOrigin(of: flow.url)
        let transaction = SignInTransaction(
            flow: flow,
            returnTo: returnTo,
            previous: authentication.session?.key,
            asked: asked
        )
        var answer = WebResponse(status: .found, headerFields: [.location: flow.url])
        let evicted = SignInTransaction.evictions(
            among: sent,
            prefix: cookies.signInPrefix,
            sealer: sealer,
            at: time.now
        )
        for name in evicted { answer.set(removal(of: name)) }
        try answer.set(seal(transaction, authentication))
        return answer
    }

    /// Has the application start a flow.
    private func startFlow(
        _ asked: SignInChallenge,
        prompt: String?,
        for authentication: RequestAuthentication
    ) async throws -> AuthorizationCodeFlow {
        var options = AuthorizationOptions()
        options.responseMode = configuration.responseMode
        options.claims = asked.claims
        if prompt == Prompt.selectAccount.rawValue || prompt == Prompt.login.rawValue {
            options.prompt = prompt.map { Prompt(rawValue: $0) }
        } else if asked != SignInChallenge(), let user = authentication.user, !user.username.isEmpty {
            // More is asked for the person who is signed in; the provider need not ask who that is.
            options.loginHint = user.username
        }
        let usual = signInScopes
        return try await application.startAuthorizationCodeFlow(
            scopes: usual + asked.scopes.filter { !usual.contains($0) },
            redirectURI: configuration.redirectURI,
            options: options
        )
    }

    /// The scopes of every sign-in.
    var signInScopes: [String] {
        if let scopes = configuration.signInScopes { return scopes }
        return application.configuration.authority.kind == .entra ? ["User.Read"] : []
    }

    /// What an earlier answer of ours asked the sign-in to ask for.
    private func openChallenge(_ ticket: String) -> SignInChallenge? {
        sealer.open(SignInChallenge.self, from: ticket, purpose: "challenge", at: time.now)?.value
    }

    /// The cookie of a sign-in.
    ///
    /// If the place to come back to is too long for one, its query goes, and then its path.
    private func seal(
        _ transaction: SignInTransaction,
        _ authentication: RequestAuthentication
    ) throws -> SetCookie {
        var transaction = transaction
        for place in [transaction.returnTo, transaction.returnTo.withoutQuery, .root] {
            transaction.returnTo = place
            let cookie = cookies.signIn(
                tag: SignInTransaction.tag(transaction.flow.state),
                try sealer.seal(
                    json: transaction,
                    purpose: SignInTransaction.purpose,
                    at: time.now,
                    lifetime: SignInTransaction.lifetime
                ),
                lifetime: SignInTransaction.lifetime
            )
            if cookie.fits { return cookie }
            authentication.logger.info("The place to come back to does not fit into a cookie")
        }
        throw WebError(.unavailable, "The sign-in is too large for a cookie.")
    }

    /// What takes a sign-in cookie away.
    func removal(of name: String) -> SetCookie {
        let tag = name.dropFirst(cookies.signInPrefix.count)
        return cookies.signIn(tag: String(tag), "", lifetime: .zero)
    }
}

extension WebResponse {
    /// Adds a cookie.
    mutating func set(_ cookie: SetCookie) {
        head.headerFields.append(HTTPField(name: .setCookie, value: cookie.description))
    }
}
