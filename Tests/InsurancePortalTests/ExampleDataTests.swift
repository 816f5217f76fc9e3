// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import InsurancePortal

@Suite struct ExampleDataTests {
    let today = CalendarDay(daysSinceEpoch: 20_000)

    @Test func splitMix64GivesThePublishedSequence() {
        var random = SplitMix64(seed: 1_234_567)
        #expect(
            [random.next(), random.next(), random.next()] == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
            ]
        )
    }

    @Test func theSameSeedAndDayGiveTheSameRows() {
        let first = ExampleData(seed: 7, today: today)
        let second = ExampleData(seed: 7, today: today)
        #expect(first == second)
        #expect(first != ExampleData(seed: 8, today: today))
    }

    @Test func thereAreAsManyRowsAsPromised() {
        let data = ExampleData(seed: 7, today: today)
        #expect(data.customers.count == 120)
        #expect(data.policies.count == 480)
        #expect(data.claims.count == 1_000)
        #expect(Set(data.policies.map(\.number)).count == 480)
        #expect(Set(data.claims.map(\.number)).count == 1_000)
    }

    @Test(arguments: [1, 7, 42, PortalDatabase.standardSeed])
    func everyRowIsPlausible(seed: UInt64) {
        let data = ExampleData(seed: seed, today: today)
        let policies = Dictionary(uniqueKeysWithValues: data.policies.map { ($0.id, $0) })
        for policy in data.policies {
            #expect(policy.startsOn < policy.endsOn)
            #expect((policy.status == .active) == (policy.endsOn >= today))
        }
        for claim in data.claims {
            let policy = policies[claim.policyID]
            #expect(policy?.covers(claim.incidentOn) == true)
            #expect(claim.incidentOn <= claim.reportedOn && claim.reportedOn <= today)
            #expect(claim.claimed > .zero && claim.claimed <= policy?.coverLimit ?? .zero)
            #expect((claim.settled ?? .zero) <= claim.claimed)
            #expect(claim.state.isOpen == (claim.decidedOn == nil))
            #expect((claim.decidedOn ?? claim.reportedOn) >= claim.reportedOn)
        }
    }

    @Test func theDemoCustomerHasPoliciesAndClaims() {
        let data = ExampleData(seed: PortalDatabase.standardSeed, today: today)
        let policies = data.policies.filter { $0.customerID == ExampleData.demoCustomerID && $0.status == .active }
        #expect(Set(policies.map(\.product)).isSuperset(of: [.motor, .home, .boat, .travel]))
        let ids = Set(policies.map(\.id))
        #expect(data.claims.count { ids.contains($0.policyID) } >= 9)
    }

    @Test func everyCustomerHasAPolicy() {
        let data = ExampleData(seed: PortalDatabase.standardSeed, today: today)
        #expect(Set(data.policies.map(\.customerID)).count == 120)
    }
}
