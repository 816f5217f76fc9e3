// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The scopes of one resource that a request really gets.
struct GrantedResource: Sendable {
    /// The resource.
    let application: Application
    /// What the request called it, empty for Graph's short names.
    let prefix: String
    /// The short names granted.
    let names: [String]
    /// Whether `.default` was asked.
    let isDefault: Bool

    /// Whether the resource is Graph, which tells identity scopes in its tokens.
    private var isGraph: Bool { application.id.text == MicrosoftGraph.clientID }

    /// The `scp` of the access token.
    func claimedScopes(with identity: [String]) -> [String] {
        names + (isGraph ? identity.filter { $0 != "offline_access" } : [])
    }

    /// The `scope` of the answer: full names but for Graph, `.default` repeated when asked.
    func answeredScopes(with identity: [String]) -> [String] {
        let full = prefix.isEmpty ? names : names.map { "\(prefix)/\($0)" }
        let asked = isDefault ? ["\(prefix.isEmpty ? "" : "\(prefix)/")\(Scope.defaultName)"] : []
        return full + asked + identity.filter { $0 != "offline_access" }
    }
}

extension Directory {
    /// What was granted of the scopes asked of a resource; nil when one of them was not.
    func grant(_ asked: ScopeRequest.Resource, to clientID: GUID, in tenantID: GUID) -> GrantedResource? {
        let granted = servicePrincipal(clientID, in: tenantID)?.delegatedPermissions[asked.application.id] ?? []
        if asked.isDefault {
            guard !granted.isEmpty else { return nil }
        } else {
            guard asked.names.allSatisfy({ granted.contains($0) }) else { return nil }
        }
        return GrantedResource(
            application: asked.application,
            prefix: asked.prefix,
            names: asked.isDefault ? granted : asked.names,
            isDefault: asked.isDefault
        )
    }

    /// Graph with identity scopes only: what a request without any resource gets.
    func graphForIdentity() -> GrantedResource? {
        application(named: MicrosoftGraph.clientID).map {
            GrantedResource(application: $0, prefix: "", names: [], isDefault: false)
        }
    }
}
