// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// A domain whose people show their password to a federation server, as the platform's user realm describes it.
struct FederatedDomain: Sendable, Hashable {
    /// Where the federation server describes itself.
    var metadata: Endpoint
    /// For whom its assertions are to be.
    var audience: String

    /// For whom they are where the platform does not say.
    static let defaultAudience = "urn:federation:MicrosoftOnline"

    /// Reads what the platform says of a user name; nil where the platform takes the password itself, or knows no such
    /// domain and will say so.
    ///
    /// - Parameters:
    ///   - realm: what it says.
    ///   - isLocal: whether the platform is on this very machine, so that a federation server may be there without TLS.
    /// - Throws: ``AuthenticationError`` of kind `refused` for a federation that no password can be sent to,
    ///   `rejectedResponse` for one without a place.
    init?(_ realm: JSONValue, isLocal: Bool) throws(AuthenticationError) {
        guard realm["account_type"]?.stringValue?.lowercased() == "federated" else { return nil }
        guard realm["federation_protocol"]?.stringValue?.lowercased() == "wstrust" else {
            throw AuthenticationError(
                .refused,
                .federation,
                "The person's domain is federated by a protocol that takes no password from programs. "
                    + "Sign them in with a browser or a device code."
            )
        }
        guard let url = realm["federation_metadata_url"]?.stringValue, let metadata = Endpoint(url),
            isLocal || metadata.isSecure && !metadata.isLoopback
        else {
            throw AuthenticationError(
                .rejectedResponse,
                .federation,
                "The platform says that the person's domain is federated, and names no https address of its server."
            )
        }
        self.metadata = metadata
        let audience = realm["cloud_audience_urn"]?.stringValue ?? ""
        self.audience = audience.isEmpty ? Self.defaultAudience : audience
    }
}
