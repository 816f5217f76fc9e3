// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT

/// `POST /{tenant}/oauth2/v2.0/token`.
struct TokenEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// Answers with tokens or with an error in JSON.
    func respond(to incoming: Incoming) async throws -> Answer {
        let form = try incoming.form()
        if let name = form.repeated { throw PlatformError.repeated(name) }
        if form["resource"] != nil { throw PlatformError.resourceParameter }
        let segment = try incoming.segment(in: platform.directory)
        let client = try await ClientAuthentication(platform: platform).client(incoming, form, segment)
        // Only single-page applications redeem from a browser's script.
        if incoming.headers[.origin] != nil { throw PlatformError.crossOrigin }
        let grants = GrantRedemption(
            platform: platform,
            client: client.application,
            proof: client.proof,
            segment: segment,
            base: incoming.base
        )
        let json: OrderedJSON
        switch form["grant_type"] {
        case "authorization_code": json = try grants.code(form)
        case "refresh_token": json = try grants.refresh(form)
        case "client_credentials": json = try grants.clientCredentials(form)
        case "urn:ietf:params:oauth:grant-type:device_code": json = try grants.deviceCode(form)
        // The short name is what some MSALs send.
        case "device_code" where !platform.configuration.isStrict: json = try grants.deviceCode(form)
        case "password": json = try grants.password(form)
        case "urn:ietf:params:oauth:grant-type:saml1_1-bearer": json = try grants.assertion(form, of: .one)
        case "urn:ietf:params:oauth:grant-type:saml2-bearer": json = try grants.assertion(form, of: .two)
        case "urn:ietf:params:oauth:grant-type:jwt-bearer": json = try grants.onBehalfOf(form)
        case "user_fic": json = try grants.userFederatedCredential(form)
        case nil: throw PlatformError.missing("grant_type")
        case .some(let other): throw PlatformError.grantUnsupported(other)
        }
        return Answer.json(json).notStored().adding([.clientTelemetry: "1,0,0,,"])
    }

    /// An error in the platform's envelope.
    static func failure(_ error: PlatformError, _ trace: Trace, base: BaseURL, usedBasic: Bool) -> Answer {
        var answer = Answer.json(error.json(trace, base: base), status: error.status)
            .notStored()
            .adding([.clientTelemetry: "1,\(error.code),0,,"])
        if error.status == .unauthorized, usedBasic {
            answer.headers[.wwwAuthenticate] = "Basic realm=\"\(base)\""
        }
        return answer
    }
}
