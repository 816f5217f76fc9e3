// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import Testing

@testable import MSALCore

@Suite struct RetryAfterTests {
    /// 1 September 2026, 10:00 UTC.
    let now = Date(timeIntervalSince1970: 1_788_256_800)

    private func read(_ text: String?, at now: Date? = nil) -> Duration? {
        var fields = HTTPFields()
        fields[.retryAfter] = text
        return RetryAfter.seconds(fields, at: now ?? self.now)
    }

    @Test func thePauseIsThatOfTheVectors() throws {
        let cases = try VectorFile("retry-after").cases
        #expect(cases.count == 11)
        for vector in cases {
            let moment = try vector["now"]?.stringValue.map { try #require(HTTPDate.read($0, at: now)) }
            let asked = read(vector["after"]?.stringValue, at: moment)
            let status = try #require(vector["status"]?.integerValue)
            let pause = ThrottleRule.pause(status: Int(status), retryAfter: asked)
            #expect(try pause == .seconds(#require(vector["seconds"]?.integerValue)), "\(vector)")
        }
    }

    @Test(arguments: [
        ("0", 0), (" 17 ", 17), ("007", 7), ("3600", 3_600), ("3601", 3_600), ("99999999999999999999", 3_600),
        ("Tue, 01 Sep 2026 10:00:30 GMT", 30), ("Tuesday, 01-Sep-26 10:00:30 GMT", 30),
        ("Tue Sep  1 10:00:30 2026", 30), ("Tue, 01 Sep 2026 09:59:59 GMT", 0),
        ("Wed, 02 Sep 2026 10:00:00 GMT", 3_600),
    ])
    func secondsAndDatesAreReadAndBounded(_ text: String, _ seconds: Int) {
        #expect(read(text) == .seconds(seconds))
    }

    @Test(arguments: [
        nil, "", " ", "-5", "+5", "1.5", "5s", "0x10", "1,2", "5, 5", "soon", "١٢", "2026-09-01T10:00:30Z",
        "Tue, 01 Sep 2026 10:00:30", "Tue, 01 Sep 2026 10:00:30 UTC", "Tue, 1 Sep 2026 10:00:30 GMT",
        "Die, 01 Sep 2026 10:00:30 GMT", "Tue, 31 Sep 2026 10:00:30 GMT", "Tue, 00 Sep 2026 10:00:30 GMT",
        "Tue, 01 Okt 2026 10:00:30 GMT", "Tue, 01 Sep 2026 24:00:00 GMT", "Tue, 01 Sep 2026 10:60:00 GMT",
        "Tue, 01 Sep 2026 10:00:61 GMT", "Tue, 01 Sep 2026 10:00 GMT", "Tue, 29 Feb 2027 10:00:30 GMT",
        "Tuesday, 01-Sep-2026 10:00:30 GMT", "Tue, 01-Sep-26 10:00:30 GMT", "Tue, 01 Sep 26 10:00:30 GMT",
        "Tuesday Sep  1 10:00:30 2026", "Tue Sep 001 10:00:30 2026",
    ])
    func whatIsNeitherIsAsIfItWereMissing(_ text: String?) {
        #expect(read(text) == nil)
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777), ("Sun Nov  6 08:49:37 1994", 784_111_777),
        ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400), ("Sat, 31 Dec 2016 23:59:60 GMT", 1_483_228_800),
        ("Wed, 31 Dec 1969 23:59:59 GMT", -1), ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
        ("Friday, 01-Jan-27 00:00:00 GMT", 1_798_761_600), ("Wednesday, 01-Jan-76 00:00:00 GMT", 3_345_062_400),
        ("Saturday, 01-Jan-77 00:00:00 GMT", 220_924_800),
    ])
    func datesAreReadInAllThreeForms(_ text: String, _ seconds: Int) {
        #expect(HTTPDate.read(text, at: now)?.timeIntervalSince1970 == Double(seconds))
    }

    @Test func everyDayOfFourCenturiesIsReadRight() {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for day in stride(from: -20_000, to: 130_000, by: 7) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            guard let year = parts.year, let month = parts.month, let number = parts.day else { continue }
            let text = "Mon, \(number < 10 ? "0" : "")\(number) \(months[month - 1]) \(year) 00:00:00 GMT"
            #expect(HTTPDate.read(text, at: now) == date)
        }
    }
}
