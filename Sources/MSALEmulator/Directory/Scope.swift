// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The scopes of a request, sorted out by resource.
struct ScopeRequest: Sendable {
    /// Scopes asked of one resource.
    struct Resource: Sendable {
        /// The resource.
        let application: Application
        /// What the request called it, empty for Graph's short names.
        let prefix: String
        /// The short names of the scopes.
        var names: [String]
        /// Whether `.default` was asked.
        var isDefault: Bool { names.contains(Scope.defaultName) }
    }

    /// `openid`, `profile`, `email`, `offline_access`, in the order of the request.
    fileprivate(set) var identity: [String] = []
    /// The resources in the order of the request.
    fileprivate(set) var resources: [Resource] = []

    /// Whether an ID token is wanted.
    var wantsIDToken: Bool { identity.contains("openid") }
    /// Whether a refresh token is wanted.
    var wantsRefreshToken: Bool { identity.contains("offline_access") }

    /// Reads the `scope` parameter of a request to a tenant.
    init(_ text: String, in directory: Directory) throws(PlatformError) {
        for part in text.split(separator: " ") {
            let scope = String(part)
            if Scope.identityNames.contains(scope) {
                if !identity.contains(scope) { identity.append(scope) }
                continue
            }
            let (prefix, name) = Scope.split(scope)
            guard Scope.isName(name) else { throw .scopeInvalid(scope) }
            let resourceName = prefix.isEmpty ? MicrosoftGraph.clientID : prefix
            guard let application = directory.application(named: resourceName) else {
                if prefix.isEmpty { throw .scopeInvalid(scope) }
                throw .resourceUnknown(prefix)
            }
            // OpenID scopes may be spelt with Graph in front.
            if application.id.text == MicrosoftGraph.clientID, Scope.identityNames.contains(name) {
                if !identity.contains(name) { identity.append(name) }
                continue
            }
            guard name == Scope.defaultName || application.scopes.contains(name) else { throw .scopeInvalid(scope) }
            if let index = resources.firstIndex(where: { $0.application.id == application.id }) {
                if !resources[index].names.contains(name) { resources[index].names.append(name) }
            } else {
                resources.append(Resource(application: application, prefix: prefix, names: [name]))
            }
        }
        for resource in resources where resource.isDefault && resource.names.count > 1 {
            throw .scopeInvalid("\(resource.prefix)/\(Scope.defaultName)")
        }
    }
}

extension ScopeRequest {
    /// The `scope` parameter that asks for the same.
    var text: String {
        let names = resources.flatMap { resource in
            resource.names.map { resource.prefix.isEmpty ? $0 : "\(resource.prefix)/\($0)" }
        }
        return (identity + names).joined(separator: " ")
    }

    /// This request with only those identity scopes that an earlier one had; its resource, when this one has none.
    func keepingIdentity(of earlier: ScopeRequest) -> ScopeRequest {
        var kept = self
        kept.identity = identity.filter { earlier.identity.contains($0) }
        if kept.resources.isEmpty { kept.resources = earlier.resources }
        return kept
    }
}

/// The spelling of scopes.
enum Scope {
    /// The scopes that belong to no resource.
    static let identityNames: Set<String> = ["openid", "profile", "email", "offline_access"]
    /// The scope that means everything granted beforehand.
    static let defaultName = ".default"

    /// Takes a scope apart at its last slash; the resource is empty for short names.
    static func split(_ scope: String) -> (resource: String, name: String) {
        guard let slash = scope.lastIndex(of: "/") else { return ("", scope) }
        return (String(scope[..<slash]), String(scope[scope.index(after: slash)...]))
    }

    /// Whether a text can be the short name of a scope.
    static func isName(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "/") && $0 != 0x22 && $0 != 0x5c }
    }
}
