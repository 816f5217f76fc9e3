// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

/// A tenant of the running emulator.
struct Tenant: Sendable {
    /// Its GUID, the `tid` of tokens.
    let id: GUID
    /// What pages call it.
    let displayName: String
    /// Its verified domains in lower case, federated ones among them.
    let domains: [String]
    /// Those whose people sign in at a federation server.
    let federatedDomains: [FederatedDomain]
}

/// A person.
struct User: Sendable {
    /// The object ID, the `oid` of tokens.
    let id: GUID
    /// The tenant.
    let tenantID: GUID
    /// The sign-in name as the seed spells it.
    let userPrincipalName: String
    /// The password.
    let password: StoredSecret
    /// Whether the person may sign in.
    let isEnabled: Bool
    /// Whether the password is too old to be taken.
    let hasExpiredPassword: Bool
    /// What Graph shows.
    let profile: EmulatorSeed.Profile

    /// The opaque value of the `login_hint` claim.
    var loginHint: String { LoginHint.make(for: id) }
}

/// An application object: the developer's declaration, one for all tenants.
struct Application: Sendable {
    /// A client secret and its end.
    struct Secret: Sendable {
        /// The secret, hashed.
        let value: StoredSecret
        /// When it stops working.
        let expires: Date?
    }

    /// The client ID.
    let id: GUID
    /// What pages call it.
    let displayName: String
    /// The tenant it is at home in.
    let homeTenantID: GUID
    /// Whether other tenants may use it.
    let isMultiTenant: Bool
    /// What names it as a resource.
    let identifierURIs: [String]
    /// Where codes may be sent.
    let redirectURIs: [RedirectURI]
    /// Where a signed-out person may be sent, redirect URIs not repeated.
    let postLogoutRedirectURIs: [RedirectURI]
    /// The client secrets.
    let secrets: [Secret]
    /// What the seed says about device codes and passwords without a credential.
    let declaredPublicClientFlows: Bool?
    /// 1 or 2.
    let accessTokenVersion: Int
    /// The delegated permissions it exposes.
    let scopes: [String]
    /// The roles it declares.
    let appRoles: [EmulatorSeed.AppRole]
    /// Whether `id_token` may be asked of the authorization endpoint.
    let allowsIDTokensFromAuthorize: Bool
    /// What it proves who it is with, besides secrets.
    let credentials: ApplicationCredentials

    /// Whether it must prove who it is at the token endpoint.
    var isConfidential: Bool { !secrets.isEmpty || !credentials.isEmpty }

    /// Whether a name in a scope or audience means this application.
    func isNamed(_ name: String) -> Bool {
        let name = name.hasSuffix("/") ? String(name.dropLast()) : name
        return GUID(name) == id
            || identifierURIs.contains { ($0.hasSuffix("/") ? String($0.dropLast()) : $0) == name }
    }
}

/// An application in a tenant.
struct ServicePrincipal: Sendable {
    /// The object ID, the `oid` of app-only tokens.
    let id: GUID
    /// The tenant.
    let tenantID: GUID
    /// The application.
    let applicationID: GUID
    /// Whether it may be used.
    let isEnabled: Bool
    /// Whether only people with a role may sign in.
    let requiresAssignment: Bool
    /// The roles by object ID of the person or service principal that holds them.
    let roles: [GUID: [String]]
    /// The granted scopes by client ID of the resource.
    let delegatedPermissions: [GUID: [String]]
}

/// The opaque value that names an account in `login_hint` and `logout_hint`.
enum LoginHint {
    /// The value for a person.
    static func make(for id: GUID) -> String {
        "O." + Base64URL.encode(id.bytes)
    }

    /// The person's object ID in the text form of a GUID, when it is such a value.
    static func objectID(_ hint: String) -> GUID? {
        guard hint.hasPrefix("O."), let bytes = Base64URL.decode(String(hint.dropFirst(2))), bytes.count == 16 else {
            return nil
        }
        let digits = Array(Hexadecimal.encode(bytes))
        return GUID([0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-"))
    }
}
