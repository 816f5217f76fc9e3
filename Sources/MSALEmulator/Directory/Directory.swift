// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The objects of the running emulator, indexed; it never changes.
struct Directory: Sendable {
    /// The tenants in the order of the seed.
    private(set) var tenants: [Tenant] = []
    /// The people in the order of the seed.
    private(set) var users: [User] = []
    /// The applications, Microsoft Graph first.
    private(set) var applications: [Application] = []
    /// The service principals.
    private(set) var servicePrincipals: [ServicePrincipal] = []
    /// The conditional access policies in force.
    private(set) var policies: [ConditionalAccessPolicy] = []

    private var tenantByName: [String: Int] = [:]
    private var userByID: [GUID: Int] = [:]
    private var userByName: [String: Int] = [:]
    private var applicationByID: [GUID: Int] = [:]
    private var servicePrincipalByKey: [[GUID]: Int] = [:]

    /// Checks a seed as a whole; what is faulty is left out, so the result is of use only without faults.
    init(_ seed: EmulatorSeed, faults: inout EmulatorSeedFaults) {
        if seed.tenants.isEmpty { faults.add("tenants", "must hold at least one tenant") }
        for (index, tenant) in seed.tenants.enumerated() { add(tenant, "tenants[\(index)]", &faults) }
        for (index, user) in seed.users.enumerated() { add(user, "users[\(index)]", &faults) }
        if let home = tenants.first {
            var ignored = EmulatorSeedFaults()
            for application in Self.everywhere(home: home.id.text) { add(application, "", &ignored) }
        }
        for (index, application) in seed.applications.enumerated() {
            add(application, "applications[\(index)]", &faults)
        }
        let common = tenants.flatMap { tenant in
            Self.everywhere(home: tenant.id.text).map {
                EmulatorSeed.ServicePrincipal(tenant: tenant.id.text, application: $0.clientID)
            }
        }
        let declared = seed.servicePrincipals
        let builder = ServicePrincipalBuilder(directory: self, seeds: declared + common)
        for index in (declared + common).indices {
            guard let principal = builder.build(index, "servicePrincipals[\(index)]", &faults) else { continue }
            let key = [principal.applicationID, principal.tenantID]
            if servicePrincipalByKey[key] != nil {
                // The resources of every tenant are added, unless the seed did so already.
                guard index < declared.count else { continue }
                faults.add("servicePrincipals[\(index)]", "repeats the application's service principal in this tenant")
                continue
            }
            servicePrincipalByKey[key] = servicePrincipals.count
            servicePrincipals.append(principal)
        }
        let reader = PolicyReader(directory: self)
        policies = seed.conditionalAccessPolicies.enumerated().compactMap { index, policy in
            reader.read(policy, "conditionalAccessPolicies[\(index)]", &faults)
        }
    }

    /// The resources that every tenant has; `home` is the tenant they are filed under.
    private static func everywhere(home: String) -> [EmulatorSeed.Application] {
        [MicrosoftGraph.application(home: home)]
            + [TokenExchange.standard, .managed].map { $0.application(home: home) }
    }

    /// The tenant of that GUID or domain.
    func tenant(_ name: String) -> Tenant? {
        tenantByName[name.lowercased()].map { tenants[$0] }
    }

    /// The person of that object ID.
    func user(_ id: GUID) -> User? {
        userByID[id].map { users[$0] }
    }

    /// The person of that sign-in name, in any case.
    func user(named name: String) -> User? {
        userByName[name.lowercased()].map { users[$0] }
    }

    /// The application of that client ID.
    func application(_ id: GUID) -> Application? {
        applicationByID[id].map { applications[$0] }
    }

    /// The application of that client ID or identifier URI.
    func application(named name: String) -> Application? {
        applications.first { $0.isNamed(name) }
    }

    /// The service principal of an application in a tenant.
    func servicePrincipal(_ applicationID: GUID, in tenantID: GUID) -> ServicePrincipal? {
        servicePrincipalByKey[[applicationID, tenantID]].map { servicePrincipals[$0] }
    }

    /// Takes in a tenant.
    private mutating func add(_ seed: EmulatorSeed.Tenant, _ path: String, _ faults: inout EmulatorSeedFaults) {
        guard let id = GUID(seed.id) else { return faults.add("\(path).id", "must be a GUID") }
        if seed.domains.isEmpty { faults.add("\(path).domains", "must hold at least one domain") }
        let domains = seed.domains.enumerated().map { ("\(path).domains[\($0)]", $1.lowercased()) }
        let federated = FederatedDomain.all(seed.federatedDomains, "\(path).federatedDomains", &faults)
        for (place, name) in [("\(path).id", id.text)] + domains + federated.map({ ($0.place, $0.domain.name) }) {
            if TenantSegment.isReserved(name) || name.contains("/") {
                faults.add(place, "cannot name a tenant")
            } else if tenantByName.updateValue(tenants.count, forKey: name) != nil {
                faults.add(place, "is used twice")
            }
        }
        tenants.append(
            Tenant(
                id: id,
                displayName: seed.displayName,
                domains: domains.map(\.1) + federated.map(\.domain.name),
                federatedDomains: federated.map(\.domain)
            )
        )
    }

    /// Takes in a person.
    private mutating func add(_ seed: EmulatorSeed.User, _ path: String, _ faults: inout EmulatorSeedFaults) {
        let tenant = tenant(seed.tenant)
        if tenant == nil { faults.add("\(path).tenant", "names no tenant of this seed") }
        if seed.password.isEmpty { faults.add("\(path).password", "must not be empty") }
        let name = seed.userPrincipalName
        if name.split(separator: "@", omittingEmptySubsequences: false).count != 2
            || name.contains(where: \.isWhitespace)
        {
            faults.add("\(path).userPrincipalName", "must have the form name@domain")
        } else if let tenant, let domain = name.split(separator: "@").last?.lowercased(),
            !tenant.domains.contains(domain)
        {
            faults.add("\(path).userPrincipalName", "must end in a domain of its tenant")
        }
        guard let id = GUID(seed.id) else { return faults.add("\(path).id", "must be a GUID") }
        if userByID.updateValue(users.count, forKey: id) != nil { faults.add("\(path).id", "is used twice") }
        if userByName.updateValue(users.count, forKey: name.lowercased()) != nil {
            faults.add("\(path).userPrincipalName", "is used twice")
        }
        users.append(
            User(
                id: id,
                tenantID: tenant?.id ?? id,
                userPrincipalName: name,
                password: StoredSecret(seed.password),
                isEnabled: seed.isEnabled,
                hasExpiredPassword: seed.hasExpiredPassword,
                profile: seed.profile
            )
        )
    }

    /// Takes in an application.
    private mutating func add(_ seed: EmulatorSeed.Application, _ path: String, _ faults: inout EmulatorSeedFaults) {
        let home = tenant(seed.homeTenant)
        if home == nil { faults.add("\(path).homeTenant", "names no tenant of this seed") }
        if ![1, 2].contains(seed.accessTokenVersion) { faults.add("\(path).accessTokenVersion", "must be 1 or 2") }
        for (index, name) in seed.identifierURIs.enumerated() where application(named: name) != nil {
            faults.add("\(path).identifierURIs[\(index)]", "is used twice")
        }
        for (index, scope) in seed.scopes.enumerated() where !Scope.isName(scope) {
            faults.add("\(path).scopes[\(index)]", "must be a name without spaces and slashes")
        }
        for (index, secret) in seed.secrets.enumerated() where secret.value.isEmpty {
            faults.add("\(path).secrets[\(index)].value", "must not be empty")
        }
        let redirects = Self.redirects(seed.redirectURIs, "\(path).redirectURIs", &faults)
        let logouts = Self.redirects(seed.postLogoutRedirectURIs, "\(path).postLogoutRedirectURIs", &faults)
        guard let id = GUID(seed.clientID) else { return faults.add("\(path).clientID", "must be a GUID") }
        if applicationByID.updateValue(applications.count, forKey: id) != nil {
            faults.add("\(path).clientID", "is used twice")
        }
        applications.append(
            Application(
                id: id,
                displayName: seed.displayName,
                homeTenantID: home?.id ?? id,
                isMultiTenant: seed.isMultiTenant,
                identifierURIs: seed.identifierURIs,
                redirectURIs: redirects,
                postLogoutRedirectURIs: logouts,
                secrets: seed.secrets.map { .init(value: StoredSecret($0.value), expires: $0.expires) },
                declaredPublicClientFlows: seed.allowsPublicClientFlows,
                accessTokenVersion: seed.accessTokenVersion,
                scopes: seed.scopes,
                appRoles: seed.appRoles,
                allowsIDTokensFromAuthorize: seed.allowsIDTokensFromAuthorize,
                credentials: ApplicationCredentials(seed, in: self, path, &faults)
            )
        )
    }

    /// Checks a list of redirect URIs.
    private static func redirects(
        _ texts: [String],
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> [RedirectURI] {
        var redirects: [RedirectURI] = []
        for (index, text) in texts.enumerated() {
            do {
                redirects.append(try RedirectURI(registering: text))
            } catch {
                faults.add("\(path)[\(index)]", error.reason)
            }
        }
        return redirects
    }
}
