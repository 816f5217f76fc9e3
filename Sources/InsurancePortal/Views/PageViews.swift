// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A page that says one thing: errors, sign-out, refusals.
struct MessageView: Sendable, Equatable {
    /// A link or a button at the end.
    struct Step: Sendable, Equatable {
        /// Where to.
        let address: String
        /// What it says.
        let title: String
        /// The hidden fields of a form; nil for a link.
        var fields: [ProfileView.Fact]?
    }

    /// A small line above: `404`.
    var label: String?
    /// What happened.
    var headline: String
    /// More about it, a paragraph each.
    var paragraphs: [String] = []
    /// What to do next.
    var steps: [Step] = []
    /// What support will ask for.
    var facts: [ProfileView.Fact] = []
    /// What finds this very event in the logs.
    var reference: String?
}

/// The public first page.
struct HomeView: Sendable {
    /// Something that can be insured.
    struct Offer: Sendable {
        /// Its name.
        let title: String
        /// Its name in style sheets.
        let slug: String
        /// More about it.
        let text: String
        /// The lines of its drawing, on a field of 48 by 48.
        let drawing: String
    }

    /// What can be insured.
    let products = Product.allCases.map { product in
        Offer(title: product.title, slug: product.rawValue, text: product.pitch, drawing: product.drawing)
    }
}

extension Product {
    /// A sentence for people who do not have it yet.
    fileprivate var pitch: String {
        switch self {
        case .motor: "Cars and vans, with a courtesy car while yours is mended."
        case .home: "Walls, roof and everything in between, at its price as new."
        case .travel: "A year of journeys, doctors and lost suitcases included."
        case .boat: "From the dinghy to the cruiser, ashore and afloat. Our oldest line."
        case .business: "Shops, workshops, studios: premises, stock and liability in one."
        case .pet: "Vet bills up to the limit you choose, for dogs and cats."
        }
    }

    /// A drawing in one path of lines.
    fileprivate var drawing: String {
        switch self {
        case .motor: "M6 32v-7l5-2 5-9h15l7 9 5 2v7h-5M16 32h16M11 23h27M24 14v9M12 32a4 4 0 1 0 8 0 4 4 0 1 0-8 0M29 32a4 4 0 1 0 8 0 4 4 0 1 0-8 0"
        case .home: "M6 24 24 8l18 16M11 20v20h26V20M20 40V28h8v12M32 11v6"
        case .travel: "M10 16h28v24H10zM18 16v-6h12v6M18 16v24M30 16v24M14 40v3M34 40v3"
        case .boat: "M24 5v27M24 8l14 20H24M20 12 9 28h11M6 33h36l-6 8H13z"
        case .business: "M8 21v20h32V21M6 12h36l2 7a5 5 0 0 1-10 0 5 5 0 0 1-10 0 5 5 0 0 1-10 0 5 5 0 0 1-10 0zM14 41V28h9v13M28 28h7v7h-7z"
        case .pet: "M16 32c0-5 4-9 8-9s8 4 8 9-4 6-8 6-8-1-8-6M7 22c0-3 2-5 4-5s4 3 4 6-2 4-4 4-4-2-4-5M33 23c0-3 2-6 4-6s4 2 4 5-2 5-4 5-4-1-4-4M16 13c0-3 1-5 3-5s4 3 4 6-1 5-3 5-4-3-4-6M25 14c0-3 2-6 4-6s3 2 3 5-2 6-4 6-3-2-3-5"
        }
    }
}

/// The first page of a signed-in person.
struct DashboardView: Sendable {
    /// Something that the person may do.
    struct Tile: Sendable {
        /// Where to.
        let address: String
        /// What it is.
        let title: String
        /// More about it.
        let text: String
    }

    /// The name to greet.
    let name: String
    /// What the person may do.
    let tiles: [Tile]
    /// Whether the person has none of the roles.
    let hasNoRole: Bool
    /// The name used to sign in, for the administrator to find.
    let username: String

    /// What the roles allow.
    init(_ viewer: Viewer) {
        name = viewer.name
        username = viewer.username
        hasNoRole = viewer.roles.isEmpty
        var tiles: [Tile] = []
        if viewer.roles.contains(.customer) {
            tiles.append(Tile(address: "/policies", title: "Policies and claims", text: "What is covered, until when, and how your claims are getting on."))
            tiles.append(Tile(address: "/claims/new", title: "Report a claim", text: "Tell us what happened. It takes about three minutes."))
        }
        if viewer.roles.contains(.adjuster) {
            tiles.append(Tile(address: "/queue", title: "Claims queue", text: "Open claims, oldest first. Settle or reject."))
        }
        if viewer.roles.contains(.underwriter) {
            tiles.append(Tile(address: "/insights", title: "Insights", text: "Premiums, payments and loss ratios by product and region."))
        }
        if viewer.roles.contains(.admin) {
            tiles.append(Tile(address: "/admin", title: "Administration", text: "Who signed in, our customers, and the audit trail."))
        }
        tiles.append(Tile(address: "/me", title: "My profile", text: "What your organisation's directory says about you."))
        self.tiles = tiles
    }
}

/// What the directory says about the signed-in person, and the token that fetched it.
struct ProfileView: Sendable {
    /// A name and a value.
    struct Fact: Sendable, Equatable {
        /// What it is.
        let name: String
        /// What it says.
        let value: String
    }

    /// The name.
    let name: String
    /// The first letters of it.
    let initials: String
    /// A line below the name.
    let line: String
    /// What the directory says.
    let facts: [Fact]
    /// What the portal knows by itself.
    let session: [Fact]
    /// About the access token; its content is never shown.
    let token: [Fact]
    /// Where the facts come from.
    let source: String
    /// Why there are no facts, if there are none.
    let problem: String?
}

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

/// The adjuster's list.
struct QueueView: Sendable {
    /// The claims.
    let claims: [ClaimView]
    /// Whether there are any.
    let hasClaims: Bool
    /// Three figures about all open claims.
    let figures: [ProfileView.Fact]
    /// Products to choose from.
    let products: [OptionView]
    /// Regions to choose from.
    let regions: [OptionView]
    /// States to choose from.
    let states: [OptionView]
    /// Orders to choose from.
    let orders: [OptionView]
    /// Whether anything is filtered.
    let isFiltered: Bool
    /// Other pages.
    let pager: Pager
    /// What has just been done.
    let notice: String?
}

/// The administrator's lists.
struct AdminView: Sendable {
    /// A person who signed in.
    struct Person: Sendable {
        /// The name.
        let name: String
        /// The name used to sign in.
        let username: String
        /// The roles of the last sign-in.
        let roles: String
        /// The last sign-in.
        let lastSignIn: String
        /// How many there were.
        let signIns: String
    }

    /// A customer.
    struct CustomerRow: Sendable {
        /// The customer.
        let customer: CustomerView
        /// How many policies.
        let policies: String
        /// How many claims.
        let claims: String
    }

    /// A line of the audit trail.
    struct Entry: Sendable {
        /// When.
        let at: String
        /// When, for machines.
        let machineTime: String
        /// Who.
        let who: String
        /// The stable key of who.
        let key: String
        /// What.
        let what: String
        /// What, in style sheets.
        let slug: String
        /// To which claim.
        let claim: String
        /// The amount or the reason.
        let detail: String
    }

    /// Who signed in.
    let people: [Person]
    /// Their other pages.
    let peoplePager: Pager
    /// The customers.
    let customers: [CustomerRow]
    /// Their other pages.
    let customersPager: Pager
    /// The audit trail.
    let entries: [Entry]
    /// Its other pages.
    let entriesPager: Pager
}
