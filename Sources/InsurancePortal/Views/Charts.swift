// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A chart with a pair of horizontal bars for each line.
struct PairChart: Sendable, Equatable {
    /// A bar.
    struct Bar: Sendable, Equatable {
        /// The upper edge.
        let y: Int
        /// The length.
        let width: Int
        /// Where the value is written: after the bar.
        let textX: Int
        /// The value's base line.
        let textY: Int
        /// The value.
        let value: String
        /// What the style sheet calls it.
        let style: String
    }

    /// A line: a name and its bars.
    struct Line: Sendable, Equatable {
        /// The name.
        let name: String
        /// The name's base line.
        let y: Int
        /// The bars.
        let bars: [Bar]
    }

    /// What the page calls it, unique there.
    let id: String
    /// The title.
    let title: String
    /// What it shows, in a sentence.
    let summary: String
    /// The height of the drawing, which is 560 wide.
    let height: Int
    /// The lines.
    let lines: [Line]

    /// Where bars begin.
    private static let left = 150
    /// The longest bar.
    private static let longest = 340
    /// The height of a line.
    private static let step = 46

    /// Earned premium beside payments, a line each.
    init(id: String, title: String, lines: [Insights.Line]) {
        self.id = id
        self.title = title
        height = lines.count * Self.step + 4
        let largest = max(1, lines.flatMap { [$0.earned.minorUnits, $0.paid.minorUnits] }.max() ?? 1)
        self.lines = lines.enumerated().map { index, line in
            let top = index * Self.step + 6
            /// The bar of an amount, so far below the line's top.
            func bar(_ amount: Money, _ offset: Int, _ style: String) -> Bar {
                let width = max(2, Int(Double(amount.minorUnits) / Double(largest) * Double(Self.longest)))
                return Bar(
                    y: top + offset,
                    width: width,
                    textX: Self.left + width + 6,
                    textY: top + offset + 12,
                    value: amount.roughText,
                    style: style
                )
            }
            return Line(
                name: line.title,
                y: top + 21,
                bars: [bar(line.earned, 0, "earned"), bar(line.paid, 18, "paid")]
            )
        }
        let worst = lines.max { ($0.lossRatio ?? 0) < ($1.lossRatio ?? 0) }
        summary =
            worst.flatMap { line in
                line.lossRatio.map {
                    "Premium earned and claims paid. The highest loss ratio is \($0)%, in \(line.title)."
                }
            } ?? "Premium earned and claims paid."
    }
}

/// A chart with a column for each month.
struct MonthChart: Sendable, Equatable {
    /// A month.
    struct Column: Sendable, Equatable {
        /// The left edge.
        let x: Int
        /// The upper edge.
        let y: Int
        /// The width.
        let width: Int
        /// The height.
        let height: Int
        /// The middle, where text stands.
        let middle: Int
        /// The number's base line.
        let textY: Int
        /// How many claims.
        let value: String
        /// The month, where there is room for it.
        let label: String?
        /// Whether there is room for it on a phone too: `major` or `minor`.
        let importance: String
    }

    /// What it shows, in a sentence.
    let summary: String
    /// The months.
    let columns: [Column]
    /// Whether there is room for the numbers.
    let showsValues: Bool

    /// The width of the columns together; the drawing is 960 wide and 200 high.
    private static let width = 912
    /// The lower edge of the columns.
    private static let floor = 168
    /// The highest column.
    private static let highest = 140

    /// Claims by month.
    init(_ months: [Insights.Month]) {
        let largest = max(1, months.map(\.claims).max() ?? 1)
        let step = Self.width / max(1, months.count)
        let every = months.count > 24 ? 3 : months.count > 12 ? 2 : 1
        columns = months.enumerated().map { index, month in
            let height = month.claims * Self.highest / largest
            return Column(
                x: 24 + index * step + step / 8,
                y: Self.floor - height,
                width: step * 3 / 4,
                height: height,
                middle: 24 + index * step + step / 2,
                textY: Self.floor - height - 5,
                value: String(month.claims),
                label: index % every == 0 ? month.firstDay.monthText : nil,
                importance: index % max(1, months.count / 3) == months.count / 6 ? "major" : "minor"
            )
        }
        showsValues = months.count <= 36
        let busiest = months.max { $0.claims < $1.claims }
        let count = months.reduce(0) { $0 + $1.claims }
        summary =
            "\(count) claims reported in \(months.count) months"
            + (busiest.map { ", most of them in \($0.firstDay.monthText): \($0.claims)." } ?? ".")
    }
}
