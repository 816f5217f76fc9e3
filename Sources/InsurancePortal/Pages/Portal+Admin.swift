// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import MSALHummingbird
import MSALWeb

extension Portal {
    /// How many rows a list of the administrator shows.
    private static let adminPageSize = 15

    /// The administrator's lists.
    func addAdminPages(to router: Router<PortalContext>) {
        router.get("/admin", require: .role(.admin)) { request, context in
            let fields = query(of: request)
            let pages = AdminPages(
                people: QueueFilter.page(fields["people"]),
                audit: QueueFilter.page(fields["audit"]),
                customers: QueueFilter.page(fields["customers"])
            )
            return page(.admin, title: "Administration", try await admin(pages), for: request, context)
        }
    }

    /// The three lists at their pages.
    private func admin(_ pages: AdminPages) async throws -> AdminView {
        let size = Self.adminPageSize
        let people = try await data.people(page: pages.people, size: size)
        let audit = try await data.audit(page: pages.audit, size: size)
        let customers = try await data.customers(page: pages.customers, size: size)
        return AdminView(
            people: people.rows.map { person in
                AdminView.Person(
                    name: person.name,
                    username: person.username,
                    roles: person.roles.isEmpty ? "none" : person.roles,
                    lastSignIn: Moments.text(person.lastSignIn),
                    signIns: Money.grouped(person.signIns)
                )
            },
            peoplePager: Pager(page: pages.people, size: size, total: people.total) { number in
                pages.address(section: "people") { $0.people = number }
            },
            customers: customers.rows.map { line in
                AdminView.CustomerRow(
                    customer: CustomerView(line.customer),
                    policies: Money.grouped(line.policyCount),
                    claims: Money.grouped(line.claimCount)
                )
            },
            customersPager: Pager(page: pages.customers, size: size, total: customers.total) { number in
                pages.address(section: "customers") { $0.customers = number }
            },
            entries: audit.rows.map { entry in
                AdminView.Entry(
                    at: Moments.text(entry.at),
                    machineTime: Moments.machineText(entry.at),
                    who: entry.actorName,
                    key: entry.actorKey,
                    what: entry.action.title,
                    slug: entry.action.rawValue,
                    claim: entry.claimNumber,
                    detail: entry.detail
                )
            },
            entriesPager: Pager(page: pages.audit, size: size, total: audit.total) { number in
                pages.address(section: "audit") { $0.audit = number }
            }
        )
    }
}

/// Which page of each of the administrator's lists is shown.
struct AdminPages: Sendable, Equatable {
    /// Of the people.
    var people = 1
    /// Of the audit trail.
    var audit = 1
    /// Of the customers.
    var customers = 1

    /// The address after a change, at the place of a list.
    func address(section: String, _ change: (inout AdminPages) -> Void) -> String {
        var pages = self
        change(&pages)
        let parts = [("people", pages.people), ("audit", pages.audit), ("customers", pages.customers)]
            .filter { $0.1 > 1 }.map { "\($0.0)=\($0.1)" }
        return (parts.isEmpty ? "/admin" : "/admin?\(parts.joined(separator: "&"))") + "#\(section)"
    }
}
