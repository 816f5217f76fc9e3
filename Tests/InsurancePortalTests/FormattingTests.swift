// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import InsurancePortal

@Suite struct FormattingTests {
    @Test(arguments: [
        (0, "£0.00"), (5, "£0.05"), (100, "£1.00"), (123_456, "£1,234.56"), (100_000_000, "£1,000,000.00"),
        (100_005, "£1,000.05"),
        (-250, "-£2.50"),
    ])
    func moneyIsWrittenForPeople(pence: Int, text: String) {
        #expect(Money(minorUnits: pence).text == text)
    }

    @Test(arguments: [(99_999, "£999"), (1_250_000, "£12k"), (123_456_789, "£1.2m"), (1_999_900_000, "£19.9m")])
    func roughMoneyIsShort(pence: Int, text: String) {
        #expect(Money(minorUnits: pence).roughText == text)
    }

    @Test func whatAFieldShowsIsReadBack() {
        for pence in [1, 10, 99, 100, 12_345, 1_000_000_000] {
            let amount = Money(minorUnits: pence)
            #expect(Money(typed: amount.fieldText) == amount)
            #expect(Money(typed: amount.text) == amount)
        }
    }

    @Test(arguments: [
        (1970, 1, 1, 0), (2000, 2, 29, 11_016), (2026, 11, 22, 20_779), (1969, 12, 31, -1), (2100, 3, 1, 47_541),
    ])
    func daysAreCounted(year: Int, month: Int, day: Int, count: Int) {
        #expect(CalendarDay(year: year, month: month, day: day)?.daysSinceEpoch == count)
        #expect(CalendarDay(daysSinceEpoch: count).components == (year, month, day))
    }

    @Test func everyDayIsReadBack() {
        for count in stride(from: -100_000, through: 100_000, by: 13) {
            let day = CalendarDay(daysSinceEpoch: count)
            #expect(CalendarDay(iso: day.iso) == day)
        }
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-10", "26-01-01", "2026-1-01", "+026-01-01", "٢٠٢٦-01-01", "", "0000-01-01",
    ])
    func noDayIsNoDay(text: String) {
        #expect(CalendarDay(iso: text) == nil)
    }

    @Test func monthsAreAddedToTheLastDayThereIs() {
        #expect(CalendarDay(iso: "2026-01-31")?.adding(months: 1).iso == "2026-02-28")
        #expect(CalendarDay(iso: "2024-02-29")?.adding(months: 12).iso == "2025-02-28")
        #expect(CalendarDay(iso: "2026-11-22")?.adding(months: -24).iso == "2024-11-22")
        #expect(CalendarDay(iso: "2026-11-30")?.adding(months: 1).iso == "2026-12-30")
    }

    @Test func momentsAreWrittenForPeopleAndMachines() {
        let date = Date(timeIntervalSince1970: 1_795_356_309)
        #expect(Moments.text(date) == "22 Nov 2026, 14:05 UTC")
        #expect(Moments.machineText(date) == "2026-11-22T14:05:09Z")
    }

    @Test(arguments: [
        (0, "none"), (-3, "none"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"),
        (3_552, "59 minutes 12 seconds"),
        (3_600, "1 hour"), (3_601, "1 hour"), (90_000, "1 day 1 hour"),
    ])
    func lengthsAreWrittenForPeople(seconds: Int, text: String) {
        #expect(Moments.length(seconds: seconds) == text)
    }

    @Test(arguments: [
        ("Casey Marlowe", "CM"), ("ann", "A"), ("", "?"), ("J. R. van der Berg", "JB"), ("<b>", "B"), ("李 明", "李明"),
    ])
    func initialsAreTheFirstAndLast(name: String, initials: String) {
        #expect(PageFrame.initials(of: name) == initials)
    }
}
