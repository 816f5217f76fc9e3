// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

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
