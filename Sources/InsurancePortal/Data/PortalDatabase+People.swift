// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

extension PortalDatabase {
    /// Notes that somebody signed in; a request of the same sign-in changes nothing.
    func recordSignIn(_ actor: Actor, username: String, roles: [String], at: Date) async throws {
        // To the millisecond, which is what the database keeps.
        let at = Date(timeIntervalSince1970: (at.timeIntervalSince1970 * 1_000).rounded(.down) / 1_000)
        let known = try await writer.read { try PortalUser.fetchOne($0, key: actor.key) }
        if let known, known.lastSignIn >= at.addingTimeInterval(-0.001) { return }
        try await writer.write { database in
            let earlier = try PortalUser.fetchOne(database, key: actor.key)
            let user = PortalUser(
                key: actor.key,
                name: actor.name,
                username: username,
                roles: roles.sorted().joined(separator: ", "),
                firstSignIn: earlier?.firstSignIn ?? at,
                lastSignIn: at,
                signIns: (earlier?.signIns ?? 0) + 1
            )
            try user.upsert(database)
        }
    }

    /// People who signed in, latest first, a page of them.
    func people(page: Int, size: Int) async throws -> (rows: [PortalUser], total: Int) {
        try await writer.read { database in
            let rows = try PortalUser.order(Column("lastSignIn").desc, Column("key"))
                .limit(size, offset: (page - 1) * size).fetchAll(database)
            return (rows, try PortalUser.fetchCount(database))
        }
    }

    /// The audit trail, latest first, a page of it.
    func audit(page: Int, size: Int) async throws -> (rows: [AuditEntry], total: Int) {
        try await writer.read { database in
            let rows = try AuditEntry.order(Column("at").desc, Column("id").desc)
                .limit(size, offset: (page - 1) * size).fetchAll(database)
            return (rows, try AuditEntry.fetchCount(database))
        }
    }
}
