// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// The resources whose tokens are shown as assertions, and the subjects of those tokens.
struct TokenExchange: Sendable {
    /// The client ID.
    let clientID: String
    /// What scopes and federated credentials name it by.
    let identifierURI: String
    /// What pages call it.
    private let displayName: String

    /// For federated identity credentials, and for the legs of agents.
    static let standard = TokenExchange(
        clientID: "fb60f99c-7a34-4190-8149-302f77469936",
        identifierURI: EmulatorSeed.FederatedCredential.standardAudience,
        displayName: "Azure AD Token Exchange"
    )
    /// For credentials that a federated managed identity hands on.
    static let managed = TokenExchange(
        clientID: GUID(derivedFrom: "Azure FMI Token Exchange").text,
        identifierURI: "api://AzureFMITokenExchange",
        displayName: "Azure FMI Token Exchange"
    )

    /// Whether tokens for a resource may be had for an `fmi_path`.
    static func isResource(_ id: GUID) -> Bool {
        [standard, managed].contains { $0.clientID == id.text }
    }

    /// The audience as federated credentials spell it: this platform's own tokens name the resource by client ID.
    static func audience(_ audience: String) -> String {
        [standard, managed].first { $0.clientID == audience.lowercased() }?.identifierURI ?? audience
    }

    /// The subject of a token that an application got for an `fmi_path`.
    static func subject(tenantID: GUID, clientID: GUID, path: String) -> String {
        "/eid1/c/pub/t/\(encode(tenantID))/a/\(encode(clientID))/\(path)"
    }

    /// The application object; `home` is the tenant it is filed under.
    func application(home: String) -> EmulatorSeed.Application {
        EmulatorSeed.Application(
            clientID: clientID,
            displayName: displayName,
            homeTenant: home,
            isMultiTenant: true,
            identifierURIs: [identifierURI]
        )
    }

    /// A GUID in base64url, its first three groups with the last byte first, as the platform writes them.
    private static func encode(_ id: GUID) -> String {
        let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
        let bytes = id.bytes
        return Base64URL.encode(order.map { bytes[$0] })
    }
}
