// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension Application {
    /// Whether device codes and passwords need no credential of the application.
    var allowsPublicClientFlows: Bool { declaredPublicClientFlows ?? !isConfidential }

    /// Whether it may leave its credential out for a grant: an application can be both kinds of client.
    func needsNoCredential(for grantType: String?) -> Bool {
        allowsPublicClientFlows && grantType.map { Self.publicGrants.contains($0) } ?? false
    }

    /// The grants of public clients; what these began is also refreshed without a credential.
    private static let publicGrants: Set<String> = [
        "urn:ietf:params:oauth:grant-type:device_code", "device_code", "password", "refresh_token",
        "urn:ietf:params:oauth:grant-type:saml1_1-bearer", "urn:ietf:params:oauth:grant-type:saml2-bearer",
    ]
}
