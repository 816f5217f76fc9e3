// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// Which redirect URIs are accepted, and how answers travel to them.
@Suite struct RedirectTests {
    @Test(arguments: [
        "http://localhost/auth/callback", "http://localhost:1/auth/callback", "http://localhost:65535/auth/callback",
        "https://localhost:8443/auth/callback",
    ])
    func thePortOfLocalhostIsFree(_ uri: String) async throws {
        let page = try await TestBrowser.open().get(Harbour.request(["redirect_uri": uri]))
        #expect(page.text.contains("i0116"))
        #expect(page.head.headerFields[.contentSecurityPolicy]?.contains("form-action 'self' http") == true)
    }

    @Test(arguments: [
        "http://localhost:8080/auth/Callback", "http://localhost:8080/auth/callback/",
        "http://localhost:8080/auth/callback?x=1",
        "http://localhost:8080/auth/callback#x", "http://127.0.0.1:8080/auth/callback",
        "http://[::1]:8080/auth/callback",
        "http://localhost.evil.example/auth/callback", "http://localhost:8080@evil.example/auth/callback",
        "http://evil.example@localhost:8080/auth/callback", "http://localhost:99999/auth/callback",
        "http://localhost:8080:9/auth/callback", "http://localhost:/auth/callback",
        "http://LOCALHOST:8080/auth/callback",
        "http://localhost:8080/auth/callback;", "http://localhost:8080/auth/../auth/callback", "javascript:alert(1)",
        "http://localhost:8080/auth/callback\n", "//localhost/auth/callback",
    ])
    func everythingElseMustBeEqual(_ uri: String) async throws {
        let page = try await TestBrowser.open().get(Harbour.request(["redirect_uri": uri]))
        #expect(page.text.contains("AADSTS50011:"), "\(page.text)")
    }

    @Test func aRegisteredQueryIsKept() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoClients)
        let page = try await browser.get(
            Harbour.request(["client_id": Seeds.second, "redirect_uri": Seeds.secondRedirect, "prompt": "none"])
        )
        #expect(page.location.hasPrefix("https://second.example/callback?mode=a&error=login_required&"))
        for uri in ["https://second.example/callback?mode=b", "https://second.example/callback"] {
            let refused = try await browser.get(Harbour.request(["client_id": Seeds.second, "redirect_uri": uri]))
            #expect(refused.text.contains("AADSTS50011:"))
        }
    }

    @Test func aURIWithoutPathGetsASlashButNotInAForm() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoClients)
        let changes = ["client_id": Seeds.second, "redirect_uri": "https://second.example", "prompt": "none"]
        let query = try await browser.get(Harbour.request(changes))
        #expect(query.location.hasPrefix("https://second.example/?error="))
        let form = try await browser.get(Harbour.request(changes.merging(["response_mode": "form_post"]) { $1 }))
        #expect(TestForm(form.text)?.action == "https://second.example")
    }

    @Test func withoutARedirectURITheFirstRegisteredOneIsUsed() async throws {
        let browser = try TestBrowser.open()
        let answer = try await browser.code(["redirect_uri": nil])
        let page = try await browser.post(
            Harbour.token,
            Harbour.redemption(answer["code"] ?? "", ["redirect_uri": nil])
        )
        #expect(page.status == 200)
    }

    @Test func aFragmentAnswerHasNoQuery() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.signIn(
            try await browser.get(Harbour.request(["response_mode": "fragment"])),
            as: Harbour.adjuster,
            password: "Adjuster-Pass-1"
        )
        #expect(page.location.hasPrefix(Harbour.callback + "#code="))
        #expect(page.answer["state"] == "the-state")
    }

    @Test func aFormAnswerWorksWithoutScript() async throws {
        let browser = try TestBrowser.open()
        let state = "\"><script>alert(1)</script>&amp;'\u{301}"
        let page = try await browser.signIn(
            try await browser.get(Harbour.request(["response_mode": "form_post", "state": state])),
            as: Harbour.adjuster,
            password: "Adjuster-Pass-1"
        )
        #expect(page.status == 200)
        let form = try #require(TestForm(page.text))
        #expect(form.action == Harbour.callback)
        #expect(form.fields["state"] == state)
        #expect(form.fields["code"]?.isEmpty == false)
        #expect(page.text.contains("<button"))
        #expect(!page.text.contains("<script>"))
        let policy = try #require(page.head.headerFields[.contentSecurityPolicy])
        #expect(policy.contains("form-action 'self' http://localhost:8080;"))
        #expect(policy.contains("script-src 'self'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        let script = try await browser.get("/assets/submit.js")
        #expect(script.text.contains("submit()"))
    }

    @Test func stateComesBackExactly() async throws {
        let state = "a b+c%20d&e=f#g?h/\u{1F511}ü\"<>\\"
        let answer = try await TestBrowser.open().code(["state": state])
        #expect(answer["state"] == state)
    }

    @Test func anIDTokenFromTheAuthorizationEndpointNamesItsCode() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoClients)
        let changes: [String: String?] = [
            "client_id": Seeds.second, "redirect_uri": Seeds.secondRedirect, "response_type": "id_token code",
        ]
        let without = try await browser.get(Harbour.request(changes.merging(["nonce": nil]) { $1 }))
        #expect(without.location.contains("#error=invalid_request"))
        let page = try await browser.signIn(
            try await browser.get(Harbour.request(changes)),
            as: Harbour.adjuster,
            password: "Adjuster-Pass-1"
        )
        let answer = TestForm.decode(String(page.location.split(separator: "#").last ?? ""))
        let claims = try await browser.claims(answer["id_token"].map { .string($0) })
        #expect(claims.nonce == "the-nonce")
        #expect(claims["c_hash"]?.stringValue?.utf8.count == 22)
        #expect(answer["code"] != nil)
    }
}
