// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The part of the built-in directory that is for programs: an API behind a policy, and an agent.
enum HarbourServices {
    /// What scopes name the payments API by.
    static let payments = "api://harbour-payments"
    /// The tenant.
    private static let tenant = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"

    /// The API whose tokens need a second factor.
    private static let paymentsAPI = EmulatorSeed.Application(
        clientID: "4c6e8a0b-2d1f-4b3c-8e5a-7f9d1b3c5e6a",
        displayName: "Harbour Payments API",
        homeTenant: tenant,
        identifierURIs: [payments],
        scopes: ["Payments.Settle"]
    )

    /// The application that gets assertions for its agents.
    private static let blueprint = EmulatorSeed.Application(
        clientID: "6e8a0c2d-4f3b-4d5e-9a7c-8b1d3f5e7a9c",
        displayName: "Harbour Claims Agents",
        homeTenant: tenant,
        secrets: [EmulatorSeed.ClientSecret("agents-development-secret")]
    )

    /// The agent, which has no credential but what its blueprint gets for it.
    private static let agent = EmulatorSeed.Application(
        clientID: "8a0c2e4f-6b5d-4f7a-8c9e-9d3f5b7a1c2e",
        displayName: "Harbour Triage Agent",
        homeTenant: tenant,
        blueprint: blueprint.clientID,
        agentUsers: ["adjuster@harbourmutual.example"]
    )

    /// The applications.
    static let applications = [paymentsAPI, blueprint, agent]

    /// The credential of the nightly job in a made-up cluster.
    static let nightlyFederation = EmulatorSeed.FederatedCredential(
        issuer: "/workload/harbour-cluster",
        subject: "system:serviceaccount:claims:nightly"
    )

    /// The applications in the tenant.
    static let servicePrincipals = [
        EmulatorSeed.ServicePrincipal(tenant: tenant, application: paymentsAPI.clientID),
        EmulatorSeed.ServicePrincipal(tenant: tenant, application: blueprint.clientID),
        EmulatorSeed.ServicePrincipal(
            tenant: tenant,
            application: agent.clientID,
            delegatedPermissions: [
                EmulatorSeed.DelegatedPermission(MicrosoftGraph.identifierURI, scopes: ["User.Read"]),
                EmulatorSeed.DelegatedPermission("api://harbour-claims", scopes: ["Claims.Read"]),
            ]
        ),
    ]

    /// The policies: one guards a resource, one an authentication context.
    static let policies = [
        EmulatorSeed.ConditionalAccessPolicy(
            id: "a1c3e5f7-9b2d-4e6f-8a0c-1d3f5b7c9e2a",
            tenant: tenant,
            displayName: "Payments need a second factor",
            resources: [payments]
        ),
        EmulatorSeed.ConditionalAccessPolicy(
            id: "b2d4f6a8-0c3e-4f7a-9b1d-2e4a6c8d0f3b",
            tenant: tenant,
            displayName: "Settling claims needs a second factor",
            authenticationContexts: ["c1"]
        ),
    ]
}
