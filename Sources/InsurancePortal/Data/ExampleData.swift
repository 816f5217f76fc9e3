// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// Invented customers, policies and claims: the same ones whenever seed and day are the same.
struct ExampleData: Sendable, Equatable {
    /// How many customers there are.
    static let customerCount = 120
    /// How many policies there are.
    static let policyCount = 480
    /// How many claims there are.
    static let claimCount = 1_000
    /// The customer that the emulator's customer account may see.
    static let demoCustomerID: Int64 = 1

    /// The day that dates are counted from.
    let today: CalendarDay
    /// Policyholders, with ids from 1.
    private(set) var customers: [Customer] = []
    /// Their policies, with ids from 1.
    private(set) var policies: [InsurancePolicy] = []
    /// The claims on them, with ids from 1 in the order of reporting.
    private(set) var claims: [InsuranceClaim] = []

    /// Generates all rows.
    init(seed: UInt64, today: CalendarDay) {
        self.today = today
        var random = SplitMix64(seed: seed)
        customers = (1...Self.customerCount).map { Self.makeCustomer(id: Int64($0), today: today, random: &random) }
        policies = (1...Self.policyCount).map { index in
            // The first of everybody is theirs, so that nobody is without; the demo customer has a rounder set.
            let owner = index <= Self.customerCount ? index : random.integer(in: 1...Self.customerCount)
            return Self.makePolicy(id: Int64(index), customer: customers[owner - 1], today: today, random: &random)
        }
        giveDemoCustomerPolicies(random: &random)
        let drafts = (1...Self.claimCount).map { index in
            makeClaim(on: index <= 9 ? demoPolicy(index) : pickPolicy(random: &random), random: &random)
        }
        claims = drafts.sorted { ($0.reportedOn, $0.id) < ($1.reportedOn, $1.id) }.enumerated().map { index, draft in
            var claim = draft
            claim.id = Int64(index + 1)
            claim.number = Self.claimNumber(id: claim.id, reportedOn: claim.reportedOn)
            return claim
        }
    }

    /// Writes all rows and the audit entries of the latest decisions.
    func insert(into database: Database) throws {
        for customer in customers { try customer.insert(database) }
        for policy in policies { try policy.insert(database) }
        for claim in claims { try claim.insert(database) }
        for var entry in auditEntries() { try entry.insert(database) }
    }

    /// The number on letters for a claim.
    static func claimNumber(id: Int64, reportedOn day: CalendarDay) -> String {
        "HM-\(day.components.year)-\(CalendarDay.padded(Int(id) + 4_000, to: 5))"
    }

    /// The decisions of the last four months, as the audit trail tells them.
    func auditEntries() -> [AuditEntry] {
        let decided = claims.filter { ($0.decidedOn ?? today.adding(days: -999)) > today.adding(days: -120) }
        return decided.enumerated().map { index, claim in
            let day = claim.decidedOn ?? today
            return AuditEntry(
                at: day.start.addingTimeInterval(Double(9 * 3_600 + index * 1_117 % 28_800)),
                actorKey: "example-data",
                actorName: claim.decidedBy ?? "",
                action: claim.state == .settled ? .settled : .rejected,
                claimNumber: claim.number,
                detail: claim.settled?.text ?? claim.decisionNote ?? ""
            )
        }.sorted { $0.at < $1.at }
    }

    /// The demo customer's current policies: one of each of four products.
    private mutating func giveDemoCustomerPolicies(random: inout SplitMix64) {
        let wanted: [Product] = [.motor, .home, .boat, .travel]
        let owned = policies.indices.filter { policies[$0].customerID == Self.demoCustomerID }
        let spare = policies.indices.filter {
            $0 >= Self.customerCount && policies[$0].customerID != Self.demoCustomerID
        }
        for (product, index) in zip(wanted, owned + spare) {
            policies[index] = Self.makePolicy(
                id: policies[index].id,
                customer: customers[0],
                today: today,
                product: product,
                status: .active,
                random: &random
            )
        }
    }

    /// One of the demo customer's policies.
    private func demoPolicy(_ index: Int) -> InsurancePolicy {
        let owned = policies.filter { $0.customerID == Self.demoCustomerID && $0.status == .active }
        return owned[index % owned.count]
    }

    /// A policy that something happens to, by how often that is so for its product.
    private func pickPolicy(random: inout SplitMix64) -> InsurancePolicy {
        while true {
            let policy = random.pick(policies)
            if random.chance(ProductFacts.of(policy.product).claimsPerCent) { return policy }
        }
    }
}
