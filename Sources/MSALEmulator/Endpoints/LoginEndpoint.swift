// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Synchronization

/// `/{tenant}/login`: where the sign-in pages send their forms.
struct LoginEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// Takes one step of a sign-in.
    func respond(to incoming: Incoming) throws -> Answer {
        let form = try incoming.form()
        let cookie = BrowserCookie(incoming)
        let now = platform.now()
        let (session, flow) = platform.sessions.withLock { store in
            let session = store.session(cookie.value, now: now)
            return (session, form["ctx"].flatMap { store.flow($0, browserID: session?.browserID, now: now) })
        }
        guard let session, let flow, let token = form["ctx"] else { throw PlatformError.flowExpired }
        let pages = SignInPages(flow: flow, token: token, base: incoming.base)
        let delivery = ReplyDelivery(
            reply: flow.request.reply,
            base: incoming.base,
            trace: incoming.trace,
            method: incoming.method
        )
        switch form["action"] {
        case "cancel":
            platform.sessions.withLock { $0.removeFlow(token) }
            if let device = flow.request.reply.device {
                return try DeviceLoginEndpoint(platform: platform).decline(device, flow.request.application)
            }
            return delivery.failure(.cancelled)
        case "back", "other":
            return pages.username(form["action"] == "back" ? form["loginfmt"] : nil, error: nil)
        case "account":
            return choose(form["account"], session, flow, token, pages, delivery)
        case "approve": return approve(flow, token, cookie, pages, delivery)
        case "deny": return try deny(flow, token, delivery)
        default: break
        }
        guard let name = form["loginfmt"] else {
            return pages.username(nil, error: "Enter a user name, in the form name@domain.")
        }
        guard let user = platform.directory.user(named: name) else {
            return pages.username(name, error: "There is no account with that user name in this emulator.")
        }
        guard SignInStep.isWelcome(user, at: flow.request.segment) else {
            return pages.username(name, error: "That account belongs to another organization.")
        }
        guard let password = form["passwd"] else {
            let error = form["action"] == "password" ? "Enter the password." : nil
            return pages.password(user, error: error)
        }
        do {
            try platform.check(password, of: user)
        } catch {
            return pages.password(user, error: error.sentence)
        }
        return signIn(user, session, flow, token, cookie, pages, delivery)
    }

    /// Signs in, with a new cookie, and goes on.
    private func signIn(
        _ user: User,
        _ session: BrowserSession,
        _ flow: SignInFlow,
        _ token: String,
        _ cookie: BrowserCookie,
        _ pages: SignInPages,
        _ delivery: ReplyDelivery
    ) -> Answer {
        let now = platform.now()
        let (account, value) = platform.sessions.withLock { store in
            var session = store.session(cookie.value, now: now) ?? session
            session.expires = now + SessionStore.sessionLifetime
            let account = session.signIn(user, at: now)
            return (account, store.keep(session, replacing: cookie.value, now: now))
        }
        return proceed(user, account, flow, token, pages, delivery).setting(cookie.header(value))
    }

    /// Goes on with one of the accounts that are signed in already.
    private func choose(
        _ id: String?,
        _ session: BrowserSession,
        _ flow: SignInFlow,
        _ token: String,
        _ pages: SignInPages,
        _ delivery: ReplyDelivery
    ) -> Answer {
        guard let account = session.accounts.first(where: { $0.userID.text == id }),
            let user = platform.directory.user(account.userID), user.isEnabled
        else { return pages.username(nil, error: "That account is no longer signed in.") }
        if let age = flow.request.maximumAge, account.authenticatedAt.addingTimeInterval(Double(age)) < platform.now() {
            return pages.password(user, error: nil)
        }
        return proceed(user, account, flow, token, pages, delivery)
    }
}
