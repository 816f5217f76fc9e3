// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// A day of the Gregorian calendar, without a time and without a time zone.
struct CalendarDay: Hashable, Sendable, Codable {
    /// Days since 1 January 1970.
    let daysSinceEpoch: Int

    /// The names of the months.
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// The day so many days after 1 January 1970.
    init(daysSinceEpoch: Int) {
        self.daysSinceEpoch = daysSinceEpoch
    }

    /// The day of `date` in UTC.
    init(_ date: Date) {
        daysSinceEpoch = Int((date.timeIntervalSince1970 / 86_400).rounded(.down))
    }

    /// The day of these numbers, if there is one.
    init?(year: Int, month: Int, day: Int) {
        guard (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
        // Days from civil, for years that begin in March, so that the leap day is the last one of its year.
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        self.init(daysSinceEpoch: era * 146_097 + dayOfEra - 719_468)
        guard components == (year, month, day) else { return nil }
    }

    /// The day written as `2026-11-22`, as HTML's date fields send it.
    init?(iso text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month and day of the month.
    var components: (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// As stored, and as HTML's date fields want it: `2026-11-22`.
    var iso: String {
        let (year, month, day) = components
        return "\(Self.padded(year, to: 4))-\(Self.padded(month, to: 2))-\(Self.padded(day, to: 2))"
    }

    /// For people: `22 November 2026`.
    var longText: String {
        let (year, month, day) = components
        return "\(day) \(Self.months[month - 1]) \(year)"
    }

    /// For tables: `22 Nov 2026`.
    var shortText: String {
        let (year, month, day) = components
        return "\(day) \(Self.months[month - 1].prefix(3)) \(year)"
    }

    /// The month alone: `Nov 2026`.
    var monthText: String {
        let (year, month, _) = components
        return "\(Self.months[month - 1].prefix(3)) \(year)"
    }

    /// The moment at which the day begins, in UTC.
    var start: Date {
        Date(timeIntervalSince1970: Double(daysSinceEpoch) * 86_400)
    }

    /// The day so many days later.
    func adding(days: Int) -> CalendarDay {
        CalendarDay(daysSinceEpoch: daysSinceEpoch + days)
    }

    /// The same day of the month so many months later, or that month's last day.
    func adding(months: Int) -> CalendarDay {
        let (year, month, day) = components
        let index = year * 12 + month - 1 + months
        for candidate in stride(from: day, through: 28, by: -1) {
            if let found = CalendarDay(year: index / 12, month: index % 12 + 1, day: candidate) { return found }
        }
        return CalendarDay(year: index / 12, month: index % 12 + 1, day: min(day, 28)) ?? self
    }

    /// A number with zeros in front.
    static func padded(_ number: Int, to width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension CalendarDay: Comparable {
    /// Earlier days come first.
    static func < (left: CalendarDay, right: CalendarDay) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }
}

extension CalendarDay: DatabaseValueConvertible {
    /// Stored as ISO text, which sorts as the days do.
    var databaseValue: DatabaseValue { iso.databaseValue }

    /// Read from ISO text.
    static func fromDatabaseValue(_ value: DatabaseValue) -> CalendarDay? {
        String.fromDatabaseValue(value).flatMap { CalendarDay(iso: $0) }
    }
}
