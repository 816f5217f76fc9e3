// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// An amount in pounds sterling, counted in pence.
struct Money: Hashable, Sendable, Codable {
    /// The amount in pence.
    let minorUnits: Int

    /// Nothing.
    static let zero = Money(minorUnits: 0)

    /// The largest amount that a form takes: ten million pounds.
    static let maximum = Money(minorUnits: 1_000_000_000)

    /// An amount of full pounds.
    static func pounds(_ pounds: Int) -> Money {
        Money(minorUnits: pounds * 100)
    }

    /// An amount in pence.
    init(minorUnits: Int) {
        self.minorUnits = minorUnits
    }

    /// The amount that a person typed, such as 1250 or £1,250.50.
    ///
    /// Nothing negative, and nothing above ``maximum``.
    init?(typed text: String) {
        var text = text.filter { $0 != " " && $0 != "\u{A0}" }
        if text.hasPrefix("£") { text.removeFirst() }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let pounds = Self.pounds(typed: parts[0]) else { return nil }
        var pence = 0
        if parts.count == 2 {
            guard (1...2).contains(parts[1].utf8.count), let typed = Self.digits(parts[1]) else { return nil }
            pence = parts[1].utf8.count == 1 ? typed * 10 : typed
        }
        let amount = pounds * 100 + pence
        guard amount <= Self.maximum.minorUnits else { return nil }
        self.init(minorUnits: amount)
    }

    /// For people: `£1,250.50`.
    var text: String {
        "\(wholeText).\(CalendarDay.padded(abs(minorUnits) % 100, to: 2))"
    }

    /// For people where pence do not matter: `£1,250`.
    var wholeText: String {
        "\(minorUnits < 0 ? "-" : "")£\(Self.grouped(abs(minorUnits) / 100))"
    }

    /// For charts: `£1.3m`, `£12k`, `£840`.
    var roughText: String {
        let pounds = minorUnits / 100
        if pounds >= 1_000_000 { return "£\(pounds / 1_000_000).\(pounds / 100_000 % 10)m" }
        return pounds >= 10_000 ? "£\(pounds / 1_000)k" : wholeText
    }

    /// For a form field: `1250.50`.
    var fieldText: String {
        "\(minorUnits / 100).\(CalendarDay.padded(minorUnits % 100, to: 2))"
    }

    /// A number with a comma between thousands.
    static func grouped(_ number: Int) -> String {
        var groups: [String] = []
        var rest = number
        while rest >= 1_000 {
            groups.insert(CalendarDay.padded(rest % 1_000, to: 3), at: 0)
            rest /= 1_000
        }
        return ([String(rest)] + groups).joined(separator: ",")
    }

    /// Pounds with or without commas; a comma stands only before three digits.
    private static func pounds(typed text: Substring) -> Int? {
        let groups = text.split(separator: ",", omittingEmptySubsequences: false)
        guard
            groups.count == 1 || ((1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy { $0.count == 3 })
        else { return nil }
        return digits(Substring(groups.joined()))
    }

    /// A short run of ASCII digits as a number.
    private static func digits(_ text: Substring) -> Int? {
        guard (1...9).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}

extension Money: Comparable {
    /// Smaller amounts come first.
    static func < (left: Money, right: Money) -> Bool {
        left.minorUnits < right.minorUnits
    }

    /// The sum of two amounts.
    static func + (left: Money, right: Money) -> Money {
        Money(minorUnits: left.minorUnits + right.minorUnits)
    }

    /// The difference of two amounts.
    static func - (left: Money, right: Money) -> Money {
        Money(minorUnits: left.minorUnits - right.minorUnits)
    }
}

extension Money: DatabaseValueConvertible {
    /// Stored as a number of pence.
    var databaseValue: DatabaseValue { minorUnits.databaseValue }

    /// Read from a number of pence.
    static func fromDatabaseValue(_ value: DatabaseValue) -> Money? {
        Int.fromDatabaseValue(value).map(Money.init(minorUnits:))
    }
}
