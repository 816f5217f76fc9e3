// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import GRDB

/// What Harbour Mutual sells.
enum Product: String, CaseIterable, Sendable, Codable, DatabaseValueConvertible {
    case motor, home, travel, boat, business, pet

    /// The name that people see.
    var title: String {
        switch self {
        case .motor: "Motor"
        case .home: "Home"
        case .travel: "Travel"
        case .boat: "Boat"
        case .business: "Small business"
        case .pet: "Pet"
        }
    }
}

/// Where an insured thing or person is.
enum Region: String, CaseIterable, Sendable, Codable, DatabaseValueConvertible {
    case scotland, north, midlands, wales, east, london, southEast, southWest

    /// The name that people see.
    var title: String {
        switch self {
        case .scotland: "Scotland"
        case .north: "The North"
        case .midlands: "Midlands"
        case .wales: "Wales"
        case .east: "East Anglia"
        case .london: "London"
        case .southEast: "South East"
        case .southWest: "South West"
        }
    }
}

/// Whether a policy covers anything today.
enum PolicyStatus: String, CaseIterable, Sendable, Codable, DatabaseValueConvertible {
    case active, lapsed, cancelled

    /// The name that people see.
    var title: String {
        switch self {
        case .active: "Active"
        case .lapsed: "Lapsed"
        case .cancelled: "Cancelled"
        }
    }
}

/// What brought a claim about.
enum ClaimCause: String, CaseIterable, Sendable, Codable, DatabaseValueConvertible {
    case accident, theft, fire, water, weather, breakage, illness, cancellation, liability, other

    /// The name that people see.
    var title: String {
        switch self {
        case .accident: "Accident or collision"
        case .theft: "Theft or vandalism"
        case .fire: "Fire or smoke"
        case .water: "Burst pipe or leak"
        case .weather: "Storm or flood"
        case .breakage: "Breakage or breakdown"
        case .illness: "Illness or injury"
        case .cancellation: "Cancellation or delay"
        case .liability: "Damage to others"
        case .other: "Something else"
        }
    }
}

/// How far a claim has come.
enum ClaimState: String, CaseIterable, Sendable, Codable, DatabaseValueConvertible {
    case reported, inReview, settled, rejected

    /// The states in which a decision is still to be taken.
    static let open: [ClaimState] = [.reported, .inReview]

    /// Whether a decision is still to be taken.
    var isOpen: Bool { Self.open.contains(self) }

    /// The name that people see.
    var title: String {
        switch self {
        case .reported: "Reported"
        case .inReview: "In review"
        case .settled: "Settled"
        case .rejected: "Rejected"
        }
    }

    /// The name in style sheets and addresses.
    var slug: String {
        self == .inReview ? "in-review" : rawValue
    }
}
