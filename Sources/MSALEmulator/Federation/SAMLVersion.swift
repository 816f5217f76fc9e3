// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The versions of assertions that the platform takes.
enum SAMLVersion: String, Sendable, CaseIterable {
    /// SAML 1.1.
    case one = "1.1"
    /// SAML 2.0.
    case two = "2.0"

    /// The namespace of the assertion's elements, which is also its token type; that of 1.1 says 1.0.
    var namespace: String {
        switch self {
        case .one: "urn:oasis:names:tc:SAML:1.0:assertion"
        case .two: "urn:oasis:names:tc:SAML:2.0:assertion"
        }
    }

    /// The version that a request to a federation server names by its token type; nil for one it cannot write.
    init?(tokenType: String) {
        let profile = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#SAMLV"
        guard
            let version = Self.allCases.first(where: { $0.namespace == tokenType || profile + $0.rawValue == tokenType }
            )
        else { return nil }
        self = version
    }
}
