// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A domain whose people sign in at a federation server.
struct FederatedDomain: Sendable {
    /// The domain in lower case.
    let name: String
    /// The version of assertions that its server writes unless asked for another one.
    let version: SAMLVersion

    /// What the server calls itself in its assertions: one name for each domain.
    var issuer: String { "http://\(name)/adfs/services/trust/" }

    /// Reads the domains of a tenant; each comes with its place in the seed.
    static func all(
        _ seeds: [EmulatorSeed.FederatedDomain],
        _ path: String,
        _ faults: inout EmulatorSeedFaults
    ) -> [(place: String, domain: FederatedDomain)] {
        seeds.enumerated().map { index, seed in
            let version = SAMLVersion(rawValue: seed.samlVersion)
            if version == nil { faults.add("\(path)[\(index)].samlVersion", "must be \"1.1\" or \"2.0\"") }
            let domain = FederatedDomain(name: seed.name.lowercased(), version: version ?? .one)
            return (place: "\(path)[\(index)].name", domain: domain)
        }
    }
}

extension Directory {
    /// The federated domain that a person's name ends in; nil for people whose password is in the directory.
    func federatedDomain(of user: User) -> FederatedDomain? {
        federatedDomain(of: user.userPrincipalName)
    }

    /// The federated domain that a name ends in.
    func federatedDomain(of name: String) -> FederatedDomain? {
        guard let domain = Self.domain(of: name) else { return nil }
        return tenant(domain)?.federatedDomains.first { $0.name == domain }
    }

    /// What stands behind the last `@`, in lower case; a name without one may be a domain itself.
    static func domain(of name: String) -> String? {
        name.split(separator: "@", omittingEmptySubsequences: false).last.map { $0.lowercased() }
    }
}
