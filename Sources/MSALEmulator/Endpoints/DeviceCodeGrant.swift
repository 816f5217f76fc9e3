// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Synchronization

extension GrantRedemption {
    /// The device code grant (RFC 8628 §3.4): the device asks again and again, and gets its tokens once.
    func deviceCode(_ form: Parameters) throws -> OrderedJSON {
        // Some MSALs repeat the code under the name of the other grant.
        guard let code = form["device_code"] ?? form["code"] else { throw PlatformError.missing("device_code") }
        guard client.isConfidential || client.allowsPublicClientFlows else { throw PlatformError.credentialMissing }
        let isStrict = platform.configuration.isStrict
        let known = platform.devices.withLock { $0.device(code) }
        guard let (id, device) = known, device.clientID == client.id, device.segment == segment,
            let poll = platform.devices.withLock({ $0.poll(id, at: platform.now(), limitsPace: isStrict) })
        else { throw PlatformError.deviceCodeUnknown(isStrict: isStrict) }
        switch poll {
        case .pending: throw PlatformError.devicePending
        case .slowDown: throw PlatformError.deviceTooFast
        case .declined: throw PlatformError.deviceDeclined(isStrict: isStrict)
        case .expired: throw PlatformError.deviceCodeExpired
        case .redeemed: throw PlatformError.codeRedeemed
        case .approved(let grant):
            let answer = try answer(
                grant,
                try user(grant),
                resources: grant.scope.resources,
                nonce: nil,
                form,
                claims: device.claims
            )
            guard platform.devices.withLock({ $0.redeem(id) }) else { throw PlatformError.codeRedeemed }
            return answer
        }
    }
}
