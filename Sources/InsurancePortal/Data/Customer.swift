// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// A policyholder.
struct Customer: Sendable, Hashable, Codable {
    /// The row's number.
    var id: Int64
    /// The number on letters: `HM-C-10023`.
    var number: String
    /// First and last name.
    var name: String
    /// Where letters by e-mail go; never used to recognise somebody.
    var email: String
    /// A telephone number.
    var phone: String
    /// Street, town and postcode.
    var address: String
    /// Where the customer lives.
    var region: Region
    /// The day of the first policy.
    var since: CalendarDay
    /// The stable key of the account that may see this customer's rows, once there is one.
    var userKey: String?
}

/// A contract of a customer.
struct InsurancePolicy: Sendable, Hashable, Codable {
    /// The row's number.
    var id: Int64
    /// The number on letters: `HM-M-200417`.
    var number: String
    /// Whose it is.
    var customerID: Int64
    /// What kind of insurance.
    var product: Product
    /// What is insured, in words.
    var insured: String
    /// Where it is insured.
    var region: Region
    /// The price of a year.
    var annualPremium: Money
    /// The most that is paid for a claim.
    var coverLimit: Money
    /// What the customer bears of each claim.
    var excess: Money
    /// The first day of cover.
    var startsOn: CalendarDay
    /// The last day of cover.
    var endsOn: CalendarDay
    /// Whether it covers anything today.
    var status: PolicyStatus

    /// Whether `day` lies within the time of cover.
    func covers(_ day: CalendarDay) -> Bool {
        startsOn <= day && day <= endsOn
    }
}

/// A demand for payment after something happened.
struct InsuranceClaim: Sendable, Hashable, Codable {
    /// The row's number.
    var id: Int64
    /// The number on letters: `HM-2026-04711`.
    var number: String
    /// The policy that should pay.
    var policyID: Int64
    /// What brought it about.
    var cause: ClaimCause
    /// What happened, in the customer's words.
    var account: String
    /// When it happened.
    var incidentOn: CalendarDay
    /// When it was reported.
    var reportedOn: CalendarDay
    /// How much is asked for.
    var claimed: Money
    /// How far it has come.
    var state: ClaimState
    /// How much was paid, once settled.
    var settled: Money?
    /// When it was decided.
    var decidedOn: CalendarDay?
    /// Who decided.
    var decidedBy: String?
    /// What the person who decided tells the customer.
    var decisionNote: String?
}

/// A claim with its policy and its customer.
struct ClaimFile: Sendable, Hashable {
    /// The claim.
    var claim: InsuranceClaim
    /// The policy that should pay.
    var policy: InsurancePolicy
    /// Whose it is.
    var customer: Customer

    /// The most that may be paid: what is asked for, within what is covered.
    var mostPayable: Money { min(claim.claimed, policy.coverLimit) }
}

extension Customer: FetchableRecord, PersistableRecord {
    static let databaseTableName = "customer"
}

extension InsurancePolicy: FetchableRecord, PersistableRecord {
    static let databaseTableName = "policy"
    /// The policyholder.
    static let customer = belongsTo(Customer.self, key: "customer")
}

extension InsuranceClaim: FetchableRecord, PersistableRecord {
    static let databaseTableName = "claim"
    /// The policy that should pay.
    static let policy = belongsTo(InsurancePolicy.self, key: "policy")
}

extension ClaimFile: FetchableRecord {
    /// Reads a claim joined with its policy and customer.
    init(row: Row) throws {
        claim = try InsuranceClaim(row: row)
        policy = row["policy"]
        customer = row["customer"]
    }

    /// Claims joined with policies and customers.
    static func request(
        claims: QueryInterfaceRequest<InsuranceClaim>,
        policy: BelongsToAssociation<InsuranceClaim, InsurancePolicy> = InsuranceClaim.policy
    ) -> QueryInterfaceRequest<ClaimFile> {
        claims.including(required: policy.including(required: InsurancePolicy.customer)).asRequest(of: ClaimFile.self)
    }
}
