// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

package import Foundation
import GRDB

/// A file that a later release has changed.
struct LaterRelease: Error, CustomStringConvertible {
    /// What is wrong with it.
    let description = "a later release of the portal has changed it"
}

/// Policies, claims, people and the audit trail, in one SQLite database.
package struct PortalDatabase: Sendable {
    /// Where SQL goes.
    let writer: any DatabaseWriter

    /// The seed of the example data.
    package static let standardSeed: UInt64 = 0x4841_5242_4F55_5231

    /// Opens `file`, or a database in memory, and fills it with example data if it is empty.
    ///
    /// The same `seed` on the same day always gives the same rows.
    /// - Throws: When the file cannot be opened, is no database, or belongs to a later release.
    package init(file: String? = nil, seed: UInt64 = standardSeed, now: Date) throws {
        var settings = Configuration()
        settings.busyMode = .timeout(5)
        settings.label = "portal"
        if let file {
            writer = try DatabasePool(path: file, configuration: settings)
        } else {
            writer = try DatabaseQueue(configuration: settings)
        }
        guard try !writer.read(Self.migrator.hasBeenSuperseded) else { throw LaterRelease() }
        try Self.migrator.migrate(writer)
        try writer.write { database in
            guard try Customer.fetchCount(database) == 0 else { return }
            try ExampleData(seed: seed, today: CalendarDay(now)).insert(into: database)
        }
    }

    /// Asks the database whether it answers.
    func check() async throws {
        _ = try await writer.read { try Int.fetchOne($0, sql: "SELECT 1") }
    }

    /// The steps from an empty file to today's tables.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: customers, policies, claims") { database in
            try createCustomers(in: database)
            try createPolicies(in: database)
            try createClaims(in: database)
        }
        migrator.registerMigration("2: people and audit trail") { database in
            try createPeople(in: database)
            try createAudit(in: database)
        }
        return migrator
    }

    /// Customers, each seen by at most one account.
    private static func createCustomers(in database: Database) throws {
        try database.create(table: "customer") { table in
            table.primaryKey("id", .integer)
            table.column("number", .text).notNull().unique()
            table.column("name", .text).notNull()
            table.column("email", .text).notNull()
            table.column("phone", .text).notNull()
            table.column("address", .text).notNull()
            table.column("region", .text).notNull()
            table.column("since", .text).notNull()
            table.column("userKey", .text).unique()
        }
    }

    /// Policies, each of one customer.
    private static func createPolicies(in database: Database) throws {
        try database.create(table: "policy") { table in
            table.primaryKey("id", .integer)
            table.column("number", .text).notNull().unique()
            table.column("customerID", .integer).notNull().indexed().references("customer")
            table.column("product", .text).notNull()
            table.column("insured", .text).notNull()
            table.column("region", .text).notNull()
            table.column("annualPremium", .integer).notNull().check { $0 > 0 }
            table.column("coverLimit", .integer).notNull().check { $0 > 0 }
            table.column("excess", .integer).notNull().check { $0 >= 0 }
            table.column("startsOn", .text).notNull()
            table.column("endsOn", .text).notNull()
            table.column("status", .text).notNull()
        }
    }

    /// Claims, each on one policy; what is settled never exceeds what was claimed.
    private static func createClaims(in database: Database) throws {
        try database.create(table: "claim") { table in
            table.primaryKey("id", .integer)
            table.column("number", .text).notNull().unique()
            table.column("policyID", .integer).notNull().indexed().references("policy")
            table.column("cause", .text).notNull()
            table.column("account", .text).notNull()
            table.column("incidentOn", .text).notNull()
            table.column("reportedOn", .text).notNull()
            table.column("claimed", .integer).notNull().check { $0 > 0 }
            table.column("state", .text).notNull()
            table.column("settled", .integer)
            table.column("decidedOn", .text)
            table.column("decidedBy", .text)
            table.column("decisionNote", .text)
            table.check(sql: "settled IS NULL OR (settled >= 0 AND settled <= claimed)")
            table.check(sql: "(state = 'settled') = (settled IS NOT NULL)")
        }
        try database.create(index: "claimByState", on: "claim", columns: ["state", "reportedOn"])
    }

    /// People who signed in.
    private static func createPeople(in database: Database) throws {
        try database.create(table: "portalUser") { table in
            table.primaryKey("key", .text)
            table.column("name", .text).notNull()
            table.column("username", .text).notNull()
            table.column("roles", .text).notNull()
            table.column("firstSignIn", .datetime).notNull()
            table.column("lastSignIn", .datetime).notNull()
            table.column("signIns", .integer).notNull()
        }
    }

    /// The audit trail, which only grows.
    private static func createAudit(in database: Database) throws {
        try database.create(table: "audit") { table in
            table.autoIncrementedPrimaryKey("id")
            table.column("at", .datetime).notNull().indexed()
            table.column("actorKey", .text).notNull()
            table.column("actorName", .text).notNull()
            table.column("action", .text).notNull()
            table.column("claimNumber", .text).notNull()
            table.column("detail", .text).notNull()
        }
    }
}
