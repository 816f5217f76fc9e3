// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A claim as its customer reports it, checked.
struct ClaimReport: Sendable, Equatable {
    /// The policy that should pay.
    var policyID: Int64
    /// What brought it about.
    var cause: ClaimCause
    /// When it happened.
    var incidentOn: CalendarDay
    /// How much is asked for.
    var claimed: Money
    /// What happened.
    var account: String
}

/// What a person typed into the form for a new claim.
struct ClaimReportForm: Sendable, Equatable {
    /// The most that may be told, in characters.
    static let longestAccount = 2_000

    /// What was typed, by field: `policy`, `cause`, `date`, `amount`, `account`.
    var fields = FormFields()
    /// What is wrong, by field.
    private(set) var faults: [String: String] = [:]

    /// An empty form, or one that has a policy chosen.
    init(policy: String = "") {
        fields = FormFields(policy.isEmpty ? [:] : ["policy": policy])
    }

    /// The form as it came.
    init(fields: FormFields) {
        self.fields = fields
    }

    /// Checks all fields against the customer's own policies; nil, and every fault noted, if anything is wrong.
    mutating func check(policies: [InsurancePolicy], today: CalendarDay) -> ClaimReport? {
        faults = [:]
        let policy = checkPolicy(policies)
        let cause = ClaimCause(rawValue: fields["cause"])
        if cause == nil { faults["cause"] = "Choose what happened." }
        let day = checkDate(policy: policy, today: today)
        let amount = checkAmount(policy: policy)
        let account = fields["account"].replacing("\r\n", with: "\n")
        if account.count < 15 {
            faults["account"] =
                account.isEmpty ? "Tell us what happened." : "Tell us a little more, a sentence at least."
        } else if account.count > Self.longestAccount {
            faults["account"] = "Keep it under \(Money.grouped(Self.longestAccount)) characters; we will ask for more."
        }
        guard faults.isEmpty, let policy, let cause, let day, let amount else { return nil }
        return ClaimReport(policyID: policy.id, cause: cause, incidentOn: day, claimed: amount, account: account)
    }

    /// The chosen policy, which must be the customer's own.
    private mutating func checkPolicy(_ policies: [InsurancePolicy]) -> InsurancePolicy? {
        guard let id = Int64(fields["policy"]), let policy = policies.first(where: { $0.id == id }) else {
            faults["policy"] = "Choose one of your policies."
            return nil
        }
        return policy
    }

    /// The day of the incident: not in the future, not long ago, within the time of cover.
    private mutating func checkDate(policy: InsurancePolicy?, today: CalendarDay) -> CalendarDay? {
        guard let day = CalendarDay(iso: fields["date"]) else {
            faults["date"] = fields["date"].isEmpty ? "Enter the day it happened." : "Enter a day as YYYY-MM-DD."
            return nil
        }
        if day > today {
            faults["date"] = "The day lies in the future."
        } else if day < today.adding(months: -24) {
            faults["date"] = "Claims must be reported within two years. Please call us about older ones."
        } else if let policy, !policy.covers(day) {
            faults["date"] =
                "This policy covers \(policy.startsOn.shortText) to \(policy.endsOn.shortText)."
        }
        return day
    }

    /// The amount: something, and no more than the policy covers.
    private mutating func checkAmount(policy: InsurancePolicy?) -> Money? {
        guard let amount = Money(typed: fields["amount"]) else {
            faults["amount"] =
                fields["amount"].isEmpty ? "Enter an amount; an estimate will do." : "Enter an amount such as 1,250.00."
            return nil
        }
        if amount <= .zero {
            faults["amount"] = "Enter an amount above zero."
        } else if let policy, amount > policy.coverLimit {
            faults["amount"] = "This policy covers up to \(policy.coverLimit.wholeText)."
        }
        return amount
    }
}
