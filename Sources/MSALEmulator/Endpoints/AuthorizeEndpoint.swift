// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Synchronization

/// `/{tenant}/oauth2/v2.0/authorize`, by GET and POST (RFC 6749 §3.1).
struct AuthorizeEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// Answers with a redirect, a page or, for faults that must not be sent anywhere, an error for the person.
    func respond(to incoming: Incoming) throws -> Answer {
        let parameters = incoming.method == .post ? try incoming.form() : incoming.query
        guard !parameters.isMalformed else { throw PlatformError.malformed("The query cannot be decoded.") }
        var incoming = incoming
        incoming.takeCorrelationID(from: parameters)
        let segment = try incoming.segment(in: platform.directory)
        let (application, reply) = try address(parameters, segment)
        let delivery = ReplyDelivery(reply: reply, base: incoming.base, trace: incoming.trace, method: incoming.method)
        let request: AuthorizationRequest
        do {
            request = try AuthorizationRequest(
                parameters,
                segment: segment,
                application: application,
                reply: reply,
                directory: platform.directory
            )
        } catch {
            return delivery.failure(error)
        }
        return try begin(request, incoming, delivery)
    }

    /// Settles who asks and where the answer may go; whatever is wrong here stays on a page (RFC 6749 §4.1.2.1).
    private func address(
        _ parameters: Parameters,
        _ segment: TenantSegment
    ) throws(PlatformError) -> (Application, Reply) {
        for name in ["client_id", "redirect_uri"] where parameters.repeats(name) { throw .repeated(name) }
        guard let clientID = parameters["client_id"] else { throw .missing("client_id") }
        let application = try platform.client(clientID, at: segment)
        let named = parameters["redirect_uri"]
        if let named, !application.redirectURIs.contains(where: { $0.matches(named) }) {
            throw .redirectUnknown(named, application.id)
        }
        guard let redirectURI = named ?? application.redirectURIs.first?.text else { throw .redirectMissing }
        guard let type = parameters["response_type"] else { throw .missing("response_type") }
        let standard: Reply.Mode = type == "code" ? .query : .fragment
        // A mode that cannot be used is reported the standard way.
        var mode = parameters["response_mode"].flatMap { Reply.Mode(rawValue: $0) } ?? standard
        if mode == .query { mode = standard }
        let reply = Reply(
            redirectURI: redirectURI,
            isNamed: named != nil,
            mode: mode,
            state: parameters.repeats("state") ? nil : parameters["state"]
        )
        return (application, reply)
    }

    /// Finishes at once when it can, and shows the first page otherwise.
    func begin(
        _ request: AuthorizationRequest,
        _ incoming: Incoming,
        _ delivery: ReplyDelivery
    ) throws -> Answer {
        let cookie = BrowserCookie(incoming)
        let now = platform.now()
        let known = platform.sessions.withLock { $0.session(cookie.value, now: now) }
        let step = SignInStep.first(
            for: request,
            accounts: known?.accounts ?? [],
            directory: platform.directory,
            now: now
        )
        .demandingSecondFactor(for: request, in: platform.directory)
        switch step {
        case .fail(let error): return delivery.failure(error)
        case .done(let user, let account):
            return SignInCompletion(platform: platform, delivery: delivery).finish(request, user, account)
        case .askUsername, .askPassword, .askSecondFactor, .chooseAccount: break
        }
        let session = known ?? BrowserSession(browserID: .random(), expires: now + SessionStore.sessionLifetime)
        let flow = SignInFlow(
            request: request,
            browserID: session.browserID,
            expires: now + SessionStore.flowLifetime,
            firstFactorOf: step.secondFactorUser?.id
        )
        let (token, value) = platform.sessions.withLock { store in
            (store.add(flow, now: now), known == nil ? store.keep(session, replacing: nil, now: now) : nil)
        }
        return SignInPages(flow: flow, token: token, base: incoming.base)
            .page(for: step)
            .setting(value.map { cookie.header($0) })
    }
}
