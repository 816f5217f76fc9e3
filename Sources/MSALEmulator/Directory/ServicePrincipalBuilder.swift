// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Makes service principals, once tenants, people and applications are known.
struct ServicePrincipalBuilder {
    /// What is known already.
    let directory: Directory
    /// All service principals of the seed: role assignments may name any of them.
    let seeds: [EmulatorSeed.ServicePrincipal]

    /// Resolves the references of one; nil when it cannot be placed.
    func build(_ index: Int, _ path: String, _ faults: inout EmulatorSeedFaults) -> ServicePrincipal? {
        let seed = seeds[index]
        let tenant = directory.tenant(seed.tenant)
        if tenant == nil { faults.add("\(path).tenant", "names no tenant of this seed") }
        let application = directory.application(named: seed.application)
        if application == nil { faults.add("\(path).application", "names no application of this seed") }
        guard let tenant, let application else { return nil }
        if !application.isMultiTenant, application.homeTenantID != tenant.id {
            faults.add("\(path).tenant", "is not the home tenant of a single-tenant application")
        }
        let id = seed.id.map { GUID($0) } ?? Self.identifier(of: application, in: tenant)
        guard let id else {
            faults.add("\(path).id", "must be a GUID")
            return nil
        }
        return ServicePrincipal(
            id: id,
            tenantID: tenant.id,
            applicationID: application.id,
            isEnabled: seed.isEnabled,
            requiresAssignment: seed.requiresAssignment,
            roles: roles(seed, of: application, in: tenant, "\(path).roleAssignments", &faults),
            delegatedPermissions: permissions(seed, "\(path).delegatedPermissions", &faults)
        )
    }

    /// Who holds which role.
    private func roles(
        _ seed: EmulatorSeed.ServicePrincipal,
        of application: Application,
        in tenant: Tenant,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> [GUID: [String]] {
        var roles: [GUID: [String]] = [:]
        for (index, assignment) in seed.roleAssignments.enumerated() {
            if !application.appRoles.contains(where: { $0.value == assignment.role }) {
                faults.add("\(path)[\(index)].role", "is not a role that the application declares")
            }
            guard let principal = principal(assignment.principal, in: tenant) else {
                faults.add("\(path)[\(index)].principal", "names no person or service principal of the tenant")
                continue
            }
            roles[principal, default: []].append(assignment.role)
        }
        return roles
    }

    /// The object ID behind a sign-in name, a client ID or an identifier URI.
    private func principal(_ name: String, in tenant: Tenant) -> GUID? {
        if let user = directory.user(named: name) {
            return user.tenantID == tenant.id ? user.id : nil
        }
        guard let application = directory.application(named: name) else { return nil }
        let seed = seeds.first { seed in
            application.isNamed(seed.application) && directory.tenant(seed.tenant)?.id == tenant.id
        }
        return seed.flatMap { seed in
            seed.id.map { GUID($0) } ?? Self.identifier(of: application, in: tenant)
        }
    }

    /// The scopes granted, by resource.
    private func permissions(
        _ seed: EmulatorSeed.ServicePrincipal,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> [GUID: [String]] {
        var permissions: [GUID: [String]] = [:]
        for (index, permission) in seed.delegatedPermissions.enumerated() {
            guard let resource = directory.application(named: permission.resource) else {
                faults.add("\(path)[\(index)].resource", "names no application of this seed")
                continue
            }
            for (position, scope) in permission.scopes.enumerated() where !resource.scopes.contains(scope) {
                faults.add("\(path)[\(index)].scopes[\(position)]", "is not a scope that the resource exposes")
            }
            permissions[resource.id, default: []] += permission.scopes
        }
        return permissions
    }

    /// The object ID that follows from application and tenant.
    private static func identifier(of application: Application, in tenant: Tenant) -> GUID? {
        GUID(derivedFrom: "service principal \(application.id) \(tenant.id)")
    }
}
