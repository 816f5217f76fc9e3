// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// What became of an attempt to decide a claim.
enum DecisionOutcome: Sendable, Equatable {
    /// It is decided now.
    case decided(ClaimFile)
    /// Somebody else was faster; the claim as it stands.
    case alreadyDecided(ClaimFile)
    /// More than may be paid, which is the amount given.
    case tooMuch(Money)
    /// There is no such claim.
    case notFound
}

/// What an adjuster decides.
enum Decision: Sendable, Equatable {
    /// Pay so much.
    case settle(Money, note: String)
    /// Pay nothing, for this reason.
    case reject(reason: String)
}

extension PortalDatabase {
    /// Decides a claim that is still open and writes it into the audit trail, both or neither.
    ///
    /// Nothing is locked while the adjuster thinks: of two who decide the same claim, the second is told so.
    func decide(_ id: Int64, _ decision: Decision, by actor: Actor, now: Date) async throws -> DecisionOutcome {
        try await writer.write { database in
            guard let file = try Self.claimFile(id, in: database) else { return .notFound }
            guard file.claim.state.isOpen else { return .alreadyDecided(file) }
            var claim = file.claim
            claim.decidedOn = CalendarDay(now)
            claim.decidedBy = actor.name
            switch decision {
            case .settle(let amount, let note):
                guard amount > .zero, amount <= file.mostPayable else { return .tooMuch(file.mostPayable) }
                claim.state = .settled
                claim.settled = amount
                claim.decisionNote = note.isEmpty ? nil : note
                try claim.update(database)
                try Self.record(.settled, claim, amount.text, by: actor, now: now, in: database)
            case .reject(let reason):
                claim.state = .rejected
                claim.decisionNote = reason
                try claim.update(database)
                try Self.record(.rejected, claim, reason, by: actor, now: now, in: database)
            }
            return .decided(ClaimFile(claim: claim, policy: file.policy, customer: file.customer))
        }
    }

    /// Claims that wait for a decision, a page of them.
    func queue(_ filter: QueueFilter, size: Int) async throws -> (rows: [ClaimFile], total: Int) {
        try await writer.read { database in
            var policy = InsuranceClaim.policy
            if let product = filter.product { policy = policy.filter(Column("product") == product) }
            if let region = filter.region { policy = policy.filter(Column("region") == region) }
            let states = filter.state.map { [$0] } ?? ClaimState.open
            let request = ClaimFile.request(
                claims: InsuranceClaim.filter(states.contains(Column("state"))),
                policy: policy
            )
            let ordered =
                switch filter.order {
                case .oldest: request.order(Column("reportedOn"), Column("id"))
                case .newest: request.order(Column("reportedOn").desc, Column("id").desc)
                case .largest: request.order(Column("claimed").desc, Column("id"))
                }
            let rows = try ordered.limit(size, offset: (filter.page - 1) * size).fetchAll(database)
            return (rows, try request.fetchCount(database))
        }
    }

    /// How many claims are open, how many of them were reported in the last week, and what they ask for together.
    func queueFigures(today: CalendarDay) async throws -> (open: Int, lastWeek: Int, claimed: Money) {
        try await writer.read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT count(*), coalesce(sum(reportedOn > ?), 0), coalesce(sum(claimed), 0)
                    FROM claim WHERE state IN ('reported', 'inReview')
                    """,
                arguments: [today.adding(days: -7)]
            )
            guard let row else { return (0, 0, .zero) }
            return (row[0], row[1], row[2])
        }
    }
}
