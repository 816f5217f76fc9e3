// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What the underwriter wants to know about a stretch of time.
struct Insights: Sendable, Equatable {
    /// Figures of one product, one region, or the whole.
    struct Line: Sendable, Equatable {
        /// What the figures are about.
        var title: String
        /// Policies active at the end.
        var activePolicies = 0
        /// The part of the premiums that belongs to the days of the stretch.
        var earned = Money.zero
        /// Claims reported.
        var claims = 0
        /// What was paid for claims decided.
        var paid = Money.zero

        /// Paid per hundred pounds earned, rounded; nil if nothing was earned.
        var lossRatio: Int? {
            earned > .zero ? (paid.minorUnits * 100 + earned.minorUnits / 2) / earned.minorUnits : nil
        }
    }

    /// A month's claims.
    struct Month: Sendable, Equatable {
        /// The month's first day.
        var firstDay: CalendarDay
        /// Claims reported.
        var claims: Int
    }

    /// The first day.
    var from: CalendarDay
    /// The last day.
    var to: CalendarDay
    /// Everything together.
    var total: Line
    /// By product.
    var products: [Line]
    /// By region.
    var regions: [Line]
    /// By month, earliest first.
    var months: [Month]
    /// Claims still open.
    var openClaims: Int
}

extension PortalDatabase {
    /// The figures of the last `months` full or begun months.
    func insights(months: Int, today: CalendarDay) async throws -> Insights {
        let (year, month, _) = today.components
        let thisMonth = CalendarDay(year: year, month: month, day: 1) ?? today
        let from = thisMonth.adding(months: 1 - months)
        return try await writer.read { database in
            let policies = try InsurancePolicy.fetchAll(database)
            let byID = Dictionary(uniqueKeysWithValues: policies.map { ($0.id, $0) })
            let claims = try InsuranceClaim.filter(Column("reportedOn") >= from || Column("decidedOn") >= from)
                .fetchAll(database)
            var products = Product.allCases.map { Insights.Line(title: $0.title) }
            var regions = Region.allCases.map { Insights.Line(title: $0.title) }
            var total = Insights.Line(title: "All")
            /// Adds to the whole, the product's line and the region's line of a policy.
            func add(_ policy: InsurancePolicy, _ change: (inout Insights.Line) -> Void) {
                change(&total)
                if let index = Product.allCases.firstIndex(of: policy.product) { change(&products[index]) }
                if let index = Region.allCases.firstIndex(of: policy.region) { change(&regions[index]) }
            }
            for policy in policies {
                let days = 1 + min(policy.endsOn, today).daysSinceEpoch - max(policy.startsOn, from).daysSinceEpoch
                let earned = Money(minorUnits: policy.annualPremium.minorUnits * max(0, days) / 365)
                add(policy) { line in
                    line.earned = line.earned + earned
                    line.activePolicies += policy.status == .active ? 1 : 0
                }
            }
            for claim in claims {
                guard let policy = byID[claim.policyID] else { continue }
                add(policy) { line in
                    line.claims += claim.reportedOn >= from ? 1 : 0
                    if let paid = claim.settled, let day = claim.decidedOn, day >= from { line.paid = line.paid + paid }
                }
            }
            let reported = Dictionary(grouping: claims.filter { $0.reportedOn >= from }) { $0.reportedOn.iso.prefix(7) }
            return Insights(
                from: from,
                to: today,
                total: total,
                products: products,
                regions: regions,
                months: (0..<months).map { index in
                    let day = from.adding(months: index)
                    return Insights.Month(firstDay: day, claims: reported[day.iso.prefix(7)]?.count ?? 0)
                },
                openClaims: try InsuranceClaim.filter(ClaimState.open.contains(Column("state"))).fetchCount(database)
            )
        }
    }
}
