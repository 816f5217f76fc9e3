// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension EmulatorSeed {
    /// The built-in directory: the insurer Harbour Mutual, its portal, a nightly job and an API.
    ///
    /// Everything in it is public, so it must only ever guard made-up data.
    public static let insurance = EmulatorSeed(
        tenants: [
            Tenant(
                id: Harbour.tenant,
                displayName: "Harbour Mutual",
                domains: [Harbour.domain],
                federatedDomains: [FederatedDomain(Harbour.brokers)]
            )
        ],
        users: Harbour.users,
        applications: [Harbour.portal, Harbour.nightly, Harbour.claimsAPI, Harbour.commandLine]
            + HarbourServices.applications,
        servicePrincipals: [
            ServicePrincipal(
                tenant: Harbour.tenant,
                application: Harbour.portal.clientID,
                roleAssignments: [
                    RoleAssignment("Customer", to: "customer@\(Harbour.domain)"),
                    RoleAssignment("Claims.Adjuster", to: "adjuster@\(Harbour.domain)"),
                    RoleAssignment("Policy.Underwriter", to: "underwriter@\(Harbour.domain)"),
                    RoleAssignment("Portal.Admin", to: "admin@\(Harbour.domain)"),
                ],
                delegatedPermissions: [
                    DelegatedPermission(MicrosoftGraph.identifierURI, scopes: ["User.Read"]),
                    DelegatedPermission("api://harbour-claims", scopes: ["Claims.Read", "Claims.Write"]),
                    DelegatedPermission(HarbourServices.payments, scopes: ["Payments.Settle"]),
                ]
            ),
            ServicePrincipal(tenant: Harbour.tenant, application: Harbour.nightly.clientID),
            ServicePrincipal(
                tenant: Harbour.tenant,
                application: Harbour.claimsAPI.clientID,
                roleAssignments: [RoleAssignment("Claims.Read.All", to: Harbour.nightly.clientID)],
                delegatedPermissions: [
                    DelegatedPermission(MicrosoftGraph.identifierURI, scopes: ["User.Read"]),
                    DelegatedPermission(HarbourServices.payments, scopes: ["Payments.Settle"]),
                ]
            ),
            ServicePrincipal(
                tenant: Harbour.tenant,
                application: Harbour.commandLine.clientID,
                delegatedPermissions: [
                    DelegatedPermission(MicrosoftGraph.identifierURI, scopes: ["User.Read"]),
                    DelegatedPermission("api://harbour-claims", scopes: ["Claims.Read"]),
                    DelegatedPermission(HarbourServices.payments, scopes: ["Payments.Settle"]),
                ]
            ),
        ] + HarbourServices.servicePrincipals,
        conditionalAccessPolicies: HarbourServices.policies,
        showsPasswords: true
    )
}

/// The objects of the built-in directory.
private enum Harbour {
    /// The tenant.
    static let tenant = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"
    /// Its domain.
    static let domain = "harbourmutual.example"
    /// The domain whose people sign in at a federation server.
    static let brokers = "brokers.harbourmutual.example"

    /// The web app.
    static let portal = EmulatorSeed.Application(
        clientID: "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6",
        displayName: "Harbour Mutual Portal",
        homeTenant: tenant,
        redirectURIs: ["http://localhost/auth/callback", "https://localhost/auth/callback"],
        postLogoutRedirectURIs: ["http://localhost/auth/signed-out", "https://localhost/auth/signed-out"],
        secrets: [EmulatorSeed.ClientSecret("portal-development-secret")],
        appRoles: [
            EmulatorSeed.AppRole("Customer", displayName: "Customer"),
            EmulatorSeed.AppRole("Claims.Adjuster", displayName: "Claims adjuster"),
            EmulatorSeed.AppRole("Policy.Underwriter", displayName: "Policy underwriter"),
            EmulatorSeed.AppRole("Portal.Admin", displayName: "Portal administrator"),
        ]
    )

    /// The job that runs without people.
    static let nightly = EmulatorSeed.Application(
        clientID: "2b4d6f80-1a3c-4e5f-9b7d-c0e2a4f6b8d1",
        displayName: "Harbour Mutual Nightly",
        homeTenant: tenant,
        secrets: [EmulatorSeed.ClientSecret("nightly-development-secret")],
        federatedCredentials: [HarbourServices.nightlyFederation]
    )

    /// The API.
    static let claimsAPI = EmulatorSeed.Application(
        clientID: "9a1b3c5d-7e2f-4a6b-8c0d-1e3f5a7b9c2d",
        displayName: "Harbour Claims API",
        homeTenant: tenant,
        identifierURIs: ["api://harbour-claims"],
        secrets: [EmulatorSeed.ClientSecret("claims-api-development-secret")],
        scopes: ["Claims.Read", "Claims.Write"],
        appRoles: [EmulatorSeed.AppRole("Claims.Read.All", displayName: "Read all claims")]
    )

    /// The program without a secret, for device codes and passwords.
    static let commandLine = EmulatorSeed.Application(
        clientID: "3e5a7c91-2b4d-4f60-8a1c-d3e5f7a9b1c4",
        displayName: "Harbour Mutual Command Line",
        homeTenant: tenant,
        redirectURIs: ["http://localhost"]
    )

    /// The people, one for each role, one without, one disabled, one of the federated domain.
    static let users = [
        user(
            "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d401",
            "customer",
            "Customer-Pass-1",
            ("Mara", "Lindqvist", "Policyholder", "Brackwater", "+44 20 7946 0101")
        ),
        user(
            "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d402",
            "adjuster",
            "Adjuster-Pass-1",
            ("Tobias", "Okafor", "Claims adjuster", "Quay House 2.14", "+44 20 7946 0102")
        ),
        user(
            "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d403",
            "underwriter",
            "Underwriter-Pass-1",
            ("Ines", "Marchetti", "Senior underwriter", "Quay House 3.02", "+44 20 7946 0103")
        ),
        user(
            "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d404",
            "admin",
            "Admin-Pass-1",
            ("Ravi", "Thornbury", "Platform administrator", "Quay House 1.07", "+44 20 7946 0104")
        ),
        user(
            "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d405",
            "guest",
            "Guest-Pass-1",
            ("Nele", "Fairweather", "Visitor", "Front desk", "+44 20 7946 0105")
        ),
        user(
            "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d406",
            "former",
            "Former-Pass-1",
            ("Oskar", "Pellegrin", "Former employee", "None", "+44 20 7946 0106"),
            isEnabled: false
        ),
        user(
            "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d407",
            "broker",
            "Broker-Pass-1",
            ("Amaru", "Castellanos", "Broker", "Pier 9", "+44 20 7946 0107"),
            domain: brokers
        ),
    ]

    /// One person: first name, family name, job title, office, telephone.
    static func user(
        _ id: String,
        _ name: String,
        _ password: String,
        _ person: (first: String, last: String, job: String, office: String, phone: String),
        isEnabled: Bool = true,
        domain: String = domain
    ) -> EmulatorSeed.User {
        EmulatorSeed.User(
            id: id,
            tenant: tenant,
            userPrincipalName: "\(name)@\(domain)",
            password: password,
            isEnabled: isEnabled,
            profile: EmulatorSeed.Profile(
                displayName: "\(person.first) \(person.last)",
                givenName: person.first,
                surname: person.last,
                mail: "\(person.first).\(person.last)@\(domain)".lowercased(),
                jobTitle: person.job,
                officeLocation: person.office,
                businessPhones: [person.phone],
                preferredLanguage: "en-GB"
            )
        )
    }
}
