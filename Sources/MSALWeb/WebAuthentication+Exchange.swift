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

/// What ``WebAuthentication/receive(_:)`` made of a request.
public struct Reception: Sendable {
    /// Who sends the request, for the route's context and for ``WebAuthentication/finish(_:for:)``.
    public let authentication: RequestAuthentication
    /// The answer, if the request is one of this module's own or was refused; else the route's turn comes.
    public let answer: WebResponse?
}

extension WebAuthentication {
    /// Takes a request in: loads its session, refuses what another site's page sent, and serves `/auth/…`.
    public func receive(_ request: WebRequest) async -> Reception {
        let facts = RequestFacts(request, baseURL: configuration.publicBaseURL)
        var authentication = RequestAuthentication(
            web: self,
            session: nil,
            facts: facts,
            logger: request.logger
        )
        do {
            let sent = RequestCookies(request.head.headerFields)
            let session = try await loadSession(sent[cookies.sessionName])
            authentication = RequestAuthentication(
                web: self,
                session: session,
                facts: facts,
                logger: request.logger
            )
            let route = AuthenticationRoute(path: facts.path)
            if route != .callback { try await refuseForgery(request, authentication) }
            guard let route else { return Reception(authentication: authentication, answer: nil) }
            let answer = try await serve(route, request, sent, authentication)
            return Reception(authentication: authentication, answer: strip(answer, for: facts))
        } catch {
            return await Reception(authentication: authentication, answer: answer(to: error, for: authentication))
        }
    }

    /// Puts the security fields on an answer, whoever made it.
    public func finish(_ head: inout HTTPResponse, for authentication: RequestAuthentication) {
        configuration.securityHeaders.apply(
            to: &head.headerFields,
            baseURL: configuration.publicBaseURL,
            providerOrigins: providerOrigins,
            isSignedIn: authentication.session != nil,
            isSignInPage: AuthenticationRoute(path: authentication.facts.path) != nil
        )
    }

    /// Serves one of this module's routes.
    private func serve(
        _ route: AuthenticationRoute,
        _ request: WebRequest,
        _ sent: RequestCookies,
        _ authentication: RequestAuthentication
    ) async throws -> WebResponse {
        let method = request.head.method
        switch (route, method) {
        case (.signIn, .get), (.signIn, .head):
            return try await startSignIn(request, sent, authentication)
        case (.callback, .get), (.callback, .post):
            return try await completeSignIn(request, sent, authentication)
        case (.signOut, .get), (.signOut, .head):
            return confirmSignOut(authentication)
        case (.signOut, .post):
            return try await signOut(authentication)
        case (.signedOut, .get), (.signedOut, .head):
            return render(.signedOut(), authentication)
        case (.error, .get), (.error, .head):
            return usedSignIn(request, authentication)
        case (.styleSheet, .get), (.styleSheet, .head):
            return Self.styleSheet
        default:
            let allowed = route == .callback || route == .signOut ? "GET, POST" : "GET, HEAD"
            var answer = render(.methodNotAllowed(), authentication)
            answer.head.headerFields[.allow] = allowed
            return answer
        }
    }

    /// The session of a cookie, its use noted.
    ///
    /// Ids we do not know are never taken over. Their cookie is left alone: taking it away could take away a newer one
    /// that another tab has just got.
    private func loadSession(_ cookie: String?) async throws -> SessionRecord? {
        guard let cookie, let id = SessionID(cookie) else { return nil }
        let now = time.now
        let record: SessionRecord?
        do {
            record = try await sessions.session(for: id.key, at: now)
        } catch {
            throw WebError(.unavailable, "Sessions cannot be read right now.", underlying: error)
        }
        guard let record, now < record.expiresAt else { return nil }
        // Not each request is worth a write.
        guard now.timeIntervalSince(record.lastSeenAt) >= Self.touchInterval else { return record }
        let end = configuration.sessionLifetime.end(createdAt: record.session.createdAt, lastSeenAt: now)
        do {
            try await sessions.touch(id.key, lastSeenAt: now, expiresAt: end)
        } catch {
            throw WebError(.unavailable, "Sessions cannot be written right now.", underlying: error)
        }
        return record
    }

    /// How many seconds pass before the use of a session is noted again.
    private static var touchInterval: TimeInterval { 30 }

    /// Lets a request that wants a change pass only if a page of ours sent it.
    private func refuseForgery(_ request: WebRequest, _ authentication: RequestAuthentication) async throws {
        guard !request.isSafe else { return }
        guard crossSite.verdict(request.head.headerFields) != .otherSite else {
            throw WebError(.forbidden, "The request came from a page of another site, so it was not carried out.")
        }
        // Without a session there is nothing that another site could use.
        guard let session = authentication.session else { return }
        var token = request.head.headerFields[.xCSRFToken]
        if token == nil, request.hasForm {
            token = try await request.form(maximumBytes: configuration.maximumFormBytes)[CSRFToken.fieldName]
        }
        guard let token, CSRFToken.isValid(token, for: session.session.csrfSecret) else {
            throw WebError(
                .forbidden,
                "The page was opened before you last signed in, so its form was not carried out. Load it again."
            )
        }
    }

    /// An answer to HEAD has no body, and says how long it would be.
    func strip(_ answer: WebResponse, for facts: RequestFacts) -> WebResponse {
        guard facts.method == .head else { return answer }
        var answer = answer
        answer.head.headerFields[.contentLength] = String(answer.body.count)
        answer.body = []
        return answer
    }

    /// How the built-in pages look.
    private static var styleSheet: WebResponse {
        WebResponse(
            status: .ok,
            headerFields: [.contentType: "text/css; charset=utf-8", .cacheControl: "public, max-age=3600"],
            body: Array(StandardPages.css.utf8)
        )
    }
}
