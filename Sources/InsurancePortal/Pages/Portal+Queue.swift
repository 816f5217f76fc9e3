// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Hummingbird
import MSALCore
import MSALHummingbird
import MSALWeb

extension Policy {
    /// Looking at open claims and deciding them.
    static let decideClaims = Policy("decide-claims") {
        Role(.adjuster)
    }
}

extension Portal {
    /// How many claims a page of the queue shows.
    private static let queuePageSize = 20

    /// The adjuster's claims.
    func addQueuePages(to router: Router<PortalContext>) {
        let staff = router.require(.decideClaims)
        staff.get("/queue") { request, context in
            let fields = query(of: request)
            let view = try await queue(QueueFilter(fields), decided: Int64(fields["decided"]))
            return page(.queue, title: "Claims queue", view, for: request, context)
        }
        staff.get("/queue/:id") { request, context in
            let file = try await file(context)
            let view = DecisionView(file, form: DecisionForm(for: file), today: today)
            return page(.decision, title: "Claim \(file.claim.number)", view, for: request, context)
        }
        staff.post("/queue/:id/settle") { request, context in
            let file = try await file(context)
            var form = DecisionForm(fields: try await fields(of: request, context))
            return try await decide(file, form.checkSettlement(of: file), form, request, context)
        }
        staff.post("/queue/:id/reject") { request, context in
            let file = try await file(context)
            var form = DecisionForm(fields: try await fields(of: request, context))
            return try await decide(file, form.checkRejection(), form, request, context)
        }
    }

    /// The claim in the path.
    private func file(_ context: MemberContext) async throws -> ClaimFile {
        guard let file = try await data.claim(number(in: context)) else { throw HTTPError(.notFound) }
        return file
    }

    /// Carries a decision out, or shows the form again with what is wrong.
    private func decide(
        _ file: ClaimFile,
        _ decision: Decision?,
        _ form: DecisionForm,
        _ request: Request,
        _ context: MemberContext
    ) async throws -> Response {
        // Whoever is late is told so, before anything about what they typed.
        guard file.claim.state.isOpen else { return conflict(file, request, context) }
        guard let decision else {
            let view = DecisionView(file, form: form, today: today)
            let title = "Claim \(file.claim.number)"
            return page(.decision, title: title, view, for: request, context, status: .unprocessableContent)
        }
        let actor = Viewer(context.user).actor
        switch try await data.decide(file.claim.id, decision, by: actor, now: time.now) {
        case .decided: return seeOther("/queue?decided=\(file.claim.id)")
        case .alreadyDecided(let current): return conflict(current, request, context)
        case .tooMuch(let most): throw HTTPError(.badRequest, message: "No more than \(most.text) can be paid.")
        case .notFound: throw HTTPError(.notFound)
        }
    }

    /// Somebody else was faster.
    private func conflict(_ file: ClaimFile, _ request: Request, _ context: MemberContext) -> Response {
        let claim = file.claim
        let outcome = claim.settled.map { "settled with \($0.text)" } ?? "rejected"
        let view = MessageView(
            label: "Error 409",
            headline: "This claim is already decided",
            paragraphs: [
                "Claim \(claim.number) was \(outcome) by \(claim.decidedBy ?? "somebody else")"
                    + (claim.decidedOn.map { " on \($0.longText)." } ?? "."),
                "Your decision was not carried out and nothing was changed.",
            ],
            steps: [
                .init(address: "/queue/\(claim.id)", title: "See the claim"),
                .init(address: "/queue", title: "Back to the queue"),
            ]
        )
        return page(.message, title: "Already decided", view, for: request, context, status: .conflict)
    }

    /// A page of the queue.
    private func queue(_ filter: QueueFilter, decided: Int64?) async throws -> QueueView {
        let (rows, total) = try await data.queue(filter, size: Self.queuePageSize)
        let (open, lastWeek, claimed) = try await data.queueFigures(today: today)
        var notice: String?
        if let decided, let claim = try await data.claim(decided)?.claim, !claim.state.isOpen {
            notice = "Claim \(claim.number): \(claim.settled.map { "settled with \($0.text)" } ?? "rejected")."
        }
        return QueueView(
            claims: rows.map { ClaimView($0, root: "/queue", today: today) },
            hasClaims: !rows.isEmpty,
            figures: [
                .init(name: "Open claims", value: Money.grouped(open)),
                .init(name: "Reported in the last week", value: Money.grouped(lastWeek)),
                .init(name: "Claimed altogether", value: claimed.roughText),
            ],
            products: OptionView.list(Product.allCases, chosen: filter.product?.rawValue ?? "", title: \.title),
            regions: OptionView.list(Region.allCases, chosen: filter.region?.rawValue ?? "", title: \.title),
            states: ClaimState.open.map {
                OptionView(value: $0.slug, title: $0.title, isChosen: $0 == filter.state)
            },
            orders: OptionView.list(QueueFilter.Order.allCases, chosen: filter.order.rawValue, title: \.title),
            isFiltered: filter.product != nil || filter.region != nil || filter.state != nil || filter.order != .oldest,
            pager: Pager(page: filter.page, size: Self.queuePageSize, total: total, address: filter.address(page:)),
            notice: notice
        )
    }
}
