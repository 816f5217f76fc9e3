// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads the date of an HTTP field (RFC 9110 §5.6.7) in the form of today and the two of old, without any locale.
enum HTTPDate {
    /// Reads a date.
    ///
    /// - Parameters:
    ///   - text: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` or `Sun Nov  6 08:49:37 1994`.
    ///   - now: tells which century a year of two digits is of.
    /// - Returns: the moment; nil when the text is of another form or names no day there is.
    static func read(_ text: String, at now: Date) -> Date? {
        let words = text.split(separator: " ")
        switch words.count {
        case 6 where words[0].last == "," && shortDays.contains(words[0].dropLast()) && words[5] == "GMT":
            return date(number(words[3], 4...4), words[2], number(words[1], 2...2), words[4])
        case 4 where words[0].last == "," && days.contains(words[0].dropLast()) && words[3] == "GMT":
            let parts = words[1].split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 3, let year = number(parts[2], 2...2) else { return nil }
            return date(fullYear(year, at: now), parts[1], number(parts[0], 2...2), words[2])
        case 5 where shortDays.contains(words[0]):
            return date(number(words[4], 4...4), words[1], number(words[2], 1...2), words[3])
        default:
            return nil
        }
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    private static let days: [Substring] = [
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
    ]
    private static let shortDays = days.map { $0.prefix(3) }

    private static func number(_ digits: Substring, _ length: ClosedRange<Int>) -> Int? {
        guard length.contains(digits.utf8.count), digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
            return nil
        }
        return Int(digits)
    }

    /// A year of two digits is at most fifty years ahead.
    private static func fullYear(_ year: Int, at now: Date) -> Int {
        let thisYear = 1970 + Int(now.timeIntervalSince1970 / 31_556_952)
        let candidate = thisYear - thisYear % 100 + year
        if candidate > thisYear + 50 { return candidate - 100 }
        return candidate < thisYear - 49 ? candidate + 100 : candidate
    }

    private static func date(_ year: Int?, _ month: Substring, _ day: Int?, _ time: Substring) -> Date? {
        guard let year, let day, let month = months.firstIndex(where: { $0 == month }) else { return nil }
        let isLeap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
        let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let parts = time.split(separator: ":", omittingEmptySubsequences: false)
        guard
            (1...lengths[month]).contains(day), parts.count == 3,
            let hour = number(parts[0], 2...2), hour < 24,
            let minute = number(parts[1], 2...2), minute < 60,
            let second = number(parts[2], 2...2), second <= 60  // a leap second
        else { return nil }
        // The days of the years before this one in the calendar of today, and 719,162 of them before 1970.
        let past = year - 1
        let yearDays = past * 365 + past / 4 - past / 100 + past / 400 - 719_162
        let total = yearDays + lengths[..<month].reduce(0, +) + day - 1
        return Date(timeIntervalSince1970: Double(total * 86_400 + hour * 3_600 + minute * 60 + second))
    }
}
