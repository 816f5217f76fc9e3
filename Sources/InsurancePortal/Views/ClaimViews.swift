// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A state with the name that style sheets use.
struct StateView: Sendable, Equatable {
    /// What it says.
    let title: String
    /// What the style sheet calls it.
    let slug: String

    /// The state of a claim.
    init(_ state: ClaimState) {
        title = state.title
        slug = state.slug
    }

    /// The status of a policy.
    init(_ status: PolicyStatus) {
        title = status.title
        slug = status.rawValue
    }
}

/// A policy as pages show it.
struct PolicyView: Sendable {
    /// Its page.
    let address: String
    /// The row's number, as forms send it.
    let id: String
    /// The number on letters.
    let number: String
    /// The product.
    let product: String
    /// The product's name in style sheets and drawings.
    let slug: String
    /// What is insured.
    let insured: String
    /// Where.
    let region: String
    /// The price of a year.
    let premium: String
    /// The most that is paid.
    let coverLimit: String
    /// What the customer bears.
    let excess: String
    /// The first day.
    let startsOn: String
    /// The last day.
    let endsOn: String
    /// The last day, for narrow places.
    let endsShort: String
    /// What the last day means: renewal or end.
    let endLabel: String
    /// Whether it covers anything.
    let state: StateView
    /// Whether a claim can be reported on it.
    let isActive: Bool

    /// Formats a policy.
    init(_ policy: InsurancePolicy) {
        address = "/policies/\(policy.id)"
        id = String(policy.id)
        number = policy.number
        product = policy.product.title
        slug = policy.product.rawValue
        insured = policy.insured
        region = policy.region.title
        premium = policy.annualPremium.text
        coverLimit = policy.coverLimit.wholeText
        excess = policy.excess.wholeText
        startsOn = policy.startsOn.longText
        endsOn = policy.endsOn.longText
        endsShort = policy.endsOn.shortText
        endLabel = policy.status == .active ? "Covered until" : "Ended"
        state = StateView(policy.status)
        isActive = policy.status == .active
    }
}

/// A claim as pages show it.
struct ClaimView: Sendable {
    /// Its page.
    let address: String
    /// The number on letters.
    let number: String
    /// What brought it about.
    let cause: String
    /// What happened.
    let account: String
    /// When it happened.
    let incidentOn: String
    /// When it was reported.
    let reportedOn: String
    /// When it was reported, for tables.
    let reportedShort: String
    /// How long ago that was.
    let age: String
    /// What is asked for.
    let claimed: String
    /// How far it has come.
    let state: StateView
    /// What was paid.
    let settled: String?
    /// What a table says while nothing was paid: `not yet` or `nothing`.
    let unpaid: String
    /// When it was decided.
    let decidedOn: String?
    /// Who decided.
    let decidedBy: String?
    /// What the person who decided says.
    let decisionNote: String?
    /// Whether it waits for a decision.
    let isOpen: Bool
    /// The policy that should pay.
    let policy: PolicyView
    /// Whose it is.
    let customer: CustomerView
    /// The most that may be paid.
    let mostPayable: String

    /// Formats a claim, with a page below `root`.
    init(_ file: ClaimFile, root: String, today: CalendarDay) {
        let claim = file.claim
        address = "\(root)/\(claim.id)"
        number = claim.number
        cause = claim.cause.title
        account = claim.account
        incidentOn = claim.incidentOn.longText
        reportedOn = claim.reportedOn.longText
        reportedShort = claim.reportedOn.shortText
        age = Moments.age(of: claim.reportedOn, today: today)
        claimed = claim.claimed.text
        state = StateView(claim.state)
        settled = claim.settled?.text
        unpaid = claim.state.isOpen ? "not yet" : "nothing"
        decidedOn = claim.decidedOn?.longText
        decidedBy = claim.decidedBy
        decisionNote = claim.decisionNote
        isOpen = claim.state.isOpen
        policy = PolicyView(file.policy)
        customer = CustomerView(file.customer)
        mostPayable = file.mostPayable.text
    }
}

/// A customer as pages show them.
struct CustomerView: Sendable {
    /// The number on letters.
    let number: String
    /// The name.
    let name: String
    /// The e-mail address.
    let email: String
    /// The telephone number.
    let phone: String
    /// The postal address.
    let address: String
    /// Where they live.
    let region: String
    /// Since when they are insured here.
    let since: String
    /// Whether an account is linked.
    let isLinked: Bool

    /// Formats a customer.
    init(_ customer: Customer) {
        number = customer.number
        name = customer.name
        email = customer.email
        phone = customer.phone
        address = customer.address
        region = customer.region.title
        since = customer.since.longText
        isLinked = customer.userKey != nil
    }
}
