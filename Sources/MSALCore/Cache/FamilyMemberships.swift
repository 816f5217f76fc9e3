// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Which family of applications this one belongs to, by provider, as the provider's answers told.
final class FamilyMemberships: Sendable {
    /// The family by host; nil inside for an application of none.
    private let families = Mutex<[String: String?]>([:])

    /// Nothing is known yet.
    init() {}

    /// What is known about every provider.
    var all: [String: String?] { families.withLock { $0 } }

    /// Takes in what an answer said.
    func note(_ family: String?, at environment: String) {
        let environment = Cloud.canonical(environment)
        families.withLock { families in
            if families[environment] != .some(family) { families[environment] = .some(family) }
        }
    }

    /// Whether the application is known to belong to some family.
    func isMember(at environment: String) -> Bool {
        (families.withLock { $0[Cloud.canonical(environment)] } ?? nil) != nil
    }

    /// Whether the application is known to belong to a family.
    func isMember(of family: String?, at environment: String) -> Bool {
        guard let family, let known = families.withLock({ $0[Cloud.canonical(environment)] }) else { return false }
        return known == family
    }

    /// Whether the application may belong to a family: nothing is known, or that it does.
    func mayBelong(to family: String?, at environment: String) -> Bool {
        guard let known = families.withLock({ $0[Cloud.canonical(environment)] }) else { return true }
        return known == family
    }
}
