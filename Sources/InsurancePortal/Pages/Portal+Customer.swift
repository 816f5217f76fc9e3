// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import MSALCore
import MSALHummingbird
import MSALWeb

extension Portal {
    /// A customer's own policies and claims.
    ///
    /// Other people's do not exist here, whatever number is asked for.
    func addCustomerPages(to router: Router<PortalContext>) {
        let customers = router.require(.role(.customer))
        customers.get("/policies") { request, context in
            let customer = try await customer(context)
            let view = PoliciesView(
                customer,
                policies: try await data.policies(ofCustomer: customer.id),
                claims: try await data.claims(ofCustomer: customer.id),
                today: today
            )
            return page(.policies, title: "Policies and claims", view, for: request, context)
        }
        customers.get("/policies/:id") { request, context in
            let customer = try await customer(context)
            guard let policy = try await data.policy(number(in: context), ofCustomer: customer.id) else {
                throw HTTPError(.notFound)
            }
            let claims = try await data.claims(ofCustomer: customer.id, policyID: policy.id)
            let view = PolicyPageView(
                policy: PolicyView(policy),
                claims: claims.map { ClaimView($0, root: "/claims", today: today) },
                hasClaims: !claims.isEmpty
            )
            return page(.policy, title: "Policy \(policy.number)", view, for: request, context)
        }
        customers.get("/claims/:id") { request, context in
            let customer = try await customer(context)
            guard let file = try await data.claim(number(in: context), ofCustomer: customer.id) else {
                throw HTTPError(.notFound)
            }
            let isNew = query(of: request)["reported"] == "1" && file.claim.state == .reported
            let view = ClaimPageView(claim: ClaimView(file, root: "/claims", today: today), isNew: isNew)
            return page(.claim, title: "Claim \(file.claim.number)", view, for: request, context)
        }
        addReportPages(to: customers)
    }

    /// The form for a new claim.
    private func addReportPages(to customers: RouterGroup<MemberContext>) {
        customers.get("/claims/new") { request, context in
            let form = ClaimReportForm(policy: query(of: request)["policy"])
            let view = ReportView(form, policies: try await claimable(context), today: today)
            return page(.report, title: "Report a claim", view, for: request, context)
        }
        customers.post("/claims/new") { request, context in
            let policies = try await claimable(context)
            var form = ClaimReportForm(fields: try await fields(of: request, context))
            guard let report = form.check(policies: policies, today: today) else {
                let view = ReportView(form, policies: policies, today: today)
                return page(
                    .report,
                    title: "Report a claim",
                    view,
                    for: request,
                    context,
                    status: .unprocessableContent
                )
            }
            let customer = try await customer(context)
            let actor = Viewer(context.user).actor
            guard let claim = try await data.report(report, ofCustomer: customer.id, by: actor, now: time.now) else {
                throw HTTPError(.notFound)
            }
            return seeOther("/claims/\(claim.id)?reported=1")
        }
    }

    /// The customer that belongs to the signed-in account; a new one at the first visit.
    private func customer(_ context: MemberContext) async throws -> Customer {
        try await data.enrolCustomer(for: Viewer(context.user).actor, email: context.user.username, now: time.now)
    }

    /// The policies on which a claim can still be reported.
    private func claimable(_ context: MemberContext) async throws -> [InsurancePolicy] {
        let customer = try await customer(context)
        return try await data.policies(ofCustomer: customer.id).filter { $0.endsOn >= today.adding(months: -24) }
    }
}
