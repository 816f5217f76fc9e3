// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import Synchronization

/// `POST /{tenant}/oauth2/v2.0/devicecode` (RFC 8628 §3.1).
struct DeviceAuthorizationEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// Answers with both codes, members in the platform's order.
    ///
    /// As on the platform, whether the application may do this without a credential is asked at the token endpoint only.
    func respond(to incoming: Incoming) throws -> Answer {
        let form = try incoming.form()
        if let name = form.repeated { throw PlatformError.repeated(name) }
        if form["resource"] != nil { throw PlatformError.resourceParameter }
        let segment = try incoming.segment(in: platform.directory)
        guard let clientID = form["client_id"] else { throw PlatformError.missing("client_id") }
        let application = try platform.client(clientID, at: segment)
        guard let text = form["scope"] else { throw PlatformError.missing("scope") }
        let scope = try ScopeRequest(text, in: platform.directory)
        let claims = try ClaimsRequest(form["claims"])
        let codes = platform.devices.withLock { store in
            store.add(
                clientID: application.id,
                segment: segment,
                scope: scope,
                claims: claims,
                now: platform.now()
            )
        }
        let page = "\(incoming.base)/devicelogin"
        let json = OrderedJSON([
            "user_code": .string(codes.userCode),
            "device_code": .string(codes.deviceCode),
            "verification_uri": .string(page),
            "expires_in": .integer(Int64(DeviceAuthorizationStore.lifetime)),
            "interval": .integer(Int64(DeviceAuthorization.interval)),
            "message": .string(
                "To sign in, use a web browser to open the page \(page) and enter the code \(codes.userCode) to "
                    + "authenticate."
            ),
        ])
        return Answer.json(json).notStored()
    }
}
