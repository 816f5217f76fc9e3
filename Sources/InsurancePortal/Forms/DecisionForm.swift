// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What an adjuster typed into one of the two forms that end a claim.
struct DecisionForm: Sendable, Equatable {
    /// The longest note or reason, in characters.
    static let longestNote = 500

    /// What was typed: `amount` and `note`, or `reason`.
    var fields: FormFields
    /// What is wrong, by field.
    private(set) var faults: [String: String] = [:]

    /// The forms before anybody typed: the amount is what is left after the excess.
    init(for file: ClaimFile) {
        let proposal = max(file.mostPayable - file.policy.excess, .zero)
        fields = FormFields(file.claim.state.isOpen && proposal > .zero ? ["amount": proposal.fieldText] : [:])
    }

    /// A form as it came.
    init(fields: FormFields) {
        self.fields = fields
    }

    /// The payment, or nil with the faults noted.
    mutating func checkSettlement(of file: ClaimFile) -> Decision? {
        faults = [:]
        let note = fields["note"]
        if note.count > Self.longestNote { faults["note"] = "Keep it under \(Self.longestNote) characters." }
        guard let amount = Money(typed: fields["amount"]), amount > .zero else {
            faults["amount"] = "Enter an amount above zero, such as 1,250.00."
            return nil
        }
        if amount > file.claim.claimed {
            faults["amount"] = "No more than the \(file.claim.claimed.text) claimed."
        } else if amount > file.policy.coverLimit {
            faults["amount"] = "The policy covers up to \(file.policy.coverLimit.text)."
        }
        return faults.isEmpty ? .settle(amount, note: note) : nil
    }

    /// The rejection, or nil with the faults noted.
    mutating func checkRejection() -> Decision? {
        faults = [:]
        let reason = fields["reason"]
        if reason.count < 10 {
            faults["reason"] = "Give the customer a reason, a sentence at least."
        } else if reason.count > Self.longestNote {
            faults["reason"] = "Keep it under \(Self.longestNote) characters."
        }
        return faults.isEmpty ? .reject(reason: reason) : nil
    }
}
