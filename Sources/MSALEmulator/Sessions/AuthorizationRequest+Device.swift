// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension AuthorizationRequest {
    /// What the sign-in pages work on when a person has typed the code of a device: nothing goes anywhere, and the person
    /// picks the account, since whoever sent the code may hope that the wrong one is taken.
    init(device: DeviceAuthorization, id: DeviceAuthorization.ID, application: Application) {
        segment = device.segment
        self.application = application
        reply = Reply(redirectURI: "", isNamed: false, mode: .query, state: nil, device: id)
        responseTypes = []
        scope = device.scope
        nonce = nil
        prompt = .selectAccount
        loginHint = nil
        sessionID = nil
        maximumAge = nil
        challenge = nil
        wantsClientInfo = false
        claims = device.claims
    }
}
