// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALCore
import MSALTesting
import Synchronization
import Testing
import WebTestSupport

@testable import MSALWeb

@Suite("Sessions, forms and sign-out")
struct SessionTests {
    let app: SampleApp
    let browser: Browser

    init() async throws {
        app = try SampleApp()
        browser = Browser(app)
        await browser.signIn()
    }

    @Test("An unused session ends after an hour, a used one after twelve")
    func expires() async {
        for _ in 0..<14 {
            app.time.advance(by: .seconds(3000))
            #expect(await browser.get("/me").status == 200)
        }
        app.time.advance(by: .seconds(1300))
        #expect(await browser.get("/me").status == 303)
        await browser.signIn()
        app.time.advance(by: .seconds(3601))
        #expect(await browser.get("/me").status == 303)
    }

    @Test("A form of our own page passes with its token, as a field or in the header")
    func acceptsOwnForms() async {
        let token = await browser.get("/me").csrfToken
        let form = FormEncoding.encode([("x", "1"), ("csrf_token", token)])
        #expect(await browser.post("/change", form).status == 200)
        #expect(await browser.post("/change", form, [.secFetchSite: "same-origin", .origin: "null"]).status == 200)
        #expect(await browser.post("/change", form, [:]).status == 200)
        let header: HTTPFields = [.xCSRFToken: token, .contentType: "application/json", .secFetchSite: "same-origin"]
        #expect(await browser.post("/change", "{}", header).status == 200)
    }

    @Test("A form of another site is refused, token or not, and so is one without a good token")
    func refusesForeignForms() async {
        let token = await browser.get("/me").csrfToken
        let form = FormEncoding.encode([("csrf_token", token)])
        #expect(await browser.post("/change", form, [.origin: "https://evil.example"]).status == 403)
        #expect(await browser.post("/change", form, [.secFetchSite: "same-site"]).status == 403)
        for bad in ["", "x=1", "csrf_token=", "csrf_token=AAAA", "\(form)&\(form)", "csrf_token=%zz"] {
            let status = await browser.post("/change", bad).status
            #expect(status == 403 || status == 400)
        }
        #expect(await browser.post("/change", "{}", [.contentType: "application/json"]).status == 403)
        let other = Browser(app)
        await other.signIn()
        #expect(await other.post("/change", form).status == 403)
    }

    @Test("A form too large to look into is refused as such")
    func refusesHugeForms() async {
        let body = String(repeating: "x", count: (1 << 20) + 1)
        #expect(await browser.post("/change", body).status == 413)
    }

    @Test("Without a session there is nothing to protect, but another site's form is refused all the same")
    func checksAnonymousForms() async {
        let stranger = Browser(app)
        #expect(await stranger.post("/", "x=1").status == 200)
        #expect(await stranger.post("/", "x=1", [.origin: "https://evil.example"]).status == 403)
    }

    @Test("Signing out by a link asks first and changes nothing")
    func asksBeforeSignOut() async {
        let page = await browser.get("/auth/sign-out")
        #expect(page.status == 200)
        #expect(page.body.contains("<form method=\"post\" action=\"/auth/sign-out\">"))
        #expect(await browser.get("/me").status == 200)
        #expect(await browser.post("/auth/sign-out", "").status == 403)
        #expect(await browser.get("/me").status == 200)
    }

    @Test("Signing out ends the session, forgets the tokens and goes on to the provider; the old cookie is useless")
    func signsOut() async throws {
        let old = browser.cookies.withLock { $0 }
        #expect(try await app.web.application.accounts().count == 1)
        let token = await browser.get("/me").csrfToken
        let page = await browser.post("/auth/sign-out", FormEncoding.encode([("csrf_token", token)]))
        #expect(page.status == 303)
        #expect(page.location.hasPrefix("https://id.example/logout?"))
        let parameters = ScriptedProvider.query(of: page.location)
        #expect(parameters["post_logout_redirect_uri"] == "https://portal.example/auth/signed-out")
        #expect(parameters["id_token_hint"] != nil)
        #expect(try await app.web.application.accounts().isEmpty)
        #expect(app.sessions.count == 0)
        browser.cookies.withLock { $0 = old }
        #expect(await browser.get("/me").status == 303)
        #expect(await browser.get("/auth/signed-out").body.contains("You are signed out"))
    }

    @Test("The pages of a session allow its sign-out to lead to the provider")
    func allowsSignOutTarget() async {
        let policy = await browser.get("/me").field("Content-Security-Policy") ?? ""
        #expect(policy.contains("form-action 'self' https://id.example"))
    }

    @Test("Where the provider has no sign-out, or cannot be asked, the local one is all")
    func signsOutLocally() async throws {
        let app = try SampleApp()
        app.provider.state.withLock { $0.hasEndSession = false }
        let browser = Browser(app)
        await browser.signIn()
        let token = await browser.get("/me").csrfToken
        let page = await browser.post("/auth/sign-out", FormEncoding.encode([("csrf_token", token)]))
        #expect(page.location == "/auth/signed-out")
        #expect(await browser.post("/auth/sign-out", "").location == "/auth/signed-out")
        #expect(await browser.get("/auth/sign-out").location == "/auth/signed-out")
    }

    @Test("A sign-out whose target the page could not have allowed goes on by a page of its own")
    func leadsOnByAPage() async throws {
        let app = try SampleApp()
        let page = WebPage.signingOut("https://elsewhere.example/logout?a=1&b=\"2\"")
        let html = StandardPages().html(for: page)
        #expect(
            html.contains(
                "<meta http-equiv=\"refresh\" content=\"0; url=https://elsewhere.example/logout?a=1&amp;b=&quot;2&quot;\">"
            )
        )
        #expect(html.contains("Go on now"))
        #expect(!app.web.providerOrigins.contains("https://elsewhere.example"))
    }

    @Test("All sessions of a person can be ended")
    func endsAllSessions() async throws {
        let other = Browser(app)
        await other.signIn()
        let user = UserKey(realm: "https://id.example", subject: "subject-1")
        #expect(try await app.web.endSessions(of: user) == 2)
        #expect(await browser.get("/me").status == 303)
        #expect(await other.get("/me").status == 303)
    }

    @Test("A store that is down gets a 503 page")
    func survivesBrokenStore() async throws {
        let app = try SampleApp(sessions: BrokenStore())
        let browser = Browser(app)
        browser.cookies.withLock { $0["__Host-session"] = SessionID.random().text }
        let page = await browser.get("/me")
        #expect(page.status == 503)
        #expect(page.field("X-Content-Type-Options") == "nosniff")
        #expect(page.setCookies.isEmpty)
        browser.cookies.withLock { $0 = [:] }
        let failed = await browser.signIn(returnTo: "/queue")
        #expect(failed.status == 503)
        #expect(failed.body.contains("/auth/sign-in?return_to=%2Fqueue"))
    }
}
