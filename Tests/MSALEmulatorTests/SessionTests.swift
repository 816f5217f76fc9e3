// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// What the sign-in pages ask, and what a browser that is signed in is spared.
@Suite struct SessionTests {
    @Test func aSignedInBrowserIsNotAskedAgain() async throws {
        let browser = try TestBrowser.open()
        _ = try await browser.code()
        for prompt in [nil, "none"] {
            let page = try await browser.get(Harbour.request(["prompt": prompt]))
            #expect(page.status == 302)
            #expect(page.answer["code"] != nil)
        }
        browser.forget()
        #expect(try await browser.get(Harbour.request()).text.contains("i0116"))
    }

    @Test func theSessionCookieIsHardToGuessAndToSteal() async throws {
        let browser = try TestBrowser.open()
        let first = try await browser.get(Harbour.request())
        let before = try #require(first.head.headerFields[.setCookie])
        #expect(before.hasSuffix("; Path=/; HttpOnly; SameSite=Lax"))
        let page = try await browser.signIn(first, as: Harbour.adjuster, password: "Adjuster-Pass-1")
        let after = try #require(page.head.headerFields[.setCookie])
        #expect(before != after, "a new value with the sign-in")
        let secure = TestBrowser(browser.emulator, base: "https://localhost:8443")
        let https = try await secure.get(Harbour.request())
        #expect(https.head.headerFields[.setCookie]?.hasSuffix("; Secure") == true)
    }

    @Test func wrongNamesAndPasswordsStayOnThePage() async throws {
        let browser = try TestBrowser.open()
        let first = try await browser.get(Harbour.request())
        let unknown = try await browser.submit(first, ["loginfmt": "\"><b>nobody"], action: "username")
        #expect(unknown.text.contains(#"id="usernameError""#))
        #expect(!unknown.text.contains("<b>"))
        let empty = try await browser.submit(unknown, ["loginfmt": ""], action: "username")
        #expect(empty.text.contains(#"id="usernameError""#))
        let second = try await browser.submit(empty, ["loginfmt": Harbour.adjuster], action: "username")
        let wrong = try await browser.submit(second, ["passwd": "Adjuster-Pass-2"], action: "password")
        #expect(wrong.text.contains(#"id="passwordError""#))
        #expect(!wrong.text.contains("Adjuster-Pass-2"))
        let none = try await browser.submit(wrong, ["passwd": ""], action: "password")
        #expect(none.text.contains(#"id="passwordError""#))
        let back = try await browser.submit(none, [:], action: "back")
        #expect(back.text.contains(#"id="i0116""#))
        let done = try await browser.signIn(back, as: Harbour.adjuster, password: "Adjuster-Pass-1")
        #expect(done.answer["code"] != nil)
    }

    @Test func cancelTellsTheApplication() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.submit(try await browser.get(Harbour.request()), [:], action: "cancel")
        #expect(page.status == 303)
        #expect(page.answer["error"] == "access_denied")
        #expect(page.answer["error_subcode"] == "cancel")
        #expect(page.answer["error_description"]?.hasPrefix("AADSTS65004:") == true)
        #expect(page.answer["state"] == "the-state")
    }

    @Test func aPageOfAnotherBrowserIsRefused() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.get(Harbour.request())
        let stranger = TestBrowser(browser.emulator)
        let refused = try await stranger.submit(page, ["loginfmt": Harbour.adjuster], action: "username")
        #expect(refused.text.contains("AADSTS50089"))
    }

    @Test func severalPagesMayBeOpenAtOnce() async throws {
        let browser = try TestBrowser.open()
        let one = try await browser.get(Harbour.request(["state": "one"]))
        let two = try await browser.get(Harbour.request(["state": "two"]))
        let first = try await browser.signIn(two, as: Harbour.adjuster, password: "Adjuster-Pass-1")
        let second = try await browser.signIn(one, as: Harbour.adjuster, password: "Adjuster-Pass-1")
        #expect(first.answer["state"] == "two")
        #expect(second.answer["state"] == "one")
    }

    @Test func promptLoginAsksAgainAndTellsTheTime() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let first = try await browser.claims(try await browser.tokens(["max_age": "10000"])["id_token"])
        clock.advance(by: 60)
        let silent = try await browser.get(Harbour.request(["max_age": "10000"]))
        #expect(silent.answer["code"] != nil)
        let second = try await browser.claims(try await browser.tokens(["prompt": "login"])["id_token"])
        #expect(second.authenticatedAt == first.authenticatedAt?.addingTimeInterval(60))
        #expect(second.subject == first.subject)
        #expect(second.sessionID == first.sessionID)
        clock.advance(by: 60)
        #expect(try await browser.get(Harbour.request(["max_age": "30"])).text.contains("i0118"))
        let none = try await browser.get(Harbour.request(["max_age": "30", "prompt": "none"]))
        #expect(none.answer["error"] == "login_required")
    }

    @Test func aLoginHintLeadsToThePassword() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.get(Harbour.request(["login_hint": Harbour.adjuster]))
        #expect(page.text.contains("i0118"))
        #expect(page.text.contains(Harbour.adjuster))
        let unknown = try await browser.get(Harbour.request(["login_hint": "nobody@nowhere.example"]))
        #expect(TestForm(unknown.text)?.fields["loginfmt"] == "nobody@nowhere.example")
        let claims = try await browser.claims(try await browser.tokens()["id_token"])
        let hinted = try await browser.get(Harbour.request(["login_hint": claims.loginHint, "prompt": "none"]))
        #expect(hinted.answer["code"] != nil)
        let other = try await browser.get(
            Harbour.request(["login_hint": "customer@harbourmutual.example", "prompt": "none"])
        )
        #expect(other.answer["error"] == "login_required")
    }

    @Test func severalAccountsAreChosenFrom() async throws {
        let browser = try TestBrowser.open()
        _ = try await browser.code()
        let picker = try await browser.get(Harbour.request(["prompt": "select_account"]))
        #expect(picker.text.contains(#"data-test-id="\#(Harbour.adjuster)""#))
        let chosen = try await browser.submit(picker, [:], action: "account")
        #expect(chosen.answer["code"] != nil)
        let again = try await browser.get(Harbour.request(["prompt": "select_account"]))
        let other = try await browser.submit(again, [:], action: "other")
        let customer = try await browser.signIn(
            other,
            as: "customer@harbourmutual.example",
            password: "Customer-Pass-1"
        )
        #expect(customer.answer["code"] != nil)
        let both = try await browser.get(Harbour.request())
        #expect(both.text.contains("Pick an account"))
        let silent = try await browser.get(Harbour.request(["prompt": "none"]))
        #expect(silent.answer["error"] == "interaction_required")
        let session = try await browser.get(
            Harbour.request(["prompt": "none", "sid": customer.answer["session_state"]])
        )
        #expect(session.answer["code"] != nil)
        let nobody = try await browser.get(Harbour.request(["prompt": "none", "sid": UUID().uuidString]))
        #expect(nobody.answer["error_description"]?.hasPrefix("AADSTS160021:") == true)
    }

    @Test func assignmentAndConsentAreTheDirectorys() async throws {
        let strict = try TestBrowser.open(seed: Seeds.assignmentRequired)
        let page = try await strict.signIn(
            try await strict.get(Harbour.request()),
            as: "guest@harbourmutual.example",
            password: "Guest-Pass-1"
        )
        #expect(page.answer["error"] == "access_denied")
        #expect(page.answer["error_description"]?.hasPrefix("AADSTS50105:") == true)
        let browser = try TestBrowser.open()
        #expect(try await browser.code(["scope": "openid Mail.Read"])["error"] == "consent_required")
        let silent = try await browser.get(Harbour.request(["scope": "openid Mail.Read", "prompt": "none"]))
        #expect(silent.answer["error"] == "interaction_required")
    }

    @Test func aSharedAuthorityTakesThePersonsTenant() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoTenants)
        let request = Harbour.request(["client_id": Seeds.multi]).replacingOccurrences(
            of: Harbour.tenant,
            with: "common"
        )
        let page = try await browser.signIn(
            try await browser.get(request),
            as: "sailor@tern.example",
            password: "Sailor-Pass-1"
        )
        let form = Harbour.redemption(
            page.answer["code"] ?? "",
            ["client_id": Seeds.multi, "client_secret": "multi-secret"]
        )
        let answer = try await browser.post("/common/oauth2/v2.0/token", form)
        let claims = try await browser.claims(answer.json["id_token"])
        #expect(claims.tenantID == Seeds.otherTenant)
        #expect(claims.issuer == "http://localhost:8400/\(Seeds.otherTenant)/v2.0")
        let foreign = try await browser.get(Harbour.request(["client_id": Seeds.multi]))
        let refused = try await browser.submit(foreign, ["loginfmt": "sailor@tern.example"], action: "username")
        #expect(refused.text.contains("usernameError"))
    }

    @Test func everyPageKeepsToItself() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoClients)
        for path in [
            "/", "/error?code=50011", "/error?code=\"><script>", Harbour.request(), Harbour.request(["client_id": nil]),
            Harbour.request(["client_id": Seeds.second, "redirect_uri": Seeds.secondRedirect]),
            "/\(Harbour.tenant)/oauth2/v2.0/logout",
        ] {
            let page = try await browser.get(path)
            let headers = page.head.headerFields
            #expect(headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true, "\(path)")
            #expect(headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
            #expect(headers[.cacheControl] == "no-store, no-cache")
            #expect(headers[.xContentTypeOptions] == "nosniff")
            #expect(headers[.accessControlAllowOrigin] == nil)
            #expect(try headers[#require(HTTPField.Name("Referrer-Policy"))] == "no-referrer")
            #expect(!page.text.contains("<script>"))
            #expect(!page.text.contains("src=\"http"))
            #expect(page.text.contains("lang=\"en\""))
        }
        let name = try await browser.get(
            Harbour.request(["client_id": Seeds.second, "redirect_uri": Seeds.secondRedirect])
        )
        #expect(name.text.contains("Second &lt;App&gt; &amp; &quot;Sons&quot;"))
    }

    @Test(arguments: [
        "\"\u{301} onfocus=alert(1) x=\"", "<script>alert(1)</script>", "'\u{200D}><img src=x>", "&lt;b&gt;",
    ])
    func hostileTextIsOnlyText(_ text: String) async throws {
        let browser = try TestBrowser.open()
        let hint = try await browser.get(Harbour.request(["login_hint": text]))
        #expect(TestForm(hint.text)?.fields["loginfmt"] == text)
        for changes in [["client_id": text], ["redirect_uri": text], ["redirect_uri": "http://localhost/\(text)"]] {
            let page = try await browser.get(Harbour.request(changes))
            #expect(!page.text.contains("<script>") && !page.text.contains("<img"))
        }
        let tenant = try await browser.get("/\(TestForm.escape(text))/oauth2/v2.0/authorize?client_id=x")
        #expect(!tenant.text.contains("<script>") && !tenant.text.contains("<img"))
        let error = try await browser.get(Harbour.request(["prompt": text])).answer["error_description"] ?? ""
        #expect(error.utf8.allSatisfy { $0 >= 0x20 && $0 <= 0x7e && $0 != 0x22 && $0 != 0x5c })
    }
}
