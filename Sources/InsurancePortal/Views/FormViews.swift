// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A field of a form: what was typed, and what is wrong with it.
struct FieldView: Sendable, Equatable {
    /// What was typed.
    let value: String
    /// What is wrong.
    let fault: String?

    /// The field of this name.
    init(_ name: String, _ fields: FormFields, _ faults: [String: String]) {
        value = fields[name]
        fault = faults[name]
    }
}

/// A choice of a list.
struct OptionView: Sendable, Equatable {
    /// What is sent.
    let value: String
    /// What it says.
    let title: String
    /// Whether it is chosen.
    let isChosen: Bool

    /// The choices of a list of values.
    static func list<Value: RawRepresentable>(
        _ values: [Value],
        chosen: String,
        title: (Value) -> String
    ) -> [OptionView] where Value.RawValue == String {
        values.map { OptionView(value: $0.rawValue, title: title($0), isChosen: $0.rawValue == chosen) }
    }
}

/// A fault in the list above a form.
struct FaultView: Sendable, Equatable {
    /// The field's id on the page.
    let field: String
    /// What is wrong.
    let text: String

    /// The faults in the order of the form.
    static func list(_ faults: [String: String], order: [String]) -> [FaultView] {
        order.compactMap { name in faults[name].map { FaultView(field: name, text: $0) } }
    }
}

/// The form for a new claim.
struct ReportView: Sendable {
    /// What is wrong.
    let faults: [FaultView]
    /// Whether anything is.
    let hasFaults: Bool
    /// Whether there is a policy to choose.
    let hasPolicies: Bool
    /// The policies.
    let policies: [OptionView]
    /// The causes.
    let causes: [OptionView]
    /// The policy.
    let policy: FieldView
    /// The cause.
    let cause: FieldView
    /// The day.
    let date: FieldView
    /// The amount.
    let amount: FieldView
    /// What happened.
    let account: FieldView
    /// The latest day that can be chosen.
    let today: String
    /// The earliest day that can be chosen.
    let earliest: String

    /// Formats the form.
    init(_ form: ClaimReportForm, policies: [InsurancePolicy], today: CalendarDay) {
        let fields = form.fields
        faults = FaultView.list(form.faults, order: ["policy", "cause", "date", "amount", "account"])
        hasFaults = !faults.isEmpty
        hasPolicies = !policies.isEmpty
        self.policies = policies.map { policy in
            OptionView(
                value: String(policy.id),
                title: "\(policy.product.title): \(policy.insured) (\(policy.number))",
                isChosen: fields["policy"] == String(policy.id)
            )
        }
        causes = OptionView.list(ClaimCause.allCases, chosen: fields["cause"], title: \.title)
        policy = FieldView("policy", fields, form.faults)
        cause = FieldView("cause", fields, form.faults)
        date = FieldView("date", fields, form.faults)
        amount = FieldView("amount", fields, form.faults)
        account = FieldView("account", fields, form.faults)
        self.today = today.iso
        earliest = today.adding(months: -24).iso
    }
}

/// A claim with the two forms that end it.
struct DecisionView: Sendable {
    /// The claim.
    let claim: ClaimView
    /// What is wrong.
    let faults: [FaultView]
    /// Whether anything is.
    let hasFaults: Bool
    /// The amount to pay.
    let amount: FieldView
    /// A note to the customer.
    let note: FieldView
    /// The reason for paying nothing.
    let reason: FieldView
    /// Where the settlement goes.
    let settleAddress: String
    /// Where the rejection goes.
    let rejectAddress: String

    /// Formats a claim and what was typed.
    init(_ file: ClaimFile, form: DecisionForm, today: CalendarDay) {
        claim = ClaimView(file, root: "/queue", today: today)
        faults = FaultView.list(form.faults, order: ["amount", "note", "reason"])
        hasFaults = !faults.isEmpty
        amount = FieldView("amount", form.fields, form.faults)
        note = FieldView("note", form.fields, form.faults)
        reason = FieldView("reason", form.fields, form.faults)
        settleAddress = "/queue/\(file.claim.id)/settle"
        rejectAddress = "/queue/\(file.claim.id)/reject"
    }
}
