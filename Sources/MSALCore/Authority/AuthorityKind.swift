// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension Authority.Kind {
    /// Whether every ID token names its tenant by `tid`.
    var hasTenantClaim: Bool {
        switch self {
        case .entra, .externalID: true
        default: false
        }
    }

    /// Whether the provider knows the platform's `client_info` parameter.
    var sendsClientInfo: Bool {
        switch self {
        case .entra, .b2c, .externalID: true
        default: false
        }
    }
}
