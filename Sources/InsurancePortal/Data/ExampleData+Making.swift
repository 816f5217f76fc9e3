// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension ExampleData {
    /// One customer.
    static func makeCustomer(id: Int64, today: CalendarDay, random: inout SplitMix64) -> Customer {
        let first = random.pick(ExampleNames.first)
        let last = random.pick(ExampleNames.last)
        let region = random.pick(Region.allCases)
        let (town, postcode) = random.pick(ExampleNames.towns(of: region))
        let street = "\(random.integer(in: 1...148)) \(random.pick(ExampleNames.streets))"
        let postcodeEnd = "\(random.integer(in: 1...9))\(random.pick(ExampleNames.postcodeLetters))"
        // 07700 900000 to 900999 is the range kept free for fiction.
        let phone = "07700 900\(CalendarDay.padded(random.integer(in: 0...999), to: 3))"
        return Customer(
            id: id,
            number: "HM-C-\(10_000 + id)",
            name: id == demoCustomerID ? demoCustomerName : "\(first) \(last)",
            email: id == demoCustomerID
                ? "customer@harbourmutual.example" : "\(first).\(last)\(id)@mail.example".lowercased(),
            phone: phone,
            address: "\(street), \(town) \(postcode) \(postcodeEnd)",
            region: region,
            since: today.adding(days: -random.integer(in: 1_200...3_900)),
            userKey: nil
        )
    }

    /// One policy of a customer.
    static func makePolicy(
        id: Int64,
        customer: Customer,
        today: CalendarDay,
        product: Product? = nil,
        status: PolicyStatus? = nil,
        random: inout SplitMix64
    ) -> InsurancePolicy {
        let product = product ?? random.pick(weighted: ProductFacts.weights)
        let facts = ProductFacts.of(product)
        let status = status ?? random.pick(weighted: [(.active, 86), (.lapsed, 10), (.cancelled, 4)])
        let startsOn = max(customer.since, today.adding(days: -random.integer(in: 380...2_000)))
        let limit = random.pick(facts.coverLimits)
        let premium = random.integer(in: facts.premium) * 100 + random.integer(in: 0...99)
        return InsurancePolicy(
            id: id,
            number: "HM-\(facts.letter)-\(200_000 + id * 7 + Int64(random.integer(in: 0...6)))",
            customerID: customer.id,
            product: product,
            insured: random.pick(facts.insured),
            // Small firms and boats are not always where their owner lives.
            region: random.chance(88) ? customer.region : random.pick(Region.allCases),
            annualPremium: Money(minorUnits: premium),
            coverLimit: .pounds(limit),
            excess: .pounds(random.pick(facts.excesses)),
            startsOn: startsOn,
            endsOn: end(of: startsOn, status: status, today: today, random: &random),
            status: status
        )
    }

    /// The last day of cover: the eve of the next anniversary, or some day before today.
    private static func end(
        of startsOn: CalendarDay,
        status: PolicyStatus,
        today: CalendarDay,
        random: inout SplitMix64
    ) -> CalendarDay {
        guard status == .active else { return today.adding(days: -random.integer(in: 5...340)) }
        var years = 1
        while startsOn.adding(months: 12 * years).adding(days: -1) < today { years += 1 }
        return startsOn.adding(months: 12 * years).adding(days: -1)
    }

    /// One claim on a policy; its id and number come later.
    func makeClaim(on policy: InsurancePolicy, random: inout SplitMix64) -> InsuranceClaim {
        let facts = ProductFacts.of(policy.product)
        let earliest = max(policy.startsOn, today.adding(days: -3 * 365))
        let latest = min(policy.endsOn, today.adding(days: -1))
        let span = max(0, latest.daysSinceEpoch - earliest.daysSinceEpoch)
        let incidentOn = earliest.adding(days: random.integer(in: 0...span))
        let reportedOn = min(today, incidentOn.adding(days: random.integer(in: 0...9)))
        let (cause, account) = random.pick(facts.incidents)
        let claimed = min(random.amount(in: facts.claimed, step: random.pick([1, 50, 100, 500])), policy.coverLimit)
        var claim = InsuranceClaim(
            id: policy.id,
            number: "",
            policyID: policy.id,
            cause: cause,
            account: account,
            incidentOn: incidentOn,
            reportedOn: reportedOn,
            claimed: max(claimed, .pounds(40)),
            state: .reported
        )
        decide(&claim, excess: policy.excess, random: &random)
        return claim
    }

    /// Gives a claim the state that its age makes likely.
    private func decide(_ claim: inout InsuranceClaim, excess: Money, random: inout SplitMix64) {
        let age = today.daysSinceEpoch - claim.reportedOn.daysSinceEpoch
        claim.state =
            age > 60
            ? random.pick(weighted: [(.settled, 79), (.rejected, 17), (.inReview, age > 160 ? 0 : 24)])
            : random.pick(weighted: [(.reported, 52), (.inReview, 30), (.settled, 14), (.rejected, 4)])
        // What came in today is still to be read, and no decision is younger than yesterday.
        if age < 1 { claim.state = .reported }
        let decidedOn = min(today.adding(days: -1), claim.reportedOn.adding(days: random.integer(in: 2...44)))
        let decidedBy = random.pick(ExampleNames.adjusters)
        let share = random.pick([100, 100, 100, 100, 90, 80, 75, 60])
        let reason = random.pick(ExampleNames.rejections)
        guard !claim.state.isOpen else { return }
        claim.decidedOn = decidedOn
        claim.decidedBy = decidedBy
        if claim.state == .settled {
            let afterExcess = claim.claimed.minorUnits > excess.minorUnits * 2 ? claim.claimed - excess : claim.claimed
            claim.settled = Money(minorUnits: afterExcess.minorUnits * share / 100)
            claim.decisionNote =
                share < 100 ? "Paid at \(share)% after the assessor's report." : "Paid after your excess."
        } else {
            claim.decisionNote = reason
        }
    }
}
