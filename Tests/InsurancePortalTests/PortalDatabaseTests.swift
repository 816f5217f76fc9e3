// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing

@testable import InsurancePortal

@Suite struct PortalDatabaseTests {
    let now = Date(timeIntervalSince1970: 1_728_000_000)
    let adjuster = Actor(key: "tenant/adjuster", name: "Ada Juster")
    let data: PortalDatabase

    init() throws {
        data = try PortalDatabase(now: now)
        try data.linkDemoCustomer(to: "tenant/customer")
    }

    /// An open claim of the queue.
    func openClaim() async throws -> ClaimFile {
        try #require(try await data.queue(QueueFilter(), size: 1).rows.first)
    }

    @Test func aSecondOpeningOfAFileKeepsItsRows() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("portal-\(UUID().uuidString).sqlite")
        defer {
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + end) }
        }
        let first = try PortalDatabase(file: file.path, now: now)
        let claim = try #require(try await first.queue(QueueFilter(), size: 1).rows.first).claim
        _ = try await first.decide(claim.id, .reject(reason: "Not covered at all."), by: adjuster, now: now)
        let second = try PortalDatabase(file: file.path, now: now.addingTimeInterval(86_400 * 40))
        #expect(try await second.claim(claim.id)?.claim.state == .rejected)
        #expect(try await second.writer.read { try InsuranceClaim.fetchCount($0) } == 1_000)
    }

    @Test func aFileOfALaterReleaseIsLeftAlone() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("portal-\(UUID().uuidString).sqlite")
        defer {
            for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + end) }
        }
        let database = try PortalDatabase(file: file.path, now: now)
        try database.writer.write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('99: what nobody knows yet')")
        }
        #expect(throws: LaterRelease.self) { try PortalDatabase(file: file.path, now: now) }
    }

    @Test func aCustomerSeesOnlyTheirOwnRowsWhateverIdTheyGuess() async throws {
        let me = try #require(try await data.customer(userKey: "tenant/customer"))
        let mine = Set(try await data.policies(ofCustomer: me.id).map(\.id))
        let myClaims = Set(try await data.claims(ofCustomer: me.id).map(\.claim.id))
        #expect(!mine.isEmpty && !myClaims.isEmpty)
        for id in Int64(-1)...500 {
            let found = try await data.policy(id, ofCustomer: me.id)
            #expect((found != nil) == mine.contains(id))
        }
        for id in Int64(-1)...1_005 {
            let found = try await data.claim(id, ofCustomer: me.id)
            #expect((found != nil) == myClaims.contains(id))
            #expect(found?.customer.id ?? me.id == me.id)
        }
    }

    @Test func aClaimOnAnotherCustomersPolicyIsNotStored() async throws {
        let me = try #require(try await data.customer(userKey: "tenant/customer"))
        let mine = Set(try await data.policies(ofCustomer: me.id).map(\.id))
        let foreign = try #require((Int64(1)...480).first { !mine.contains($0) })
        let day = CalendarDay(now)
        let report = ClaimReport(policyID: foreign, cause: .fire, incidentOn: day, claimed: .pounds(1), account: "…")
        #expect(try await data.report(report, ofCustomer: me.id, by: adjuster, now: now) == nil)
        #expect(try await data.writer.read { try InsuranceClaim.fetchCount($0) } == 1_000)
    }

    @Test func aReportedClaimIsTheLastInTheQueueAndInTheAuditTrail() async throws {
        let actor = Actor(key: "tenant/customer", name: "Casey")
        let me = try #require(try await data.customer(userKey: actor.key))
        let policy = try #require(try await data.policies(ofCustomer: me.id).first)
        let report = ClaimReport(
            policyID: policy.id,
            cause: .theft,
            incidentOn: CalendarDay(now),
            claimed: Money(minorUnits: 12_345),
            account: "Gone."
        )
        let claim = try #require(try await data.report(report, ofCustomer: me.id, by: actor, now: now))
        #expect(claim.id == 1_001)
        var newest = QueueFilter()
        newest.order = .newest
        #expect(try await data.queue(newest, size: 1).rows.first?.claim.number == claim.number)
        let entry = try #require(try await data.audit(page: 1, size: 1).rows.first)
        #expect(entry.action == .reported && entry.claimNumber == claim.number && entry.actorKey == actor.key)
        #expect(entry.detail == "£123.45" && entry.at == now)
    }

    @Test func ofTwoDecisionsTheSecondIsRefusedAndChangesNothing() async throws {
        let file = try await openClaim()
        let before = try await data.audit(page: 1, size: 1).total
        let amount = Money(minorUnits: 100)
        let first = try await data.decide(file.claim.id, .settle(amount, note: ""), by: adjuster, now: now)
        guard case .decided(let decided) = first else { Issue.record("\(first)"); return }
        #expect(decided.claim.settled == amount && decided.claim.state == .settled)
        let other = Actor(key: "tenant/other", name: "Other")
        let second = try await data.decide(file.claim.id, .reject(reason: "No."), by: other, now: now)
        #expect(second == .alreadyDecided(decided))
        #expect(try await data.audit(page: 1, size: 1).total == before + 1)
    }

    @Test func twentyDecisionsAtOnceSettleOnce() async throws {
        let file = try await openClaim()
        let outcomes = try await withThrowingTaskGroup(of: DecisionOutcome.self) { group in
            for pence in 1...20 {
                group.addTask { [data, now] in
                    let actor = Actor(key: "tenant/\(pence)", name: "A")
                    return try await data.decide(
                        file.claim.id,
                        .settle(Money(minorUnits: pence), note: ""),
                        by: actor,
                        now: now
                    )
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { if case .decided = $0 { true } else { false } } == 1)
        #expect(outcomes.count { if case .alreadyDecided = $0 { true } else { false } } == 19)
    }

    @Test(arguments: [0, -1, 1])
    func anAmountThatMayNotBePaidIsRefused(beyond: Int) async throws {
        let file = try await openClaim()
        let amount = beyond == 1 ? Money(minorUnits: file.mostPayable.minorUnits + 1) : Money(minorUnits: beyond)
        let outcome = try await data.decide(file.claim.id, .settle(amount, note: ""), by: adjuster, now: now)
        #expect(outcome == .tooMuch(file.mostPayable))
        #expect(try await data.claim(file.claim.id) == file)
    }

    @Test func aDecisionOnNoClaimIsNotFound() async throws {
        #expect(try await data.decide(77_777, .reject(reason: "No."), by: adjuster, now: now) == .notFound)
    }

    @Test func theDemoCustomerIsLinkedOnce() async throws {
        try data.linkDemoCustomer(to: "tenant/customer")
        try data.linkDemoCustomer(to: "tenant/somebody-else")
        #expect(try await data.customer(userKey: "tenant/customer")?.id == ExampleData.demoCustomerID)
        #expect(try await data.customer(userKey: "tenant/somebody-else") == nil)
    }

    @Test func aNewAccountBecomesANewCustomerAndNeverOneWithTheSameAddress() async throws {
        let somebody = Actor(key: "issuer/4711", name: "Mallory")
        let customer = try await data.enrolCustomer(for: somebody, email: "customer@harbourmutual.example", now: now)
        #expect(customer.id == 121 && customer.userKey == "issuer/4711")
        #expect(try await data.policies(ofCustomer: customer.id).map(\.status) == [.active, .active])
        #expect(try await data.claims(ofCustomer: customer.id).isEmpty)
        #expect(try await data.enrolCustomer(for: somebody, email: "", now: now) == customer)
    }

    @Test func theQueueFiltersSortsAndPages() async throws {
        let all = try await data.queue(QueueFilter(), size: 10_000)
        #expect(all.rows.count == all.total && all.total > 40)
        #expect(all.rows.allSatisfy { $0.claim.state.isOpen })
        var filter = QueueFilter()
        filter.product = .motor
        filter.state = .reported
        filter.order = .largest
        let motor = try await data.queue(filter, size: 10_000)
        #expect(motor.rows.allSatisfy { $0.policy.product == .motor && $0.claim.state == .reported })
        #expect(motor.rows.map(\.claim.claimed) == motor.rows.map(\.claim.claimed).sorted(by: >))
        var pages: [Int64] = []
        for page in 1...((all.total + 9) / 10) {
            var filter = QueueFilter()
            filter.page = page
            pages += try await data.queue(filter, size: 10).rows.map(\.claim.id)
        }
        #expect(pages == all.rows.map(\.claim.id))
    }

    @Test func aSignInIsCountedOnce() async throws {
        for _ in 1...3 { try await data.recordSignIn(adjuster, username: "a@b", roles: ["X"], at: now) }
        try await data.recordSignIn(adjuster, username: "a@b", roles: ["X", "A"], at: now.addingTimeInterval(60))
        let people = try await data.people(page: 1, size: 10)
        #expect(people.total == 1 && people.rows.first?.signIns == 2 && people.rows.first?.roles == "A, X")
        #expect(people.rows.first?.firstSignIn == now)
    }

    @Test func insightsAddUp() async throws {
        let insights = try await data.insights(months: 12, today: CalendarDay(now))
        for lines in [insights.products, insights.regions] {
            #expect(lines.reduce(0) { $0 + $1.activePolicies } == insights.total.activePolicies)
            #expect(lines.reduce(.zero) { $0 + $1.earned } == insights.total.earned)
            #expect(lines.reduce(.zero) { $0 + $1.paid } == insights.total.paid)
            #expect(lines.reduce(0) { $0 + $1.claims } == insights.total.claims)
        }
        #expect(insights.months.count == 12)
        #expect(insights.months.reduce(0) { $0 + $1.claims } == insights.total.claims)
        #expect((30...130).contains(insights.total.lossRatio ?? 0))
    }
}
