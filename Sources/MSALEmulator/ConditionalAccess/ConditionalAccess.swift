// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A rule that a second factor is needed.
struct ConditionalAccessPolicy: Sendable {
    /// What `capolids` names it by.
    let id: GUID
    /// The tenant.
    let tenantID: GUID
    /// What pages call it.
    let displayName: String
    /// The people it is for; nobody listed means everybody.
    let userIDs: Set<GUID>
    /// The resources whose tokens it guards.
    let resourceIDs: Set<GUID>
    /// The authentication contexts it guards.
    let contexts: Set<String>
}

/// Decides which policies a request for tokens must meet, and whether a sign-in does.
struct ConditionalAccess: Sendable {
    /// The objects, policies among them.
    let directory: Directory

    /// What was decided.
    struct Verdict: Sendable {
        /// The policies that the sign-in does not meet.
        let unmet: [ConditionalAccessPolicy]
        /// The authentication contexts that it meets, the `acrs` of tokens.
        let contexts: [String]
    }

    /// Decides on a request for tokens of some resources.
    ///
    /// A context that no policy guards is met by everybody, and told to those who ask. One that a policy guards is told
    /// whenever it is met, so that the person is not asked twice.
    func verdict(
        for user: User,
        resources: [GUID],
        claims: ClaimsRequest,
        methods: [String]
    ) -> Verdict {
        let policies = directory.policies.filter { policy in
            policy.tenantID == user.tenantID && (policy.userIDs.isEmpty || policy.userIDs.contains(user.id))
        }
        let demanded = policies.filter { policy in
            !policy.resourceIDs.isDisjoint(with: resources)
                || !policy.contexts.isDisjoint(with: claims.essentialContexts)
                || claims.policyIDs.contains(policy.id)
        }
        let guarded = Set(policies.flatMap(\.contexts))
        let isMet = methods.contains(AuthenticationMethod.severalFactors)
        let contexts = claims.contexts.subtracting(guarded).union(isMet ? guarded : [])
        return Verdict(unmet: isMet ? [] : demanded, contexts: contexts.sorted())
    }

    /// Decides on an authorization request: policies of the resources that it names, and what its claims demand.
    func verdict(for request: AuthorizationRequest, _ user: User, _ account: BrowserSession.Account) -> Verdict {
        verdict(
            for: user,
            resources: request.scope.resources.map(\.application.id),
            claims: request.claims,
            methods: account.methods
        )
    }
}
