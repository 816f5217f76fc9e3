// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import InsurancePortal

@Suite struct FormTests {
    let today = CalendarDay(year: 2026, month: 11, day: 22) ?? CalendarDay(daysSinceEpoch: 0)

    /// A motor policy up to £20,000, covered in the year up to mid-2027.
    var policy: InsurancePolicy {
        InsurancePolicy(
            id: 5,
            number: "HM-M-1",
            customerID: 1,
            product: .motor,
            insured: "Car",
            region: .wales,
            annualPremium: .pounds(500),
            coverLimit: .pounds(20_000),
            excess: .pounds(250),
            startsOn: today.adding(days: -100),
            endsOn: today.adding(days: 200),
            status: .active
        )
    }

    @Test(arguments: [
        ("a=1&b=2", ["a": "1", "b": "2"]), ("a=x+y%20z", ["a": "x y z"]), ("a=%C3%A9&b", ["a": "é", "b": ""]),
        ("", [:]), ("a=1=2", ["a": "1=2"]), ("%61=%26", ["a": "&"]), ("a=l1%0D%0Al2", ["a": "l1\r\nl2"]),
    ])
    func formTextIsDecoded(text: String, expected: [String: String]) throws {
        #expect(try FormFields(parsing: text) == FormFields(expected))
    }

    @Test(arguments: ["a=1&a=2", "a=%", "a=%4", "a=%zz", "a=%00", "a=%FF", "a=%1b", "%61=1&a=2"])
    func unreadableFormTextIsRefused(text: String) {
        #expect(throws: FormFields.Unreadable.self) { try FormFields(parsing: text) }
    }

    @Test func aCompleteReportIsAccepted() {
        var form = ClaimReportForm(
            fields: FormFields([
                "policy": "5", "cause": "theft", "date": "2026-11-20", "amount": "£1,250.5",
                "account": "The window was smashed.",
            ])
        )
        let report = form.check(policies: [policy], today: today)
        #expect(form.faults.isEmpty)
        #expect(report?.claimed == Money(minorUnits: 125_050))
        #expect(report?.incidentOn.iso == "2026-11-20")
    }

    @Test func anEmptyReportNamesEveryField() {
        var form = ClaimReportForm()
        #expect(form.check(policies: [policy], today: today) == nil)
        #expect(Set(form.faults.keys) == ["policy", "cause", "date", "amount", "account"])
    }

    @Test(arguments: [
        ("policy", "6"), ("policy", "x"), ("policy", "-5"), ("cause", "boredom"), ("date", "2026-11-23"),
        ("date", "2026-02-30"),
        ("date", "20.11.2026"), ("date", "2024-11-01"), ("date", "2026-08-01"), ("amount", "0"), ("amount", "-5"),
        ("amount", "20000.01"), ("amount", "1e3"), ("amount", "12,34"), ("amount", "99999999999999999999"),
        ("account", "Short."),
        ("account", String(repeating: "a", count: 2_001)),
    ])
    func oneWrongFieldIsNamedAndTheRestKept(field: String, value: String) {
        var values = [
            "policy": "5", "cause": "theft", "date": "2026-11-20", "amount": "10", "account": "The window was smashed.",
        ]
        values[field] = value
        var form = ClaimReportForm(fields: FormFields(values))
        #expect(form.check(policies: [policy], today: today) == nil)
        #expect(Array(form.faults.keys) == [field])
        #expect(form.fields == FormFields(values))
    }

    @Test(
        arguments: [
            ("1000", 100_000), ("1000.00", 100_000), ("0.01", 1), ("£ 900.5", 90_050), ("1,000", 100_000), ("", nil),
            ("0", nil),
            ("1000.01", nil), ("1.234", nil), ("abc", nil), ("1000000", nil),
        ] as [(String, Int?)]
    )
    func aSettlementStaysWithinTheClaim(typed: String, expected: Int?) {
        let claim = InsuranceClaim(
            id: 1,
            number: "",
            policyID: 5,
            cause: .fire,
            account: "",
            incidentOn: today,
            reportedOn: today,
            claimed: .pounds(1_000),
            state: .reported
        )
        let customer = Customer(
            id: 1,
            number: "",
            name: "",
            email: "",
            phone: "",
            address: "",
            region: .wales,
            since: today
        )
        var form = DecisionForm(fields: FormFields(["amount": typed]))
        let decision = form.checkSettlement(of: ClaimFile(claim: claim, policy: policy, customer: customer))
        #expect(decision == expected.map { .settle(Money(minorUnits: $0), note: "") })
        #expect(form.faults.isEmpty == (expected != nil))
    }

    @Test(arguments: [("", false), ("Too short", false), ("Wear and tear is not covered.", true)])
    func aRejectionNeedsAReason(reason: String, isAccepted: Bool) {
        var form = DecisionForm(fields: FormFields(["reason": reason]))
        #expect((form.checkRejection() != nil) == isAccepted)
    }

    @Test(arguments: [
        ("", "/queue"),
        (
            "product=motor&region=wales&state=in-review&order=largest&page=3",
            "/queue?product=motor&region=wales&state=in-review&order=largest&page=3"
        ),
        ("product=tank&page=-1&state=settled&order=x", "/queue"), ("page=100000", "/queue"),
    ])
    func aQueueAddressIsReadAndWritten(query: String, address: String) throws {
        let filter = QueueFilter(try FormFields(parsing: query))
        #expect(filter.address(page: filter.page) == address)
    }
}
