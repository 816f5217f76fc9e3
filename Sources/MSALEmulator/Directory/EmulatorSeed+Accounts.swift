// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A test account: what a person needs to sign in.
public struct EmulatorAccount: Sendable, Hashable {
    /// The sign-in name.
    public let username: String
    /// The password, in the clear: it is for a terminal, never for a log.
    public let password: String
    /// The roles in all applications of the tenant, in the order of the seed.
    public let roles: [String]
}

extension EmulatorSeed {
    /// The enabled accounts, in the order of the seed.
    public var accounts: [EmulatorAccount] {
        users.filter(\.isEnabled).map { user in
            EmulatorAccount(
                username: user.userPrincipalName,
                password: user.password,
                roles: servicePrincipals.flatMap(\.roleAssignments)
                    .filter { $0.principal.lowercased() == user.userPrincipalName.lowercased() }
                    .map(\.role)
            )
        }
    }
}
