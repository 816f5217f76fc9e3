// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Logging
public import MSALCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What is known about who sends a request; a framework's layer keeps it in the request's context.
///
/// A fresh one knows nobody and can do nothing: that is what a route sees that the layer was not installed for.
public struct RequestAuthentication: Sendable {
    /// Who is signed in, if anybody.
    public let user: SignedInUser?
    /// Names this request in logs and on error pages.
    public let correlationID: String
    /// What made this value.
    let web: WebAuthentication?
    /// The session, if there is one.
    let session: SessionRecord?
    /// What of the request is needed later.
    let facts: RequestFacts
    /// Where this request's log lines go.
    let logger: Logger

    /// Nobody is signed in, and nothing can be acquired.
    public init() {
        self = .nobody
    }

    /// The value that knows nobody, made once: each request's context begins with it.
    private static let nobody = RequestAuthentication(
        web: nil,
        session: nil,
        facts: RequestFacts(),
        logger: Logger(label: "msal.web")
    )

    /// What was found out about a request.
    init(
        web: WebAuthentication?,
        session: SessionRecord?,
        facts: RequestFacts,
        logger: Logger
    ) {
        user = session?.session.signedInUser
        correlationID = UUID().uuidString.lowercased()
        self.web = web
        self.session = session
        self.facts = facts
        self.logger = logger
    }

    /// The token for a form of this page: send it as the hidden field `csrf_token` or in the field `X-CSRF-Token`.
    ///
    /// Each call makes another text; all of them are good for the whole session. Empty when nobody is signed in. Bodies
    /// other than `application/x-www-form-urlencoded`, multipart forms among them, are not looked into: send the field.
    public var csrfToken: String {
        session.map { CSRFToken.make(for: $0.session.csrfSecret) } ?? ""
    }

    /// Where to send a person to sign in and come back to this page.
    public var signInPath: String {
        WebAuthentication.signInPath(returnTo: facts.returnPath)
    }

    /// A token for an API on behalf of the signed-in person, from the cache or with the refresh token.
    ///
    /// - Parameters:
    ///   - scopes: what the token must be good for, for one API.
    ///   - forceRefresh: passes over the access token in the cache, because the API refused it.
    /// - Returns: the token.
    /// - Throws: ``WebError`` with `signInRequired` when the person has to act; let it pass, and it becomes a redirect
    ///   for people and a 401 for programs. What else the application throws passes through.
    public func acquireToken(scopes: [String], forceRefresh: Bool = false) async throws -> AuthenticationResult {
        guard let web else {
            throw WebError(.misconfigured, "The route was added before the authentication was.")
        }
        guard let session else { throw WebError(.signInRequired, "Please sign in.") }
        do {
            return try await web.application.acquireTokenSilently(
                scopes: scopes,
                account: session.session.account,
                forceRefresh: forceRefresh
            )
        } catch let error as AuthenticationError where error.kind == .interactionRequired {
            throw WebError(
                .signInRequired,
                "Please sign in again to go on.",
                challenge: SignInChallenge(scopes: scopes, claims: error.claims),
                underlying: error
            )
        }
    }

    /// A client for an API that takes the signed-in person's token.
    public func downstream(_ api: DownstreamAPI) -> DownstreamClient {
        DownstreamClient(api: api, authentication: self)
    }

    /// Whether a policy lets this request pass.
    ///
    /// - Throws: ``WebError`` with `signInRequired`, `forbidden` or `unavailable`, to be let pass.
    /// - Returns: The signed-in person.
    @discardableResult
    public func require(_ policy: Policy) async throws -> SignedInUser {
        guard let web else {
            throw WebError(.misconfigured, "The route was added before the authentication was.")
        }
        let answer = await policy.answer(for: PolicySubject(user: user, now: web.time.now))
        switch answer {
        case .allow:
            guard let user else { throw WebError(.signInRequired, "Please sign in.") }
            return user
        case .signIn(let challenge):
            throw WebError(.signInRequired, "Please sign in.", challenge: challenge)
        case .unknown(let reason):
            logger.info(
                "A policy could not be decided",
                metadata: ["msal.policy": "\(policy.name)", "msal.reason": "\(reason)"]
            )
            throw WebError(.unavailable, "Whether you may do this cannot be told right now.")
        case .deny(let denial):
            logger.debug(
                "A policy said no",
                metadata: ["msal.policy": "\(denial.policy ?? policy.name)", "msal.reason": "\(denial.reason)"]
            )
            throw WebError(.forbidden, "Your account does not have access to this.")
        }
    }
}

/// What of a request matters after its head is gone.
struct RequestFacts: Sendable {
    /// The method.
    var method: HTTPRequest.Method = .get
    /// The path without the query.
    var path = "/"
    /// The page asked for, if it can be come back to.
    var location: LocalPath?
    /// The page of ours that the request came from.
    var referrer: LocalPath?
    /// Who waits for the answer.
    var visitor = Visitor.program

    /// Facts of nothing.
    init() {}

    /// The facts of a request.
    init(_ request: WebRequest, baseURL: PublicBaseURL) {
        method = request.head.method
        path = request.path
        location = request.location
        visitor = Visitor(request.head)
        if let page = request.head.headerFields[.referer], page.hasPrefix(baseURL.origin + "/") {
            referrer = LocalPath(page.dropFirst(baseURL.origin.count))
        }
    }

    /// True for a request that can be repeated as a plain link.
    var isNavigation: Bool { method == .get || method == .head }

    /// Where to come back to: the page itself, or for forms and scripts the page they are on.
    var returnPath: LocalPath {
        let place = isNavigation && visitor == .person ? location : referrer
        return (place ?? .root).asReturnPath
    }
}
