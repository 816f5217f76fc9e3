// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALEmulator

/// Directories that differ from the built-in one.
enum Seeds {
    static let second = "c1c1c1c1-1111-4111-8111-c1c1c1c1c1c1"
    static let secondRedirect = "https://second.example/callback?mode=a"
    static let multi = "d2d2d2d2-2222-4222-8222-d2d2d2d2d2d2"
    static let otherTenant = "a0a0a0a0-3333-4333-8333-a0a0a0a0a0a0"

    /// With a second client: https only, a query in its redirect URI, ID tokens from the authorization endpoint.
    static var twoClients: EmulatorSeed {
        var seed = EmulatorSeed.insurance
        seed.applications.append(
            EmulatorSeed.Application(
                clientID: second,
                displayName: "Second <App> & \"Sons\"",
                homeTenant: Harbour.tenant,
                redirectURIs: [secondRedirect, "https://second.example"],
                secrets: [
                    EmulatorSeed.ClientSecret("second-secret"),
                    EmulatorSeed.ClientSecret("old-secret", expires: Date(timeIntervalSince1970: 1_700_000_000)),
                ],
                allowsIDTokensFromAuthorize: true
            )
        )
        seed.servicePrincipals.append(
            EmulatorSeed.ServicePrincipal(
                tenant: Harbour.tenant,
                application: second,
                delegatedPermissions: [
                    EmulatorSeed.DelegatedPermission("https://graph.microsoft.com", scopes: ["User.Read"])
                ]
            )
        )
        return seed
    }

    /// With a second tenant and an application for both.
    static var twoTenants: EmulatorSeed {
        var seed = EmulatorSeed.insurance
        seed.tenants.append(
            EmulatorSeed.Tenant(id: otherTenant, displayName: "Tern Shipping", domains: ["tern.example"])
        )
        seed.users.append(
            EmulatorSeed.User(
                id: "e3e3e3e3-4444-4444-8444-e3e3e3e3e3e3",
                tenant: "tern.example",
                userPrincipalName: "sailor@tern.example",
                password: "Sailor-Pass-1",
                profile: EmulatorSeed.Profile(displayName: "Sal Sailor")
            )
        )
        seed.applications.append(
            EmulatorSeed.Application(
                clientID: multi,
                displayName: "Everywhere",
                homeTenant: Harbour.tenant,
                isMultiTenant: true,
                redirectURIs: ["http://localhost/auth/callback"],
                secrets: [EmulatorSeed.ClientSecret("multi-secret")]
            )
        )
        for tenant in [Harbour.tenant, otherTenant] {
            seed.servicePrincipals.append(
                EmulatorSeed.ServicePrincipal(
                    tenant: tenant,
                    application: multi,
                    delegatedPermissions: [
                        EmulatorSeed.DelegatedPermission("https://graph.microsoft.com", scopes: ["User.Read"])
                    ]
                )
            )
        }
        return seed
    }

    /// The built-in directory, whose portal demands an assigned role.
    static var assignmentRequired: EmulatorSeed {
        var seed = EmulatorSeed.insurance
        seed.servicePrincipals[0].requiresAssignment = true
        return seed
    }
}
