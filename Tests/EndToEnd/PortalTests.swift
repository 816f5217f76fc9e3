// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALCore
import MSALEmulator
import MSALTesting
import Testing

@Suite struct PortalTests {
    /// What each role may see.
    static let doors: [(Street.Person, [String], [String])] = [
        (.customer, ["/", "/me", "/policies", "/claims/new"], ["/queue", "/insights", "/admin"]),
        (.adjuster, ["/", "/me", "/queue"], ["/policies", "/claims/new", "/insights", "/admin"]),
        (.underwriter, ["/", "/me", "/insights"], ["/policies", "/claims/new", "/queue", "/admin"]),
        (.admin, ["/", "/me", "/admin"], ["/policies", "/claims/new", "/queue", "/insights"]),
        (.guest, ["/", "/me"], ["/policies", "/claims/new", "/queue", "/insights", "/admin"]),
    ]

    @Test(arguments: doors)
    func aRoleOpensItsPagesAndNoOthers(_ person: Street.Person, _ open: [String], _ closed: [String]) async throws {
        try await withStreet { street in
            let (browser, _) = try await street.signedIn(person)
            for path in open {
                let page = try await browser.get(path)
                #expect(page.status == .ok, "\(path)")
                #expect(page.url == street.origin + path)
            }
            for path in closed {
                let page = try await browser.get(path)
                #expect(page.status == .forbidden, "\(path)")
                #expect(page.redirects.isEmpty, "a refusal must not send anybody to sign in again")
            }
        }
    }

    @Test func everyAnswerCarriesTheSecurityFields() async throws {
        try await withStreet { street in
            let (browser, home) = try await street.signedIn(.customer)
            for page in [
                home, try await browser.get("/queue"), try await browser.get("/nowhere"),
                try await browser.get("/auth/callback"), try await browser.get("/healthz"),
                try await browser.post("/claims/new", []),
            ] {
                #expect(page.fields[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true, "\(page.url)")
                #expect(page.fields[.xContentTypeOptions] == "nosniff", "\(page.url)")
                let name = try #require(HTTPField.Name("referrer-policy"))
                #expect(page.fields[name] != nil, "\(page.url)")
            }
        }
    }

    @Test func theProfileComesFromGraphByAccessToken() async throws {
        try await withStreet { street in
            let (browser, _) = try await street.signedIn(.customer)
            let page = try await browser.get("/me")
            #expect(page.text.contains("customer@harbourmutual.example"))
            #expect(street.witness.paths.contains("/v1.0/me"))
            #expect(page.text.contains("1 hour"))
            // An hour on the token is refreshed, and nobody has to sign in.
            street.platform.time.advance(by: .seconds(3_000))
            let still = try await browser.get("/me")
            #expect(still.status == .ok)
            street.platform.time.advance(by: .seconds(2_500))
            let refreshed = try await browser.get("/me")
            #expect(refreshed.status == .ok)
            #expect(refreshed.redirects.isEmpty)
            #expect(street.witness.redemptions == 2)
        }
    }

    @Test func aReportedClaimIsSettledOnce() async throws {
        try await withStreet { street in
            let (customer, form) = try await street.signedIn(.customer, at: "/claims/new")
            let index = try #require(form.forms.firstIndex { $0.isPost && $0.action.contains("/claims") })
            let policy = try #require(form.text.firstMatch(of: /<option value="([^"]+)"/)).1
            let causes = try #require(form.text.firstRange(of: "name=\"cause\"")).upperBound
            let cause = try #require(form.text[causes...].firstMatch(of: /<option value="([^"]+)"/)).1
            let day = ISO8601DateFormatter().string(from: street.platform.time.now).prefix(10)
            let reported = try await customer.submit(
                form,
                form: index,
                [
                    "policy": String(policy), "cause": String(cause), "date": String(day), "amount": "120.50",
                    "account": "A branch of the neighbour's tree fell on the windscreen <b>hard</b>.",
                ]
            )
            #expect(reported.status == .ok, "\(reported.text.suffix(800))")
            #expect(reported.path.hasPrefix("/claims/"))
            #expect(reported.text.contains("&lt;b&gt;hard"))
            let id = try #require(reported.path.split(separator: "/").last)

            let (adjuster, detail) = try await street.signedIn(.adjuster, at: "/queue/\(id)")
            #expect(detail.status == .ok)
            let settle = try #require(detail.forms.firstIndex { $0.action.hasSuffix("/settle") })
            let settled = try await adjuster.submit(detail, form: settle, ["amount": "100.00"])
            #expect(settled.status == .ok)
            let again = try await adjuster.submit(detail, form: settle, ["amount": "100.00"])
            #expect(again.status == .conflict)
            let seen = try await customer.get("/claims/\(id)")
            #expect(seen.text.contains("100.00"))

            let (admin, trail) = try await street.signedIn(.admin, at: "/admin")
            #expect(trail.text.contains("ettled"))
            #expect(try await admin.get("/claims/\(id)").status == .forbidden)
        }
    }

    @Test func aCustomerSeesNobodyElsesRows() async throws {
        try await withStreet { street in
            let (browser, own) = try await street.signedIn(.customer, at: "/policies")
            let mine = Set(own.text.matches(of: /\/policies\/([0-9]+)/).map { String($0.1) })
            let claims = Set(own.text.matches(of: /\/claims\/([0-9]+)/).map { String($0.1) })
            #expect(!mine.isEmpty)
            for id in 1...60 {
                let policy = try await browser.get("/policies/\(id)")
                #expect((policy.status == .ok) == mine.contains("\(id)"), "policy \(id)")
                if policy.status != .ok { #expect(policy.status == .notFound) }
                let claim = try await browser.get("/claims/\(id)")
                #expect((claim.status == .ok) == claims.contains("\(id)"), "claim \(id)")
            }
            for id in ["0", "-1", "999999999999999999999999", "1%27%20OR%201=1", "%00"] {
                let page = try await browser.get("/policies/" + id)
                #expect((400..<500).contains(page.status.code), "\(id)")
            }
        }
    }

    @Test func aFormOfAnotherSiteChangesNothing() async throws {
        try await withStreet { street in
            let (browser, _) = try await street.signedIn(.adjuster, at: "/queue")
            var fields = HTTPFields()
            if let name = HTTPField.Name("sec-fetch-site") { fields[name] = "cross-site" }
            fields[.origin] = "https://evil.example"
            let forged = try await browser.post("/queue/1/settle", [("amount", "1.00")], fields: fields)
            #expect(forged.status == .forbidden)
            let tokenless = try await browser.post("/queue/1/settle", [("amount", "1.00")])
            #expect(tokenless.status == .forbidden)
            let signOut = try await browser.post("/auth/sign-out", [], fields: fields)
            #expect(signOut.status == .forbidden)
            #expect(try await browser.get("/queue").status == .ok)
        }
    }

    @Test func afterSignOutAnOldCookieIsUseless() async throws {
        try await withStreet { street in
            let (browser, page) = try await street.signedIn(.customer, at: "/policies")
            let cookies = browser.cookies
            let form = try #require(page.forms.firstIndex { $0.action == "/auth/sign-out" })
            let out = try await browser.submit(page, form: form)
            #expect(out.path.hasPrefix("/auth/signed-out"))
            #expect(out.redirects.contains { $0.contains("/oauth2/v2.0/logout?") })
            #expect(browser.cookies["session"] == nil)
            browser.cookies = cookies
            let old = try await browser.get("/policies")
            // Signed out at the provider too: it asks for a name again.
            #expect(old.url.hasPrefix(EmulatedPlatform.origin))
            #expect(old.text.contains("i0116"))
        }
    }

    @Test func aSessionEndsWhenIdleAndInAnyCaseAfterTwelveHours() async throws {
        try await withStreet { street in
            let (browser, _) = try await street.signedIn(.underwriter, at: "/insights")
            for _ in 0..<13 {
                street.platform.time.advance(by: .seconds(50 * 60))
                #expect(try await browser.get("/insights").redirects.isEmpty)
            }
            street.platform.time.advance(by: .seconds(90 * 60))
            #expect(!(try await browser.get("/insights").redirects.isEmpty))

            let (idle, _) = try await street.signedIn(.underwriter, at: "/insights")
            street.platform.time.advance(by: .seconds(61 * 60))
            #expect(!(try await idle.get("/insights").redirects.isEmpty))
        }
    }

    @Test func aTokenThatGraphRefusesIsRenewedOnce() async throws {
        try await withStreet { street in
            let (browser, _) = try await street.signedIn(.customer, at: "/me")
            let asked = street.witness.paths.filter { $0 == "/v1.0/me" }.count
            // Graph knows the old key no more, and so refuses the token in the cache.
            try street.platform.emulator.rotateSigningKey(keepingOldKeys: false)
            let page = try await browser.get("/me")
            #expect(page.text.contains("+44 20 7946 01"))
            #expect(street.witness.paths.filter { $0 == "/v1.0/me" }.count == asked + 2)
            #expect(street.witness.redemptions == 2)
        }
    }

    @Test func keysThatRolledDoNotStopAnybody() async throws {
        try await withStreet { street in
            _ = try await street.signedIn(.customer)
            try street.platform.emulator.rotateSigningKey(keepingOldKeys: false)
            let (_, page) = try await street.signedIn(.adjuster, at: "/queue")
            #expect(page.status == .ok)
            #expect(street.witness.paths.filter { $0.hasSuffix("/keys") }.count == 2)
        }
    }
}
