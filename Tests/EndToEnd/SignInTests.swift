// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALCore
import MSALTesting
import Testing

@Suite struct SignInTests {
    /// Plain http answers by the query, https by a posted form.
    static let origins = ["http://localhost:8080", "https://localhost:8090"]

    @Test(arguments: origins)
    func aPersonSignsInAndComesBackToWhereTheyWantedToGo(_ origin: String) async throws {
        try await withStreet(origin: origin) { street in
            let browser = street.browser()
            let first = try await browser.get("/policies?sort=premium&page=1")
            #expect(first.url.hasPrefix(EmulatedPlatform.origin + "/"))
            let page = try await browser.signIn(
                first,
                as: "customer@harbourmutual.example",
                password: "Customer-Pass-1"
            )
            #expect(page.status == .ok)
            #expect(page.url == origin + "/policies?sort=premium&page=1")
            let name = origin.hasPrefix("https") ? "__Host-session" : "session"
            #expect(Array(browser.cookies.keys) == [name])
        }
    }

    @Test func aWrongPasswordIsToldAndCanBeMended() async throws {
        try await withStreet { street in
            let browser = street.browser()
            let name = try await browser.submit(
                try await browser.get("/me"),
                ["loginfmt": "customer@harbourmutual.example"]
            )
            let again = try await browser.submit(name, ["passwd": "wrong"])
            #expect(again.text.contains("passwordError"))
            #expect(browser.cookies["session"] == nil)
            let page = try await browser.submit(again, ["passwd": "Customer-Pass-1"])
            #expect(page.path == "/me")
        }
    }

    @Test(arguments: origins)
    func twoTabsSignInAtOnce(_ origin: String) async throws {
        try await withStreet(origin: origin) { street in
            let browser = street.browser()
            let one = try await browser.get("/policies")
            let other = try await browser.get("/claims/new")
            let customer = ("customer@harbourmutual.example", "Customer-Pass-1")
            let second = try await browser.signIn(other, as: customer.0, password: customer.1)
            #expect(second.path == "/claims/new")
            let first = try await browser.signIn(one, as: customer.0, password: customer.1)
            #expect(first.path == "/policies")
            #expect(first.status == .ok)
        }
    }

    @Test func aCancelledSignInOffersToTryAgainAndForgetsNothing() async throws {
        try await withStreet { street in
            let browser = street.browser()
            let page = try await browser.get("/policies?sort=premium")
            let state = try #require(query(page.redirects.last ?? page.url)["state"])
            let refused = try await browser.get(
                "/auth/callback?error=access_denied&error_subcode=cancel&state=\(state)"
                    + "&error_description=AADSTS65004%3a+%3Cscript%3Ealert(1)%3C%2Fscript%3E"
            )
            #expect(refused.status.code < 500)
            #expect(refused.text.contains("/auth/sign-in?return_to="))
            #expect(refused.text.contains("sort"))
            #expect(!refused.text.contains("<script>alert"))
            #expect(street.witness.redemptions == 0)
            // And trying again works.
            let link = try #require(refused.text.firstMatch(of: /href="([^"]+)"[^>]*>\s*Try again/)).1
            let again = try await browser.get(String(link).replacing("&amp;", with: "&"))
            let done = try await browser.signIn(
                again,
                as: "customer@harbourmutual.example",
                password: "Customer-Pass-1"
            )
            #expect(done.path == "/policies?sort=premium")
        }
    }

    @Test(arguments: [
        "", "?code=c", "?state=s", "?code=c&state=s", "?code=c&code=d&state=s", "?error=access_denied",
        "?code=%ZZ&state=s", "?state=",
    ])
    func aStrayCallbackIsAPageThatOffersToSignIn(_ query: String) async throws {
        try await withStreet { street in
            let page = try await street.browser().get("/auth/callback" + query)
            #expect(page.status == .badRequest)
            #expect(page.text.contains("/auth/sign-in"))
            #expect(page.redirects.isEmpty)
            #expect(street.witness.paths.isEmpty)
        }
    }

    @Test func anotherBrowsersAnswerIsRefused() async throws {
        try await withStreet { street in
            let attacker = street.browser()
            let victim = street.browser()
            _ = try await victim.get("/me")
            let page = try await attacker.get("/me")
            let signedIn = try await attacker.submit(
                try await attacker.submit(page, ["loginfmt": "customer@harbourmutual.example"]),
                ["passwd": "Customer-Pass-1"]
            )
            let answer = try #require(signedIn.redirects.first { $0.contains("/auth/callback?") })
            let planted = try await victim.get(answer)
            #expect(planted.status == .badRequest)
            #expect(victim.cookies["session"] == nil)
        }
    }

    @Test func aRepeatedCallbackLeadsBackWithoutASecondRedemption() async throws {
        try await withStreet { street in
            let browser = street.browser()
            let page = try await browser.get("/policies")
            let cookies = browser.cookies
            let signedIn = try await browser.signIn(
                page,
                as: "customer@harbourmutual.example",
                password: "Customer-Pass-1"
            )
            let answer = try #require(signedIn.redirects.first { $0.contains("/auth/callback?") })
            #expect(street.witness.redemptions == 1)
            let again = try await browser.get(answer)
            #expect(again.status.code < 500)
            // Somebody who kept the cookie and the answer has no use of them either.
            let thief = street.browser()
            thief.cookies = cookies
            let stolen = try await thief.get(answer)
            #expect(stolen.status.code < 500)
            #expect(thief.cookies["session"] == nil)
            #expect(street.witness.redemptions == 1)
        }
    }

    @Test func aSignInThatTookTooLongIsToldAndStartedAnew() async throws {
        try await withStreet { street in
            let browser = street.browser()
            let page = try await browser.get("/policies")
            street.platform.time.advance(by: .seconds(1_000))
            let late = try await browser.signIn(
                page,
                as: "customer@harbourmutual.example",
                password: "Customer-Pass-1"
            )
            #expect(late.status == .badRequest)
            #expect(late.text.contains("/auth/sign-in"))
            #expect(browser.cookies["session"] == nil)
        }
    }

    @Test func aProviderThatIsDownIsToldAndHealsByItself() async throws {
        try await withStreet { street in
            let browser = street.browser()
            street.witness.isDown = true
            let down = try await browser.get("/me")
            #expect(down.status == .serviceUnavailable)
            #expect(down.text.contains("ry again"))
            street.witness.isDown = false
            let page = try await browser.get("/me")
            // Down again while the person types.
            street.witness.isDown = true
            let broken = try await browser.signIn(
                page,
                as: "customer@harbourmutual.example",
                password: "Customer-Pass-1"
            )
            #expect(broken.status == .serviceUnavailable)
            street.witness.isDown = false
            let (_, done) = try await street.signedIn(.customer, at: "/me")
            #expect(done.path == "/me")
        }
    }

    @Test func hostAndForwardedFieldsChangeNothing() async throws {
        try await withStreet { street in
            var fields = HTTPFields()
            for name in ["x-forwarded-host", "x-forwarded-proto", "forwarded", "x-original-host"] {
                if let name = HTTPField.Name(name) { fields[name] = "evil.example" }
            }
            if let host = HTTPField.Name("host") { fields[host] = "evil.example" }
            let page = try await street.browser().get("/me", fields: fields)
            let sent = query(page.redirects.last ?? "")
            #expect(sent["redirect_uri"] == "http://localhost:8080/auth/callback")
            #expect(!page.redirects.joined().contains("evil.example"))
        }
    }

    @Test(arguments: [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "/%2fevil.example", "/%5cevil.example",
        "javascript:alert(1)",
        "/auth/callback?code=1",
    ])
    func aReturnPathThatLeadsElsewhereIsNotTaken(_ path: String) async throws {
        try await withStreet { street in
            let browser = street.browser()
            let page = try await browser.get("/auth/sign-in?return_to=" + FormEncoding.encode(path))
            let done = try await browser.signIn(
                page,
                as: "customer@harbourmutual.example",
                password: "Customer-Pass-1"
            )
            #expect(done.url == "http://localhost:8080/")
        }
    }

    @Test func aProgramIsToldInsteadOfSentAway() async throws {
        try await withStreet { street in
            var fields = HTTPFields()
            fields[.accept] = "application/json"
            for (name, value) in [("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")] {
                if let name = HTTPField.Name(name) { fields[name] = value }
            }
            let page = try await street.browser().get("/queue", fields: fields)
            #expect(page.status == .unauthorized)
            #expect(page.fields[.contentType] == "application/problem+json")
            #expect(page.redirects.isEmpty)
            #expect(page.text.contains("sign_in_url"))
        }
    }

    /// The parameters of a URL.
    private func query(_ url: String) -> [String: String] {
        let pairs = FormEncoding.decode(
            url.split(separator: "?", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        )
        return Dictionary((pairs ?? []).map { ($0.name, $0.value) }) { first, _ in first }
    }
}
