// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The underwriter's page.
struct InsightsView: Sendable {
    /// A line of a table.
    struct Row: Sendable, Equatable {
        /// The product or region.
        let title: String
        /// Active policies.
        let policies: String
        /// Earned premium.
        let earned: String
        /// Claims reported.
        let claims: String
        /// Claims paid.
        let paid: String
        /// The loss ratio.
        let ratio: String
        /// Whether more was paid than is healthy.
        let isHigh: Bool

        /// Formats a line.
        init(_ line: Insights.Line) {
            title = line.title
            policies = Money.grouped(line.activePolicies)
            earned = line.earned.wholeText
            claims = Money.grouped(line.claims)
            paid = line.paid.wholeText
            ratio = line.lossRatio.map { "\($0)%" } ?? "none"
            isHigh = (line.lossRatio ?? 0) >= 90
        }
    }

    /// A stretch of time to choose.
    struct Choice: Sendable {
        /// Where to.
        let address: String
        /// What it says.
        let title: String
        /// Whether it is shown.
        let isCurrent: Bool
    }

    /// The stretches of time that can be chosen, in months.
    static let stretches = [12, 24, 36]

    /// The stretches of time to choose from.
    let choices: [Choice]
    /// The days shown.
    let span: String
    /// Figures of the whole.
    let figures: [ProfileView.Fact]
    /// By product.
    let productChart: PairChart
    /// By product.
    let products: [Row]
    /// By region.
    let regionChart: PairChart
    /// By region.
    let regions: [Row]
    /// By month.
    let monthChart: MonthChart

    /// Formats the figures of so many months.
    init(_ insights: Insights, months: Int) {
        choices = Self.stretches.map {
            Choice(address: "/insights?months=\($0)", title: "\($0) months", isCurrent: $0 == months)
        }
        span = "\(insights.from.longText) to \(insights.to.longText)"
        let total = Row(insights.total)
        figures = [
            .init(name: "Active policies", value: total.policies),
            .init(name: "Premium earned", value: insights.total.earned.roughText),
            .init(name: "Claims paid", value: insights.total.paid.roughText),
            .init(name: "Loss ratio", value: total.ratio),
            .init(name: "Open claims", value: Money.grouped(insights.openClaims)),
        ]
        productChart = PairChart(id: "by-product", title: "Premium and payments by product", lines: insights.products)
        products = insights.products.map(Row.init) + [total]
        regionChart = PairChart(id: "by-region", title: "Premium and payments by region", lines: insights.regions)
        regions = insights.regions.map(Row.init) + [total]
        monthChart = MonthChart(insights.months)
    }
}
