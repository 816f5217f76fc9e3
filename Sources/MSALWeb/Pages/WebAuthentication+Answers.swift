// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
import Logging
import MSALCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension WebAuthentication {
    /// Turns what a route threw into an answer: a redirect to sign in, a page, or a problem document.
    ///
    /// Errors this module does not know become a 500 without details; they are logged by their type.
    public func answer(to error: any Error, for authentication: RequestAuthentication) async -> WebResponse {
        switch error {
        case let error as WebError:
            return strip(answer(to: error, authentication), for: authentication.facts)
        case let error as AuthenticationError where error.kind == .interactionRequired:
            let web = WebError(
                .signInRequired,
                "Please sign in again to go on.",
                challenge: SignInChallenge(claims: error.claims),
                underlying: error
            )
            return strip(answer(to: web, authentication), for: authentication.facts)
        case let error as AuthenticationError:
            log(error, "A token could not be acquired", authentication)
            return answer(to: error, authentication)
        case is CancellationError:
            return answer(status: .serviceUnavailable, for: authentication)
        default:
            log(error, "A request failed", authentication)
            // The application's own error, in its own words: for the eyes of those who ask for them.
            authentication.logger.debug("What a route threw", metadata: ["msal.detail": "\(error)"])
            return answer(status: .internalServerError, for: authentication)
        }
    }

    /// An error page, or a problem document, for a status that the application or its framework chose.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - message: a sentence for people; left out of answers from 500 on.
    ///   - authentication: the request's.
    /// - Returns: the answer, for ``finish(_:for:)``.
    public func answer(
        status: HTTPResponse.Status,
        message: String? = nil,
        for authentication: RequestAuthentication
    ) -> WebResponse {
        if status == .unauthorized {
            let error = WebError(.signInRequired, message ?? "Please sign in.")
            return strip(answer(to: error, authentication), for: authentication.facts)
        }
        var page = WebPage.failed(status, status.code < 500 ? message : nil)
        page.actions = [.link("Front page", "/")]
        return strip(render(page, authentication), for: authentication.facts)
    }

    /// The answer to an error of this module.
    private func answer(to error: WebError, _ authentication: RequestAuthentication) -> WebResponse {
        switch error.code {
        case .signInRequired:
            return signInAnswer(error, authentication)
        case .unavailable, .badGateway, .misconfigured:
            log(error.underlying ?? error, "A request failed", authentication)
            // What is wrong with the application is for its log.
            let message = error.code == .misconfigured ? nil : error.message
            var page = WebPage.failed(error.status, message)
            page.actions = tryAgain(authentication)
            return render(page, authentication)
        case .forbidden, .malformedRequest, .tooLarge:
            var page = WebPage.failed(error.status, error.message)
            page.actions = [.link("Front page", "/")]
            if authentication.user != nil {
                let other = Self.signInPath(returnTo: authentication.facts.returnPath) + "&prompt=select_account"
                page.actions.append(.link("Use another account", other))
            }
            return render(page, authentication)
        }
    }

    /// The answer to an error of the application's tokens that signing in does not mend.
    private func answer(to error: AuthenticationError, _ authentication: RequestAuthentication) -> WebResponse {
        var page = WebPage.signInFailed(error, returnTo: authentication.facts.returnPath)
        page.actions = tryAgain(authentication)
        var answer = render(page, authentication)
        if let wait = error.retryAfter {
            answer.head.headerFields[.retryAfter] = String(max(1, wait.components.seconds))
        }
        return strip(answer, for: authentication.facts)
    }

    /// Sends people to sign in and tells programs where that is.
    private func signInAnswer(_ error: WebError, _ authentication: RequestAuthentication) -> WebResponse {
        let facts = authentication.facts
        let challenge = error.challenge ?? SignInChallenge()
        let path =
            (try? signInPath(returnTo: facts.returnPath, challenge: challenge))
            ?? Self.signInPath(returnTo: facts.returnPath)
        if isLoop(challenge, authentication) {
            var page = WebPage.signInDoesNotHelp()
            page.actions = [.link("Try again", path), .link("Front page", "/")]
            return render(page, authentication, signIn: path)
        }
        // A form's redirects stop at the page's policy in Chromium, so what a form asks for gets a page with a link.
        if facts.visitor == .person, facts.isNavigation { return .seeOther(path) }
        var page = WebPage.signInNeeded(error.message)
        page.actions = [.link("Sign in", path)]
        if facts.visitor == .person { page.paragraphs.append("What you sent was not carried out.") }
        return render(page, authentication, signIn: path)
    }

    /// True if the person has just come from a sign-in that asked for the same, for this very page.
    private func isLoop(_ challenge: SignInChallenge, _ authentication: RequestAuthentication) -> Bool {
        guard let session = authentication.session?.session else { return false }
        guard session.landing == authentication.facts.returnPath else { return false }
        guard time.now.timeIntervalSince(session.createdAt) < 60 else { return false }
        return Set(challenge.scopes).isSubset(of: session.asked.scopes + signInScopes)
            && (challenge.claims == nil || challenge.claims == session.asked.claims)
    }

    /// A link back to what did not work.
    private func tryAgain(_ authentication: RequestAuthentication) -> [WebPage.Action] {
        [.link("Try again", authentication.facts.returnPath.description), .link("Front page", "/")]
    }

    /// A page that offers to start the sign-in anew.
    func render(
        _ page: WebPage,
        _ authentication: RequestAuthentication,
        returnTo: LocalPath
    ) -> WebResponse {
        var page = page
        let path = Self.signInPath(returnTo: returnTo)
        page.actions = [.link("Try again", path), .link("Front page", "/")]
        if page.kind == .signInFailed {
            page.actions.insert(.link("Use another account", path + "&prompt=select_account"), at: 1)
        }
        return render(page, authentication, signIn: page.status == .unauthorized ? path : nil)
    }

    /// A page for people, a problem document for programs.
    func render(
        _ page: WebPage,
        _ authentication: RequestAuthentication,
        signIn: String? = nil
    ) -> WebResponse {
        var page = page
        page.user = authentication.user
        if page.status.code >= 400, page.correlationID == nil { page.correlationID = authentication.correlationID }
        var answer: WebResponse
        if authentication.facts.visitor == .person {
            answer = .html(html(page, authentication), status: page.status)
        } else {
            let url = signIn.map { configuration.publicBaseURL.url($0) }
            answer = WebResponse(
                status: page.status,
                headerFields: [.contentType: "application/problem+json"],
                body: ProblemDocument(page, signInURL: url).json()
            )
        }
        answer.head.headerFields[.cacheControl] = "no-store"
        answer.head.headerFields[.vary] = "Accept, Sec-Fetch-Dest, Sec-Fetch-Mode"
        if page.status == .unauthorized {
            // RFC 9110 §11.6.1 wants a challenge; the scheme says that a session is what is missing.
            answer.head.headerFields[.wwwAuthenticate] = "Session realm=\"sign-in\""
        }
        return answer
    }

    /// The application's look, or the built-in one if that fails.
    private func html(_ page: WebPage, _ authentication: RequestAuthentication) -> String {
        do {
            return try pages.html(for: page)
        } catch {
            log(error, "A page could not be rendered", authentication)
            return StandardPages().html(for: page)
        }
    }

    /// One line for what cannot be thrown: kinds and codes, nothing that came from outside but identifiers.
    func log(_ error: any Error, _ message: Logger.Message, _ authentication: RequestAuthentication) {
        var metadata: Logger.Metadata = [
            "msal.correlation_id": "\(authentication.correlationID)",
            "msal.error": "\(String(reflecting: type(of: error)))",
        ]
        if let error = error as? AuthenticationError {
            metadata["msal.kind"] = "\(error.kind)"
            metadata["msal.code"] = "\(error.code)"
            metadata["msal.provider_correlation_id"] = error.correlationID.map { "\($0)" }
            if !error.aadstsCodes.isEmpty {
                metadata["msal.aadsts"] = "\(error.aadstsCodes.map(String.init).joined(separator: ","))"
            }
        } else if let error = error as? WebError {
            metadata["msal.code"] = "\(error.code.rawValue)"
            metadata["msal.reason"] = "\(error.message)"
        }
        authentication.logger.info(message, metadata: metadata)
    }
}
