// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

extension PortalDatabase {
    /// A customer's policies, current ones first.
    func policies(ofCustomer id: Int64) async throws -> [InsurancePolicy] {
        try await writer.read { database in
            try InsurancePolicy.filter(Column("customerID") == id)
                .order(sql: "status != 'active', product, id").fetchAll(database)
        }
    }

    /// A policy, if it belongs to this customer: other people's do not exist.
    func policy(_ id: Int64, ofCustomer customerID: Int64) async throws -> InsurancePolicy? {
        try await writer.read { database in
            try InsurancePolicy.filter(Column("id") == id && Column("customerID") == customerID).fetchOne(database)
        }
    }

    /// A customer's claims, latest first; those on one policy if `policyID` is given.
    func claims(ofCustomer id: Int64, policyID: Int64? = nil) async throws -> [ClaimFile] {
        try await writer.read { database in
            let claims = InsuranceClaim.order(Column("reportedOn").desc, Column("id").desc)
            var policy = InsuranceClaim.policy.filter(Column("customerID") == id)
            if let policyID { policy = policy.filter(Column("id") == policyID) }
            return try ClaimFile.request(claims: claims, policy: policy).fetchAll(database)
        }
    }

    /// A claim, if it belongs to this customer: other people's do not exist.
    func claim(_ id: Int64, ofCustomer customerID: Int64) async throws -> ClaimFile? {
        try await writer.read { database in
            let policy = InsuranceClaim.policy.filter(Column("customerID") == customerID)
            return try ClaimFile.request(claims: InsuranceClaim.filter(Column("id") == id), policy: policy)
                .fetchOne(database)
        }
    }

    /// A claim of anybody, for staff.
    func claim(_ id: Int64) async throws -> ClaimFile? {
        try await writer.read { try Self.claimFile(id, in: $0) }
    }

    /// Stores a new claim of a customer and writes it into the audit trail; nil if the policy is not theirs.
    func report(_ report: ClaimReport, ofCustomer id: Int64, by actor: Actor, now: Date) async throws -> InsuranceClaim?
    {
        try await writer.write { database in
            let owned = InsurancePolicy.filter(Column("id") == report.policyID && Column("customerID") == id)
            guard try owned.fetchCount(database) == 1 else { return nil }
            let claimID = try 1 + (Int64.fetchOne(database, sql: "SELECT max(id) FROM claim") ?? 0)
            let today = CalendarDay(now)
            let claim = InsuranceClaim(
                id: claimID,
                number: ExampleData.claimNumber(id: claimID, reportedOn: today),
                policyID: report.policyID,
                cause: report.cause,
                account: report.account,
                incidentOn: report.incidentOn,
                reportedOn: today,
                claimed: report.claimed,
                state: .reported
            )
            try claim.insert(database)
            try Self.record(.reported, claim, report.claimed.text, by: actor, now: now, in: database)
            return claim
        }
    }

    /// A claim joined with policy and customer.
    static func claimFile(_ id: Int64, in database: Database) throws -> ClaimFile? {
        try ClaimFile.request(claims: InsuranceClaim.filter(Column("id") == id)).fetchOne(database)
    }

    /// Adds to the audit trail.
    static func record(
        _ action: AuditAction,
        _ claim: InsuranceClaim,
        _ detail: String,
        by actor: Actor,
        now: Date,
        in database: Database
    ) throws {
        var entry = AuditEntry(
            at: now,
            actorKey: actor.key,
            actorName: actor.name,
            action: action,
            claimNumber: claim.number,
            detail: detail
        )
        try entry.insert(database)
    }
}
