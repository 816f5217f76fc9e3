// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes

/// Finds out which application calls the token endpoint, and whether it is that one (RFC 6749 §2.3).
struct ClientAuthentication: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// What `Authorization: Basic` carries.
    private struct Credential {
        /// The client ID.
        let clientID: String
        /// The secret.
        let secret: String
    }

    /// The application, its secret checked when it has one.
    func client(
        _ incoming: Incoming,
        _ form: Parameters,
        _ segment: TenantSegment
    ) throws(PlatformError) -> Application {
        let basic = try basic(incoming.headers)
        if basic != nil, form["client_secret"] != nil || form["client_assertion"] != nil {
            throw .malformed("Use one client authentication method, not two.")
        }
        if let basic, let clientID = form["client_id"], GUID(clientID) != GUID(basic.clientID) {
            throw .malformed("The parameter 'client_id' and the Authorization header name different applications.")
        }
        guard let clientID = basic?.clientID ?? form["client_id"] else { throw .missing("client_id") }
        let application = try platform.client(clientID, at: segment)
        if form["client_assertion"] != nil { throw .assertionUnsupported }
        let secret = basic?.secret ?? form["client_secret"]
        guard application.isConfidential else {
            if secret != nil { throw .credentialOfPublicClient }
            return application
        }
        guard let secret else { throw .credentialMissing }
        try check(secret, of: application)
        return application
    }

    /// Compares with every secret, so that the time tells nothing.
    private func check(_ secret: String, of application: Application) throws(PlatformError) {
        let now = platform.now()
        var isKnown = false
        var isAlive = false
        for candidate in application.secrets {
            let matches = candidate.value.matches(secret)
            isKnown = isKnown || matches
            isAlive = isAlive || matches && (candidate.expires ?? .distantFuture) > now
        }
        guard isKnown else { throw .secretWrong(application.id) }
        guard isAlive else { throw .secretExpired(application.id) }
    }

    /// Reads the header; both halves are form-encoded inside the base64 (RFC 6749 §2.3.1).
    private func basic(_ headers: HTTPFields) throws(PlatformError) -> Credential? {
        let values = headers[values: .authorization]
        guard let value = values.first else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard values.count == 1, parts.count == 2, parts[0].lowercased() == "basic",
            let decoded = Data(base64Encoded: String(parts[1])),
            let colon = decoded.firstIndex(of: UInt8(ascii: ":")),
            let clientID = Parameters.decode(decoded[..<colon]),
            let secret = Parameters.decode(decoded[decoded.index(after: colon)...]),
            !clientID.isEmpty, !secret.isEmpty
        else { throw .malformed("The Authorization header is not of the form 'Basic base64(id:secret)'.") }
        return Credential(clientID: clientID, secret: secret)
    }
}
