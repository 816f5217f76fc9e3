// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// Somebody who acts in the portal: a stable key that decides, a name that people read.
struct Actor: Sendable, Hashable {
    /// Tenant or issuer and object or subject, never an e-mail address.
    var key: String
    /// The name for people.
    var name: String
}

/// Somebody who has signed in at least once.
struct PortalUser: Sendable, Hashable, Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "portalUser"

    /// The stable key.
    var key: String
    /// The name for people.
    var name: String
    /// The name used to sign in.
    var username: String
    /// The roles of the last sign-in, separated by commas.
    var roles: String
    /// The first sign-in.
    var firstSignIn: Date
    /// The last sign-in.
    var lastSignIn: Date
    /// How many sign-ins there were.
    var signIns: Int
}

/// What can be done to a claim.
enum AuditAction: String, Sendable, Codable, CaseIterable, DatabaseValueConvertible {
    case reported, settled, rejected

    /// The name that people see.
    var title: String {
        switch self {
        case .reported: "Claim reported"
        case .settled: "Claim settled"
        case .rejected: "Claim rejected"
        }
    }
}

/// Who did what, and when.
struct AuditEntry: Sendable, Hashable, Codable, FetchableRecord, MutablePersistableRecord {
    static let databaseTableName = "audit"

    /// The row's number; nil before it is stored.
    var id: Int64?
    /// When.
    var at: Date
    /// The stable key of who did it.
    var actorKey: String
    /// The name of who did it.
    var actorName: String
    /// What was done.
    var action: AuditAction
    /// The claim's number.
    var claimNumber: String
    /// The amount or the reason.
    var detail: String

    /// Takes over the number that the database gave.
    mutating func didInsert(_ inserted: InsertionSuccess) {
        id = inserted.rowID
    }
}
