// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

extension PortalDatabase {
    /// The customer whose rows the account with this key may see.
    func customer(userKey: String) async throws -> Customer? {
        try await writer.read { try Customer.filter(Column("userKey") == userKey).fetchOne($0) }
    }

    /// Gives the example customer to the account with this key, unless either already has another.
    ///
    /// For the bundled emulator only: the key is known beforehand. Nobody is ever recognised by e-mail address or user
    /// name, which an administrator of any tenant can choose.
    package func linkDemoCustomer(to userKey: String) throws {
        try writer.write { database in
            guard try Customer.filter(Column("userKey") == userKey).fetchCount(database) == 0 else { return }
            try Customer.filter(Column("id") == ExampleData.demoCustomerID && Column("userKey") == nil)
                .updateAll(database, Column("userKey").set(to: userKey))
        }
    }

    /// The customer of this account; a new one with two sample policies at the first visit.
    func enrolCustomer(for actor: Actor, email: String, now: Date) async throws -> Customer {
        if let known = try await customer(userKey: actor.key) { return known }
        return try await writer.write { database in
            if let known = try Customer.filter(Column("userKey") == actor.key).fetchOne(database) { return known }
            let id = try 1 + (Int64.fetchOne(database, sql: "SELECT max(id) FROM customer") ?? 0)
            var random = SplitMix64(seed: Self.seed(of: actor.key))
            let today = CalendarDay(now)
            var customer = ExampleData.makeCustomer(id: id, today: today, random: &random)
            customer.name = actor.name
            customer.email = email
            customer.userKey = actor.key
            try customer.insert(database)
            for product in [Product.home, .motor] {
                let policyID = try 1 + (Int64.fetchOne(database, sql: "SELECT max(id) FROM policy") ?? 0)
                try ExampleData.makePolicy(
                    id: policyID,
                    customer: customer,
                    today: today,
                    product: product,
                    status: .active,
                    random: &random
                ).insert(database)
            }
            return customer
        }
    }

    /// Customers for the administrator, a page of them by name.
    func customers(page: Int, size: Int) async throws -> (rows: [CustomerLine], total: Int) {
        try await writer.read { database in
            let rows = try CustomerLine.fetchAll(
                database,
                sql: """
                    SELECT customer.*, count(DISTINCT policy.id) AS policyCount, count(claim.id) AS claimCount
                    FROM customer LEFT JOIN policy ON policy.customerID = customer.id
                    LEFT JOIN claim ON claim.policyID = policy.id
                    GROUP BY customer.id ORDER BY customer.userKey IS NULL, customer.name, customer.id LIMIT ? OFFSET ?
                    """,
                arguments: [size, (page - 1) * size]
            )
            return (rows, try Customer.fetchCount(database))
        }
    }

    /// A number that stays the same for the same key (FNV-1a).
    private static func seed(of key: String) -> UInt64 {
        key.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

/// A customer in the administrator's list.
struct CustomerLine: Sendable, FetchableRecord {
    /// The customer.
    let customer: Customer
    /// How many policies there are.
    let policyCount: Int
    /// How many claims there are.
    let claimCount: Int

    /// Reads a customer with two counts.
    init(row: Row) throws {
        customer = try Customer(row: row)
        policyCount = row["policyCount"]
        claimCount = row["claimCount"]
    }
}
