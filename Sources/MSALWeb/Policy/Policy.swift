// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What somebody must be or have to do something: a name and conditions, all of which must hold.
///
///     extension Policy {
///         static let settleClaim = Policy("settle-claim") {
///             Role(.adjuster)
///         }
///     }
///
/// A policy without conditions does not compile, and one made of an empty list denies.
public struct Policy: PolicyTerm {
    /// The name, for logs.
    public let name: String
    /// The conditions.
    private let terms: [any PolicyTerm]

    /// A policy of conditions that must all hold.
    public init(_ name: String, @PolicyBuilder _ terms: () -> [any PolicyTerm]) {
        self.name = name
        self.terms = terms()
    }

    /// A policy of a list of conditions; an empty one denies.
    public init(_ name: String, all terms: [any PolicyTerm]) {
        self.name = name
        self.terms = terms
    }

    /// Asks all conditions.
    ///
    /// A *no* outweighs what is not known, which outweighs a sign-in that could mend it; the sign-ins of several
    /// conditions become one.
    public func answer(for subject: PolicySubject) async -> PolicyAnswer {
        guard !terms.isEmpty else {
            return .deny(PolicyDenial(policy: name, reason: "the policy has no conditions"))
        }
        var result = PolicyAnswer.allow
        for term in terms {
            result = await Self.merge(result, term.safeAnswer(for: subject))
        }
        if case .deny(var denial) = result {
            denial.policy = denial.policy ?? name
            return .deny(denial)
        }
        return result
    }

    /// The graver of two answers, or one sign-in for both.
    private static func merge(_ first: PolicyAnswer, _ second: PolicyAnswer) -> PolicyAnswer {
        guard case .signIn(let one) = first, case .signIn(let other) = second else {
            return second.gravity > first.gravity ? second : first
        }
        let scopes = one.scopes + other.scopes.filter { !one.scopes.contains($0) }
        return .signIn(SignInChallenge(scopes: scopes, claims: one.claims ?? other.claims))
    }
}

extension Policy {
    /// Somebody is signed in.
    public static let signedIn = Policy("signed-in") { SignedIn() }

    /// The person has a role.
    public static func role(_ role: AppRole) -> Policy {
        Policy("role \(role)") { Role(role) }
    }

    /// The person has one of some roles.
    public static func anyRole(_ role: AppRole, _ others: AppRole...) -> Policy {
        let roles = [role] + others
        return Policy("any role of \(roles.map(\.rawValue).joined(separator: ", "))") { Role(anyOf: roles) }
    }
}

/// Collects the conditions of a policy, at least one.
@resultBuilder
public enum PolicyBuilder {
    /// One condition, or another policy as one.
    public static func buildExpression(_ term: some PolicyTerm) -> [any PolicyTerm] {
        [term]
    }

    /// The first condition.
    public static func buildPartialBlock(first: [any PolicyTerm]) -> [any PolicyTerm] {
        first
    }

    /// One more condition.
    public static func buildPartialBlock(
        accumulated: [any PolicyTerm],
        next: [any PolicyTerm]
    ) -> [any PolicyTerm] {
        accumulated + next
    }
}
