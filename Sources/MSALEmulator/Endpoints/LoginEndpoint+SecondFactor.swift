// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

extension LoginEndpoint {
    /// Goes on once somebody has signed in: asks for the second factor where a policy does, and answers otherwise.
    func proceed(
        _ user: User,
        _ account: BrowserSession.Account,
        _ flow: SignInFlow,
        _ token: String,
        _ pages: SignInPages,
        _ delivery: ReplyDelivery
    ) -> Answer {
        let verdict = ConditionalAccess(directory: platform.directory).verdict(for: flow.request, user, account)
        guard verdict.unmet.isEmpty else {
            platform.sessions.withLock { $0.noteFirstFactor(of: user.id, in: token) }
            return pages.secondFactor(user, verdict.unmet)
        }
        platform.sessions.withLock { $0.removeFlow(token) }
        return SignInCompletion(platform: platform, delivery: delivery).finish(flow.request, user, account)
    }

    /// Takes the second factor of whoever showed the first one in this sign-in.
    func approve(
        _ flow: SignInFlow,
        _ token: String,
        _ cookie: BrowserCookie,
        _ pages: SignInPages,
        _ delivery: ReplyDelivery
    ) -> Answer {
        let account = platform.sessions.withLock { store -> BrowserSession.Account? in
            guard let value = cookie.value, let userID = flow.firstFactorOf else { return nil }
            store.update(value) { $0.noteSecondFactor(of: userID) }
            return store.session(value, now: platform.now())?.accounts.first { $0.userID == userID }
        }
        guard let account, let user = platform.directory.user(account.userID), user.isEnabled else {
            return pages.username(nil, error: "Sign in first.")
        }
        return proceed(user, account, flow, token, pages, delivery)
    }

    /// Ends a sign-in whose second factor was refused.
    func deny(_ flow: SignInFlow, _ token: String, _ delivery: ReplyDelivery) throws -> Answer {
        platform.sessions.withLock { $0.removeFlow(token) }
        if let device = flow.request.reply.device {
            return try DeviceLoginEndpoint(platform: platform).decline(device, flow.request.application)
        }
        return delivery.failure(.secondFactorDenied)
    }
}
