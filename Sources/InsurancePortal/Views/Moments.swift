// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Times as people read them.
enum Moments {
    /// `22 Nov 2026, 14:05 UTC`.
    static func text(_ date: Date) -> String {
        let day = CalendarDay(date)
        let seconds = Int(date.timeIntervalSince(day.start))
        let hour = CalendarDay.padded(seconds / 3_600, to: 2)
        return "\(day.shortText), \(hour):\(CalendarDay.padded(seconds / 60 % 60, to: 2)) UTC"
    }

    /// `2026-11-22T14:05:09Z`, for `<time datetime>`.
    static func machineText(_ date: Date) -> String {
        let day = CalendarDay(date)
        let seconds = Int(date.timeIntervalSince(day.start))
        let parts = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { CalendarDay.padded($0, to: 2) }
        return "\(day.iso)T\(parts.joined(separator: ":"))Z"
    }

    /// `59 minutes 12 seconds`; the two largest parts.
    static func length(seconds: Int) -> String {
        guard seconds > 0 else { return "none" }
        let parts = [
            (seconds / 86_400, "day"), (seconds / 3_600 % 24, "hour"), (seconds / 60 % 60, "minute"),
            (seconds % 60, "second"),
        ]
        return parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
            .map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }.joined(separator: " ")
    }

    /// How long ago a day was: `today`, `yesterday`, `12 days ago`.
    static func age(of day: CalendarDay, today: CalendarDay) -> String {
        switch today.daysSinceEpoch - day.daysSinceEpoch {
        case ...0: "today"
        case 1: "yesterday"
        case let days: "\(days) days ago"
        }
    }
}
