// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Scopes as the cache compares them: without case, order and the reserved ones, which every user token has.
struct ScopeSet: Hashable, Sendable {
    /// The scopes in lower case and ascending order.
    let members: [String]

    /// Normalises scopes.
    init(_ scopes: some Sequence<String>) {
        var members = scopes.map { $0.lowercased() }
        members.removeAll { Scopes.reserved.contains($0) }
        if members.count > 1 {
            members = Array(Set(members)).sorted()
        }
        self.members = members
    }
}
