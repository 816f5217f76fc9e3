// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import MSALTesting
import Testing

@testable import InsurancePortal

@Suite struct PortalRouteTests {
    @Test func theFirstPageAndTheSignOfLifeArePublic() async throws {
        try await RunningPortal.run { portal in
            let browser = portal.browser()
            let home = try await browser.get("/")
            #expect(home.status == .ok && home.text.contains("What we cover"))
            #expect(home.redirects.isEmpty)
            let life = try await browser.get("/healthz")
            #expect(life.status == .ok && life.text == "ok\n")
        }
    }

    @Test func theStyleSheetIsKeptByBrowsersUnderItsFingerprint() async throws {
        try await RunningPortal.run { portal in
            let browser = portal.browser()
            let path = try PortalResources().assets.path(of: "portal.css")
            let sheet = try await browser.get(path)
            #expect(sheet.status == .ok)
            #expect(sheet.fields[.contentType] == "text/css; charset=utf-8")
            #expect(sheet.fields[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(try await browser.get("/assets/portal-0000000000000000.css").status == .notFound)
            #expect(try await browser.get("/assets/..%2Ftemplates%2Fhome.mustache").status == .notFound)
        }
    }

    @Test(arguments: [
        ("customer", ["/policies", "/claims/new"]), ("adjuster", ["/queue"]), ("underwriter", ["/insights"]),
        ("admin", ["/admin"]), ("guest", []),
    ])
    func eachRoleSeesItsOwnPagesAndNoOthers(account: String, allowed: [String]) async throws {
        try await RunningPortal.run { portal in
            let (browser, start) = try await portal.signIn(account)
            #expect(start.status == .ok)
            for path in ["/policies", "/claims/new", "/queue", "/insights", "/admin"] {
                let page = try await browser.get(path)
                #expect(page.status == (allowed.contains(path) ? .ok : .forbidden), "\(account) \(path)")
                #expect(page.text.contains("class=\"brand\""), "The portal's own layout")
                #expect(start.text.contains("href=\"\(path)\"") == allowed.contains(path), "\(account) \(path)")
            }
            let profile = try await browser.get("/me")
            #expect(profile.status == .ok && profile.text.contains("Still good for"))
            #expect(start.text.contains("no role here yet") == allowed.isEmpty)
        }
    }

    @Test func aCustomerCannotOpenRowsOfOthers() async throws {
        try await RunningPortal.run { portal in
            let (browser, _) = try await portal.signIn("customer")
            let mine = Set(try await portal.data.claims(ofCustomer: ExampleData.demoCustomerID).map(\.claim.id))
            for id in (Int64(1)...40) {
                let page = try await browser.get("/claims/\(id)")
                #expect(page.status == (mine.contains(id) ? .ok : .notFound))
            }
            for path in [
                "/claims/0", "/claims/-1", "/claims/x", "/claims/1001", "/claims/99999999999999999999", "/policies/2",
            ] {
                #expect(try await browser.get(path).status == .notFound, "\(path)")
            }
        }
    }

    @Test func aReportIsRefusedWithItsWordsKeptAndThenTaken() async throws {
        try await RunningPortal.run { portal in
            let (browser, form) = try await portal.signIn("customer", to: "/claims/new")
            let index = try #require(form.forms.firstIndex { $0.action == "/claims/new" })
            let policy = try #require(try await portal.data.policies(ofCustomer: ExampleData.demoCustomerID).first)
            let day = CalendarDay(portal.platform.time.now).adding(days: -1).iso
            var fields = [
                "policy": String(policy.id), "cause": "fire", "date": day, "amount": "many",
                "account": "A <b>pan</b> caught fire.",
            ]
            let refused = try await browser.submit(form, form: index, fields)
            #expect(refused.status == .unprocessableContent)
            #expect(
                refused.text.contains("id=\"amount-fault\"")
                    && refused.text.contains("A &lt;b&gt;pan&lt;/b&gt; caught fire.")
            )
            fields["amount"] = "1,234.50"
            let taken = try await browser.submit(refused, form: index, fields)
            #expect(taken.status == .ok && taken.path == "/claims/1001?reported=1")
            #expect(taken.text.contains("£1,234.50") && taken.text.contains("we have your claim"))
        }
    }

    @Test func aFormWithoutItsTokenChangesNothing() async throws {
        try await RunningPortal.run { portal in
            let (browser, _) = try await portal.signIn("adjuster")
            let claim = try #require(try await portal.data.queue(QueueFilter(), size: 1).rows.first).claim
            let answer = try await browser.post(
                "/queue/\(claim.id)/reject",
                [("reason", "Not covered by this policy.")]
            )
            #expect(answer.status == .forbidden)
            #expect(try await portal.data.claim(claim.id)?.claim == claim)
        }
    }

    @Test func theSecondAdjusterIsToldThatTheClaimIsDecided() async throws {
        try await RunningPortal.run { portal in
            let file = try #require(try await portal.data.queue(QueueFilter(), size: 1).rows.first)
            let (browser, page) = try await portal.signIn("adjuster", to: "/queue/\(file.claim.id)")
            let settle = try #require(page.forms.firstIndex { $0.action.hasSuffix("/settle") })
            let tooMuch = Money(minorUnits: file.mostPayable.minorUnits + 1).fieldText
            let refused = try await browser.submit(page, form: settle, ["amount": tooMuch])
            #expect(refused.status == .unprocessableContent)
            let done = try await browser.submit(page, form: settle, ["amount": "1.00"])
            #expect(done.status == .ok && done.path == "/queue?decided=\(file.claim.id)")
            #expect(done.text.contains("Claim \(file.claim.number): settled with £1.00."))
            let late = try await browser.submit(page, form: settle, ["amount": "2.00"])
            #expect(late.status == .conflict && late.text.contains("already decided"))
            #expect(try await portal.data.claim(file.claim.id)?.claim.settled == .pounds(1))
            let (_, admin) = try await portal.signIn("admin", to: "/admin")
            #expect(admin.text.contains("Tobias Okafor") && admin.text.contains(file.claim.number))
        }
    }

    @Test func whatCannotBeReadIsABadRequest() async throws {
        try await RunningPortal.run { portal in
            let (browser, page) = try await portal.signIn("customer", to: "/claims/new")
            let token = page.forms.flatMap(\.fields).first { $0.name == "csrf_token" }?.value ?? ""
            let twice = try await browser.post(
                "/claims/new",
                [("csrf_token", token), ("amount", "1"), ("amount", "2")]
            )
            #expect(twice.status == .badRequest && twice.text.contains("class=\"brand\""))
        }
    }

    @Test func signingOutEndsTheSession() async throws {
        try await RunningPortal.run { portal in
            let (browser, start) = try await portal.signIn("customer")
            let cookies = browser.cookies
            let out = try #require(start.forms.firstIndex { $0.action == "/auth/sign-out" })
            let page = try await browser.submit(start, form: out)
            #expect(page.status == .ok && page.text.contains("class=\"brand\""))
            browser.cookies = cookies
            let after = try await browser.get("/policies")
            #expect(after.redirects.first?.contains("/auth/sign-in") == true)
        }
    }

    @Test func anUnknownAddressIsAPageOfThePortal() async throws {
        try await RunningPortal.run { portal in
            let page = try await portal.browser().get("/nothing/here")
            #expect(page.status == .notFound && page.text.contains("class=\"brand\""))
        }
    }
}
