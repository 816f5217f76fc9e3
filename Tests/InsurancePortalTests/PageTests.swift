// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import InsurancePortal

@Suite struct PageTests {
    let resources: PortalResources
    let today = CalendarDay(daysSinceEpoch: 20_000)

    init() throws {
        resources = try PortalResources()
    }

    /// A person with every role.
    func viewer(name: String = "Casey Marlowe") -> Viewer {
        Viewer(key: "tenant/casey", name: name, username: "casey@example", roles: Set(PortalRole.allCases))
    }

    /// The frame of a page for a person.
    func frame(_ viewer: Viewer?) -> PageFrame {
        PageFrame(title: "Test", path: "/queue/7", viewer: viewer, formToken: "token<\"", assets: resources.assets)
    }

    /// Every page, with a claim whose words come from outside.
    func pages(text: String) -> [(PageTemplates.Page, String)] {
        let data = ExampleData(seed: 3, today: today)
        var customer = data.customers[0]
        customer.name = text
        var policy = data.policies[0]
        policy.insured = text
        var claim = data.claims[0]
        claim.account = text
        claim.state = .reported
        let file = ClaimFile(claim: claim, policy: policy, customer: customer)
        let view = ClaimView(file, root: "/claims", today: today)
        let frame = frame(viewer(name: text))
        /// Renders one page.
        func page(_ page: PageTemplates.Page, _ content: some Sendable) -> (PageTemplates.Page, String) {
            (page, resources.templates.render(page, frame: frame, content: content))
        }
        let fields = FormFields(["amount": text, "account": text, "policy": text, "reason": text, "note": text])
        var report = ClaimReportForm(fields: fields)
        _ = report.check(policies: [policy], today: today)
        var decision = DecisionForm(fields: fields)
        _ = decision.checkSettlement(of: file)
        let pager = Pager(page: 2, size: 10, total: 35) { "/x?page=\($0)" }
        let fact = ProfileView.Fact(name: text, value: text)
        let line = Insights.Line(title: text, activePolicies: 3, earned: .pounds(100), claims: 2, paid: .pounds(95))
        let insights = Insights(
            from: today.adding(days: -300),
            to: today,
            total: line,
            products: [line],
            regions: [line],
            months: [.init(firstDay: today, claims: 4)],
            openClaims: 3
        )
        return [
            page(.home, HomeView()), page(.dashboard, DashboardView(viewer(name: text))),
            page(
                .profile,
                ProfileView(
                    name: text,
                    initials: text,
                    line: text,
                    facts: [fact],
                    session: [fact],
                    token: [fact],
                    source: text,
                    problem: text
                )
            ),
            page(.policies, PoliciesView(customer, policies: [policy], claims: [file], today: today)),
            page(.policy, PolicyPageView(policy: PolicyView(policy), claims: [view], hasClaims: true)),
            page(.claim, ClaimPageView(claim: view, isNew: true)),
            page(.report, ReportView(report, policies: [policy], today: today)),
            page(
                .queue,
                QueueView(
                    claims: [view],
                    hasClaims: true,
                    figures: [fact],
                    products: [],
                    regions: [],
                    states: [OptionView(value: text, title: text, isChosen: true)],
                    orders: [],
                    isFiltered: true,
                    pager: pager,
                    notice: text
                )
            ),
            page(.decision, DecisionView(file, form: decision, today: today)),
            page(.insights, InsightsView(insights, months: 12)),
            page(
                .admin,
                AdminView(
                    people: [.init(name: text, username: text, roles: text, lastSignIn: text, signIns: "1")],
                    peoplePager: pager,
                    customers: [.init(customer: CustomerView(customer), policies: "1", claims: "2")],
                    customersPager: pager,
                    entries: [
                        .init(
                            at: text,
                            machineTime: text,
                            who: text,
                            key: text,
                            what: text,
                            slug: "x",
                            claim: text,
                            detail: text
                        )
                    ],
                    entriesPager: pager
                )
            ),
            page(
                .message,
                MessageView(
                    label: text,
                    headline: text,
                    paragraphs: [text],
                    steps: [.init(address: "/", title: text)],
                    reference: text
                )
            ),
        ]
    }

    @Test func everyPageRendersWhole() {
        let pages = pages(text: "Plain words")
        #expect(Set(pages.map(\.0)) == Set(PageTemplates.Page.allCases))
        for (page, html) in pages {
            #expect(html.contains("<!doctype html>") && html.contains("</html>"), "\(page)")
            #expect(html.contains("<html lang=\"en\">") && html.contains("href=\"#main\""), "\(page)")
            #expect(html.contains("action=\"/auth/sign-out\""), "\(page)")
            #expect(!html.contains("{{") && !html.contains("Optional("), "\(page)")
            #expect(html.contains("<h1>"), "\(page)")
        }
    }

    @Test(arguments: [
        "<script>\"'&</script>", "\"\u{301} onfocus=x", "<\u{338}b>\u{200D}'\u{308}", "\u{600}\"\u{600}<",
    ])
    func nothingFromOutsideBecomesMarkup(text: String) {
        let plain = pages(text: String(repeating: "x", count: text.count))
        for ((page, html), (_, expected)) in zip(pages(text: text), plain) {
            for sign in ["<", ">", "\""] {
                let scalar = sign.unicodeScalars.first
                let found = html.unicodeScalars.count { $0 == scalar }
                #expect(found == expected.unicodeScalars.count { $0 == scalar }, "\(page): \(sign)")
            }
        }
    }

    @Test func thePagesUseNothingThatTheContentPolicyForbids() {
        for (page, html) in pages(text: "x") {
            for forbidden in ["style=", "<style", "<script", "javascript:", " onclick", "src=\"http", "href=\"http"] {
                #expect(!html.contains(forbidden), "\(page): \(forbidden)")
            }
        }
    }

    @Test func everyPostFormCarriesItsToken() {
        for (page, html) in pages(text: "x") {
            let forms = html.components(separatedBy: "method=\"post\"").count - 1
            let tokens = html.components(separatedBy: "name=\"csrf_token\" value=\"token&lt;&quot;\"").count - 1
            #expect(forms == tokens && forms > 0, "\(page)")
        }
    }

    @Test func chartsAreNamedForPeopleWhoDoNotSeeThem() throws {
        let html = try #require(pages(text: "x").first { $0.0 == .insights }?.1)
        #expect(html.components(separatedBy: "role=\"img\"").count == 4)
        #expect(html.components(separatedBy: "<title id=").count == 4)
        #expect(html.components(separatedBy: "<desc id=").count == 4)
    }

    @Test(
        arguments: [
            ([], ["/me"]), ([.customer], ["/policies", "/claims/new", "/me"]), ([.adjuster], ["/queue", "/me"]),
            ([.underwriter], ["/insights", "/me"]), ([.admin], ["/admin", "/me"]),
        ] as [(Set<PortalRole>, [String])]
    )
    func navigationShowsOnlyWhatTheRoleAllows(roles: Set<PortalRole>, links: [String]) {
        let viewer = Viewer(key: "k", name: "n", username: "u", roles: roles)
        #expect(frame(viewer).links.map(\.address) == links)
    }

    @Test func whoIsNotSignedInSeesNoNavigationAndNoSignOut() {
        let html = resources.templates.render(.home, frame: frame(nil), content: HomeView())
        #expect(!html.contains("/auth/sign-out") && !html.contains("main-nav"))
        #expect(html.contains("/auth/sign-in?return_to=/"))
    }

    @Test func theStyleSheetHasAFingerprint() throws {
        let path = resources.assets.path(of: "portal.css")
        #expect(path.wholeMatch(of: /\/assets\/portal-[0-9a-f]{16}\.css/) != nil)
        let file = try #require(resources.assets.file(at: path))
        #expect(file.type == "text/css; charset=utf-8" && !file.bytes.isEmpty)
        #expect(resources.assets.file(at: "/assets/portal.css") == nil)
    }
}
