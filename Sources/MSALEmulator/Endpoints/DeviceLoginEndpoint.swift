// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Synchronization

/// `/devicelogin`: where a person types the code of a device, signs in and agrees (RFC 8628 §3.3).
struct DeviceLoginEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// Asks for the code; one in the query is not taken, since the person is to type what the device shows.
    func page(_ incoming: Incoming) -> Answer {
        DeviceCodePage(code: nil, error: nil).answer(postingTo: nil)
    }

    /// Takes the code, or the person's decision.
    func respond(to incoming: Incoming) throws -> Answer {
        let form = try incoming.form()
        switch form["action"] {
        case "approve", "decline": return try decide(form, incoming)
        default: return try begin(form["otc"], incoming)
        }
    }

    /// Leads from the code to the sign-in pages.
    private func begin(_ text: String?, _ incoming: Incoming) throws -> Answer {
        guard let text else { return ask(again: nil, "Enter the code that the device shows.") }
        guard let code = UserCode.normalized(text) else { return ask(again: text, Self.wrongCode) }
        switch platform.devices.withLock({ $0.lookUp(userCode: code, now: platform.now()) }) {
        case .unknown: return ask(again: text, Self.wrongCode)
        case .tooMany:
            var answer = ask(again: text, "Too many wrong codes were typed. Wait a minute, then try again.")
            answer.status = .tooManyRequests
            return answer.adding([.retryAfter: "60"])
        case .found(let id, let device):
            let application = try platform.client(device.clientID.text, at: device.segment)
            let request = AuthorizationRequest(device: device, id: id, application: application)
            let delivery = ReplyDelivery(
                reply: request.reply,
                base: incoming.base,
                trace: incoming.trace,
                method: incoming.method
            )
            return try AuthorizeEndpoint(platform: platform).begin(request, incoming, delivery)
        }
    }

    /// Asks the person, who is signed in now, whether the device may have what it asks for.
    func confirm(
        _ grant: UserGrant,
        _ user: User,
        _ application: Application,
        _ device: DeviceAuthorization.ID
    ) -> Answer {
        let now = platform.now()
        let confirmation = DeviceConfirmation(
            device: device,
            application: application,
            grant: grant,
            expires: now.addingTimeInterval(DeviceAuthorizationStore.lifetime)
        )
        return DeviceConfirmationPage(
            token: platform.devices.withLock { $0.add(confirmation, now: now) },
            username: user.userPrincipalName,
            application: application.displayName
        )
        .answer(postingTo: nil)
    }

    /// Tells the device that the person refused.
    func decline(_ device: DeviceAuthorization.ID, _ application: Application) throws(PlatformError) -> Answer {
        try settle(device, .declined)
        return DeviceDonePage(isApproved: false, application: application.displayName).answer(postingTo: nil)
    }

    /// Takes the decision of the person whose browser is still signed in.
    private func decide(_ form: Parameters, _ incoming: Incoming) throws(PlatformError) -> Answer {
        let now = platform.now()
        let session = platform.sessions.withLock { $0.session(BrowserCookie(incoming).value, now: now) }
        guard let token = form["ctx"],
            let confirmation = platform.devices.withLock({ $0.confirmation(token, now: now) }),
            session?.accounts.contains(where: { $0.sessionID == confirmation.grant.sessionID }) == true
        else { throw .flowExpired }
        platform.devices.withLock { $0.removeConfirmation(token) }
        guard form["action"] == "approve" else {
            return try decline(confirmation.device, confirmation.application)
        }
        try settle(confirmation.device, .approved(confirmation.grant))
        return DeviceDonePage(isApproved: true, application: confirmation.application.displayName)
            .answer(postingTo: nil)
    }

    /// Settles the matter, unless it is settled or too old.
    private func settle(
        _ device: DeviceAuthorization.ID,
        _ state: DeviceAuthorization.State
    ) throws(PlatformError) {
        let now = platform.now()
        guard platform.devices.withLock({ $0.decide(device, state, now: now) }) else { throw .deviceAnswered }
    }

    /// The page once more, with what was wrong.
    private func ask(again code: String?, _ error: String) -> Answer {
        DeviceCodePage(code: code, error: error).answer(postingTo: nil)
    }

    /// Said of codes that never were, that have expired and that were used: what it was is nobody's business.
    private static let wrongCode = "That code did not work. Check it, or get a new one on the device."
}
