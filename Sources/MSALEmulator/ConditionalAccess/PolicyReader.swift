// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Makes policies, once tenants, people and applications are known.
struct PolicyReader {
    /// What is known already.
    let directory: Directory

    /// Resolves the references of one; nil when it cannot be placed or is switched off.
    func read(
        _ seed: EmulatorSeed.ConditionalAccessPolicy,
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> ConditionalAccessPolicy? {
        let id = GUID(seed.id)
        if id == nil { faults.add("\(path).id", "must be a GUID") }
        let tenant = directory.tenant(seed.tenant)
        if tenant == nil { faults.add("\(path).tenant", "names no tenant of this seed") }
        if seed.resources.isEmpty, seed.authenticationContexts.isEmpty {
            faults.add("\(path).resources", "must not be empty where there is no authentication context either")
        }
        var resources: Set<GUID> = []
        for (index, name) in seed.resources.enumerated() {
            if let application = directory.application(named: name) {
                resources.insert(application.id)
            } else {
                faults.add("\(path).resources[\(index)]", "names no application of this seed")
            }
        }
        var users: Set<GUID> = []
        for (index, name) in seed.users.enumerated() {
            if let user = directory.user(named: name) {
                users.insert(user.id)
            } else {
                faults.add("\(path).users[\(index)]", "names nobody of this seed")
            }
        }
        for (index, context) in seed.authenticationContexts.enumerated()
        where !AuthenticationContext.isName(context) {
            faults.add("\(path).authenticationContexts[\(index)]", "must be c1 to c99")
        }
        guard let id, let tenant, seed.isEnabled else { return nil }
        return ConditionalAccessPolicy(
            id: id,
            tenantID: tenant.id,
            displayName: seed.displayName,
            userIDs: users,
            resourceIDs: resources,
            contexts: Set(seed.authenticationContexts)
        )
    }
}
