// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// What a policy is asked about.
public struct PolicySubject: Sendable {
    /// Who is signed in, if anybody.
    public let user: SignedInUser?
    /// The time that counts.
    public let now: Date

    /// A subject at a time.
    public init(user: SignedInUser?, now: Date) {
        self.user = user
        self.now = now
    }
}

/// What a policy, or one of its terms, answers.
@nonexhaustive
public enum PolicyAnswer: Sendable, Hashable {
    /// Go ahead.
    case allow
    /// Not as things are, but after an interactive sign-in that asks the provider for this.
    case signIn(SignInChallenge)
    /// It cannot be told now: something that would know does not answer.
    case unknown(reason: String)
    /// No, and signing in again would not help.
    case deny(PolicyDenial)
}

/// Why a policy says no.
///
/// It is for logs and tests; visitors are told only that they may not.
public struct PolicyDenial: Sendable, Hashable {
    /// The policy that said no, if it has got that far.
    public var policy: String?
    /// What is missing, in words of the developer.
    public let reason: String

    /// A denial for a reason.
    public init(policy: String? = nil, reason: String) {
        self.policy = policy
        self.reason = reason
    }
}

/// One condition of a policy.
///
/// Write your own for what the built-in ones do not say.
public protocol PolicyTerm: Sendable {
    /// Whether the subject meets the condition.
    ///
    /// A term that throws counts as ``PolicyAnswer/unknown(reason:)``: nothing is allowed because something broke.
    func answer(for subject: PolicySubject) async throws -> PolicyAnswer
}

/// Somebody is signed in.
public struct SignedIn: PolicyTerm, Hashable {
    /// Anybody who has signed in.
    public init() {}

    /// Allows everybody who is signed in.
    public func answer(for subject: PolicySubject) async throws -> PolicyAnswer {
        subject.user == nil ? .signIn(SignInChallenge()) : .allow
    }
}

/// The person has one of some roles.
public struct Role: PolicyTerm, Hashable {
    /// The roles, any of which will do.
    public let roles: [AppRole]

    /// One role, or any of several.
    public init(_ role: AppRole, _ others: AppRole...) {
        roles = [role] + others
    }

    /// Any of a list; an empty list allows nobody.
    public init(anyOf roles: [AppRole]) {
        self.roles = roles
    }

    /// Allows everybody who has one of the roles.
    public func answer(for subject: PolicySubject) async throws -> PolicyAnswer {
        guard let user = subject.user else { return .signIn(SignInChallenge()) }
        if roles.contains(where: user.has) { return .allow }
        return .deny(PolicyDenial(reason: "none of the roles \(roles.map(\.rawValue).joined(separator: ", "))"))
    }
}

/// One of several conditions is met: the explicit *or*.
public struct OneOf: PolicyTerm {
    /// The conditions.
    private let terms: [any PolicyTerm]

    /// Any of the conditions will do.
    public init(@PolicyBuilder _ terms: () -> [any PolicyTerm]) {
        self.terms = terms()
    }

    /// Allows what any of the conditions allows; else what can be mended, then what is not known, then the last no.
    public func answer(for subject: PolicySubject) async throws -> PolicyAnswer {
        var best = PolicyAnswer.deny(PolicyDenial(reason: "no condition is met"))
        for term in terms {
            let answer = await term.safeAnswer(for: subject)
            if answer == .allow { return .allow }
            if answer.gravity <= best.gravity { best = answer }
        }
        return best
    }
}

extension PolicyTerm {
    /// The answer, with a thrown error read as "not known".
    func safeAnswer(for subject: PolicySubject) async -> PolicyAnswer {
        do {
            return try await answer(for: subject)
        } catch {
            return .unknown(reason: String(describing: type(of: error)))
        }
    }
}

extension PolicyAnswer {
    /// How much stands in the way: nobody is sent to sign in to be told that they lack the role.
    var gravity: Int {
        switch self {
        case .allow: 0
        case .signIn: 1
        case .unknown: 2
        case .deny: 3
        }
    }
}
