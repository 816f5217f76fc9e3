// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// What `client_info` says: the account's home object and home tenant.
struct ClientInfo: Sendable, Hashable {
    /// The object identifier at home; for B2C it carries the policy.
    var uid: String
    /// The home tenant.
    var utid: String

    /// The key of the account everywhere: `uid.utid`.
    var homeAccountID: String { "\(uid).\(utid)" }

    /// Reads the member of a token answer.
    ///
    /// - Returns: nil for the form that names no user (`{"authz": […]}`), which app-only answers carry.
    /// - Throws: ``AuthenticationError`` with the code `clientInfo` when it is not base64url of a JSON object of that form.
    init?(_ text: String) throws(AuthenticationError) {
        guard
            let bytes = Base64URL.decode(text),
            let json = try? JSONValue(parsing: bytes), let members = json.objectValue
        else { throw Self.malformed }
        switch (members["uid"], members["utid"]) {
        case (.string(let uid), .string(let utid)) where !uid.isEmpty && !utid.isEmpty:
            self.uid = uid
            self.utid = utid
        case (nil, nil):
            return nil
        default:
            throw Self.malformed
        }
    }

    private static var malformed: AuthenticationError {
        AuthenticationError(
            .rejectedResponse,
            .clientInfo,
            "The answer's client_info is malformed, so its account cannot be trusted."
        )
    }
}
