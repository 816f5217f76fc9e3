// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Logging
import MSALCore
import MSALJWT
import MSALTesting
import Synchronization
import Testing
import WebTestSupport

@testable import MSALWeb

@Suite("Signing in")
struct SignInTests {
    @Test("A person comes back, signed in, to the very page they wanted, with its query")
    func signsIn() async throws {
        let app = try SampleApp()
        let browser = Browser(app)
        let refused = await browser.get("/me?tab=2&q=a%20b")
        #expect(refused.status == 303)
        #expect(refused.location == "/auth/sign-in?return_to=%2Fme%3Ftab%3D2%26q%3Da%2520b")
        let start = await browser.get(refused.location)
        #expect(start.status == 302)
        let answer = app.provider.authorize(start.location)
        let done = await browser.deliver(answer)
        #expect(done.status == 303)
        #expect(done.location == "/me?tab=2&q=a%20b")
        #expect(done.body.isEmpty)
        #expect(await browser.get(done.location).body.hasPrefix("hello Ada <Adjuster>"))
        #expect(await browser.get("/queue").status == 200)
        #expect(app.tokenRequests == 1)
    }

    @Test("The request has state, nonce and proof key, fresh each time, and the redirect URI of the configuration")
    func startsFresh() async throws {
        let app = try SampleApp()
        let browser = Browser(app)
        let one = ScriptedProvider.query(of: await browser.get("/auth/sign-in?return_to=/me").location)
        let other = ScriptedProvider.query(of: await browser.get("/auth/sign-in?return_to=/me").location)
        for name in ["state", "nonce", "code_challenge"] {
            #expect((one[name]?.utf8.count ?? 0) >= 43)
            #expect(one[name] != other[name])
        }
        #expect(one["response_type"] == "code")
        #expect(one["code_challenge_method"] == "S256")
        #expect(one["redirect_uri"] == "https://portal.example/auth/callback")
        #expect(one["response_mode"] == "form_post")
        #expect(one["prompt"] == nil)
    }

    @Test("Each sign-in has a cookie of its own, which holds nothing readable and is gone after the answer")
    func keepsCookiesApart() async throws {
        let app = try SampleApp()
        let browser = Browser(app)
        let start = await browser.get("/auth/sign-in?return_to=/me")
        let cookie = try #require(start.setCookies.first)
        let state = try #require(ScriptedProvider.query(of: start.location)["state"])
        #expect(cookie.hasPrefix("__Host-signin-"))
        #expect(cookie.contains("; HttpOnly; SameSite=None; Secure; Max-Age=900"))
        #expect(!cookie.contains(state) && !cookie.contains(state.prefix(8)))
        #expect(cookie.utf8.count <= 4096)
        let done = await browser.deliver(app.provider.authorize(start.location))
        #expect(done.setCookies.contains { $0.hasPrefix("__Host-signin-") && $0.contains("Max-Age=0") })
        #expect(done.setCookies.contains { $0.hasPrefix("__Host-session=") && $0.contains("SameSite=Lax; Secure") })
        #expect(browser.cookies.withLock { $0.keys.sorted() } == ["__Host-session"])
    }

    @Test("Two tabs sign in at once, and each comes back to its own page, in whatever order")
    func signsInInTwoTabs() async throws {
        let app = try SampleApp()
        let browser = Browser(app)
        let first = await browser.startSignIn(returnTo: "/me?tab=1")
        let second = await browser.startSignIn(returnTo: "/me?tab=2")
        #expect(await browser.deliver(second).location == "/me?tab=2")
        #expect(await browser.deliver(first).location == "/me?tab=1")
        #expect(await browser.get("/me").status == 200)
        #expect(app.sessions.count == 1 || app.sessions.count == 2)
    }

    @Test("At most five sign-ins are under way in a browser; the oldest has to go")
    func boundsPendingSignIns() async throws {
        let app = try SampleApp()
        let browser = Browser(app)
        var answers: [(state: String, code: String)] = []
        for _ in 0..<7 {
            answers.append(await browser.startSignIn())
            app.time.advance(by: .seconds(1))
        }
        #expect(browser.cookies.withLock { $0.count } == 5)
        #expect(await browser.deliver(answers[0]).status == 400)
        #expect(await browser.deliver(answers[2]).status == 303)
        #expect(await browser.deliver(answers[6]).status == 303)
    }

    @Test("A sign-in survives a restart, as long as the keys do")
    func survivesRestart() async throws {
        let app = try SampleApp()
        let start = await Browser(app).get("/auth/sign-in?return_to=/me")
        let cookie = try #require(start.setCookies.first?.prefix { $0 != ";" })
        let restarted = WebAuthentication(
            configuration: app.web.configuration,
            application: app.web.application,
            transport: app.transport,
            time: app.time
        )
        let answer = app.provider.authorize(start.location)
        let head = HTTPRequest(
            method: .post,
            scheme: nil,
            authority: nil,
            path: "/auth/callback",
            headerFields: [.cookie: String(cookie), .contentType: "application/x-www-form-urlencoded"]
        )
        let body = Array("code=\(answer.code)&state=\(answer.state)".utf8)
        let reception = await restarted.receive(WebRequest(head: head, logger: Logger(label: "test"), body: body))
        #expect(reception.answer?.head.status == .seeOther)
        #expect(reception.answer?.head.headerFields[.location] == "/me")
    }

    @Test(
        "A place elsewhere is never gone to",
        arguments: [
            "https://evil.example/", "//evil.example", "/\\evil.example", "/auth/sign-out", "/auth/callback?x=1", "",
        ]
    )
    func returnsOnlyHome(target: String) async throws {
        let browser = Browser(try SampleApp())
        #expect(await browser.signIn(returnTo: target).location == "/")
    }

    @Test("A claims request that is no JSON object, or too long to be sent on, is left out")
    func leavesOutForeignClaims() {
        #expect(SignInChallenge(claims: "{not json").claims == nil)
        #expect(SignInChallenge(claims: "[1]").claims == nil)
        #expect(SignInChallenge(claims: #"{"access_token":{}}"#).claims == #"{"access_token":{}}"#)
        let filling = String(repeating: "x", count: SignInChallenge.maximumClaimsLength - 8)
        #expect(SignInChallenge(claims: #"{"a":"\#(filling)"}"#).claims != nil)
        #expect(SignInChallenge(claims: #"{"a":"\#(filling)x"}"#).claims == nil)
    }

    @Test("A place beside a claims request, too long for a cookie, loses its query, not the sign-in")
    func shortensLongPlaces() async throws {
        let app = try SampleApp()
        let filling = String(repeating: "x", count: SignInChallenge.maximumClaimsLength - 8)
        let place = try #require(LocalPath("/me?q=" + String(repeating: "x", count: 1500)))
        let path = try app.web.signInPath(
            returnTo: place,
            challenge: SignInChallenge(claims: #"{"a":"\#(filling)"}"#)
        )
        let browser = Browser(app)
        let start = await browser.get(path)
        let (state, code) = app.provider.authorize(start.location)
        let done = await browser.post("/auth/callback", "state=\(state)&code=\(code)")
        #expect(done.status == 303)
        #expect(done.location == "/me")
    }

    @Test("A long place is come back to whole")
    func keepsLongPlaces() async throws {
        let browser = Browser(try SampleApp())
        let place = "/me?q=" + String(repeating: "x", count: 1500)
        let done = await browser.signIn(returnTo: place)
        #expect(done.status == 303)
        #expect(done.location == place)
    }

    @Test("A new sign-in makes a new session and ends the old one, although a form post carries no session cookie")
    func replacesSession() async throws {
        let app = try SampleApp()
        let browser = Browser(app)
        await browser.signIn()
        let old = browser.cookies.withLock { $0 }
        await browser.signIn()
        #expect(browser.cookies.withLock { $0["__Host-session"] } != old["__Host-session"])
        #expect(app.sessions.count == 1)
        let thief = Browser(app)
        thief.cookies.withLock { $0 = old }
        #expect(await thief.get("/me").status == 303)
    }

    @Test("Starting a sign-in leaves the session as it is until the answer is verified")
    func startingChangesNothing() async throws {
        let browser = Browser(try SampleApp())
        await browser.signIn()
        _ = await browser.startSignIn()
        #expect(await browser.get("/me").status == 200)
    }

    @Test("A session id that a browser brings along is never adopted, and its cookie is left alone")
    func adoptsNoForeignID() async throws {
        let app = try SampleApp()
        let browser = Browser(app)
        let planted = SessionID.random().text
        browser.cookies.withLock { $0["__Host-session"] = planted }
        let page = await browser.get("/")
        #expect(page.status == 200)
        #expect(page.setCookies.isEmpty)
        browser.cookies.withLock { $0["__Host-session"] = planted }
        await browser.signIn()
        #expect(browser.cookies.withLock { $0["__Host-session"] } != planted)
        #expect(app.sessions.count == 1)
    }

    @Test("On plain http on this machine the answer comes as a query and the cookies do without a prefix")
    func signsInOnLoopback() async throws {
        let app = try SampleApp("http://localhost:8080")
        let browser = Browser(app)
        let start = await browser.get("/auth/sign-in?return_to=/me")
        #expect(start.setCookies.first?.hasPrefix("signin-") == true)
        #expect(ScriptedProvider.query(of: start.location)["response_mode"] == "query")
        let answer = app.provider.authorize(start.location)
        let done = await browser.get(
            "/auth/callback?code=\(answer.code)&state=\(answer.state)",
            [.secFetchSite: "cross-site"]
        )
        #expect(done.status == 303)
        #expect(done.location == "/me")
        #expect(done.setCookies.contains { $0.hasPrefix("session=") && !$0.contains("Secure") })
        #expect(await browser.get("/me").status == 200)
    }

    @Test("At Microsoft the person is known by tenant and object, and a long page still fits into the cookie")
    func signsInAtMicrosoft() async throws {
        let tenant = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"
        let app = try SampleApp(tenant: tenant)
        app.provider.state.withLock { state in
            state.claims = [
                "tid": .string(tenant), "oid": "0a1b2c3d-0000-4000-8000-000000000001", "ver": "2.0",
                "roles": ["Claims.Adjuster", "Portal.Admin"],
            ]
        }
        let browser = Browser(app)
        let place = "/me?q=" + String(repeating: "x", count: 800)
        let start = await browser.get("/auth/sign-in?" + FormEncoding.encode([("return_to", place)]))
        #expect(ScriptedProvider.query(of: start.location)["scope"]?.contains("User.Read") == true)
        #expect(start.setCookies.allSatisfy { $0.utf8.count <= 4096 })
        let done = await browser.deliver(app.provider.authorize(start.location))
        #expect(done.location == place)
        #expect(await browser.get("/admin").status == 200)
        let user = UserKey(realm: tenant, subject: "0a1b2c3d-0000-4000-8000-000000000001")
        #expect(try await app.sessions.deleteSessions(of: user) == 1)
    }

    @Test("Another account can be asked for; a prompt that is not ours is not passed on")
    func passesPrompt() async throws {
        let browser = Browser(try SampleApp())
        let chosen = await browser.get("/auth/sign-in?return_to=/&prompt=select_account")
        #expect(ScriptedProvider.query(of: chosen.location)["prompt"] == "select_account")
        let odd = await browser.get("/auth/sign-in?return_to=/&prompt=none")
        #expect(ScriptedProvider.query(of: odd.location)["prompt"] == nil)
    }
}
