// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A customer's policies and claims.
struct PoliciesView: Sendable {
    /// The customer.
    let customer: CustomerView
    /// The policies.
    let policies: [PolicyView]
    /// The claims.
    let claims: [ClaimView]
    /// Whether there are any claims.
    let hasClaims: Bool
    /// How many policies are active, in words.
    let summary: String

    /// Formats a customer's rows.
    init(_ customer: Customer, policies: [InsurancePolicy], claims: [ClaimFile], today: CalendarDay) {
        self.customer = CustomerView(customer)
        self.policies = policies.map(PolicyView.init)
        self.claims = claims.map { ClaimView($0, root: "/claims", today: today) }
        hasClaims = !claims.isEmpty
        let active = policies.count { $0.status == .active }
        let open = claims.count { $0.claim.state.isOpen }
        summary =
            "\(active) active \(active == 1 ? "policy" : "policies"), \(open == 0 ? "no" : String(open)) open \(open == 1 ? "claim" : "claims")"
    }
}

/// One policy with its claims.
struct PolicyPageView: Sendable {
    /// The policy.
    let policy: PolicyView
    /// The claims on it.
    let claims: [ClaimView]
    /// Whether there are any.
    let hasClaims: Bool
}

/// One claim, for its customer.
struct ClaimPageView: Sendable {
    /// The claim.
    let claim: ClaimView
    /// Whether it was reported a moment ago.
    let isNew: Bool
}
