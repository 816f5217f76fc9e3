// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALCore
import MSALTesting
import Testing
import WebTestSupport

@testable import MSALWeb

@Suite("Answers for people and programs")
struct AnswerTests {
    /// What a `fetch` of a page says.
    static let fetch: HTTPFields = [
        .accept: "*/*", .secFetchDest: "empty", .secFetchMode: "cors", .secFetchSite: "same-origin",
    ]

    @Test("A program is told where to sign in, and is never redirected")
    func answersPrograms() async throws {
        let browser = Browser(try SampleApp())
        var fields = Self.fetch
        fields[.referer] = "https://portal.example/queue?page=2"
        let page = await browser.get("/me", fields)
        #expect(page.status == 401)
        #expect(page.field("Content-Type") == "application/problem+json")
        #expect(page.field("WWW-Authenticate") != nil)
        let problem = try JSONDecoder().decode(Problem.self, from: Data(page.body.utf8))
        #expect(problem.status == 401)
        #expect(problem.sign_in_url == "https://portal.example/auth/sign-in?return_to=%2Fqueue%3Fpage%3D2")
        #expect(problem.correlation_id?.isEmpty == false)
        #expect(await browser.get("/auth/sign-in?return_to=/me", Self.fetch).status == 401)
    }

    @Test("The page a script is on counts only if it is ours")
    func ignoresForeignReferrers() async throws {
        let browser = Browser(try SampleApp())
        for referrer in [
            "https://evil.example/x", "https://portal.example.evil.example/x", "https://portal.example@evil.example/",
        ] {
            var fields = Self.fetch
            fields[.referer] = referrer
            #expect(await browser.get("/me", fields).body.contains("return_to=%2F\""))
        }
    }

    @Test("Lack of a role is a 403 page for a person and a problem for a program, and says nothing of roles")
    func answersDenials() async throws {
        let browser = Browser(try SampleApp())
        await browser.signIn()
        let page = await browser.get("/admin")
        #expect(page.status == 403)
        #expect(page.body.contains("You do not have access"))
        #expect(!page.body.contains("Portal.Admin"))
        #expect(page.body.contains("prompt=select_account"))
        let problem = await browser.get("/admin", Self.fetch)
        #expect(problem.status == 403)
        #expect(problem.field("Content-Type") == "application/problem+json")
        #expect(!problem.body.contains("sign_in_url") && !problem.body.contains("Portal.Admin"))
    }

    @Test("A form that needs a sign-in gets a page with a link, as a redirect would stop at the page's policy")
    func answersForms() async throws {
        let browser = Browser(try SampleApp())
        let page = await browser.post(
            "/change",
            "x=1",
            [.origin: "https://portal.example", .referer: "https://portal.example/me?a=1"]
        )
        #expect(page.status == 401)
        #expect(page.location.isEmpty)
        #expect(page.body.contains("What you sent was not carried out."))
        #expect(page.body.contains("href=\"/auth/sign-in?return_to=%2Fme%3Fa%3D1\""))
    }

    @Test("An error nobody expected is a 500 page without details")
    func answersCrashes() async throws {
        let page = await Browser(try SampleApp()).get("/crash")
        #expect(page.status == 500)
        #expect(page.body.contains("Something went wrong"))
        #expect(!page.body.contains("CrashError"))
        #expect(page.body.contains("Reference"))
    }

    @Test(
        "Every answer has the security fields, errors too",
        arguments: [
            ("/", 200), ("/me", 303), ("/queue", 303), ("/crash", 500), ("/nowhere", 404), ("/auth/callback", 400),
            ("/auth/signed-out", 200), ("/auth/style.css", 200),
        ]
    )
    func protectsEveryAnswer(path: String, status: Int) async throws {
        let page = await Browser(try SampleApp()).get(path)
        #expect(page.status == status)
        let policy = page.field("Content-Security-Policy") ?? ""
        #expect(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"))
        #expect(page.field("X-Content-Type-Options") == "nosniff")
        #expect(page.field("X-Frame-Options") == "DENY")
        #expect(page.field("Cross-Origin-Opener-Policy") == "same-origin")
        #expect(page.field("Permissions-Policy") != nil)
        #expect(page.field("Strict-Transport-Security") == "max-age=31536000")
        #expect(page.field("Referrer-Policy") == (path.hasPrefix("/auth/") ? "no-referrer" : "same-origin"))
        if path.hasPrefix("/auth/"), path != "/auth/style.css" { #expect(page.field("Cache-Control") == "no-store") }
    }

    @Test("A page of a signed-in person is not stored; plain http and localhost get no HSTS")
    func choosesFields() async throws {
        let browser = Browser(try SampleApp())
        #expect(await browser.get("/").field("Cache-Control") == nil)
        await browser.signIn()
        #expect(await browser.get("/").field("Cache-Control") == "no-store")
        for address in ["http://localhost:8080", "https://localhost:8443"] {
            #expect(await Browser(try SampleApp(address)).get("/").field("Strict-Transport-Security") == nil)
        }
    }

    @Test("Whatever Host and forwarding fields say, no answer changes")
    func ignoresHostFields() async throws {
        let app = try SampleApp()
        let plain = await Browser(app).get("/me", Self.fetch)
        var fields = Self.fetch
        for name in [
            "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "Forwarded", "X-Original-URL", "Host",
        ] {
            fields[try #require(HTTPField.Name(name))] = "evil.example"
        }
        let spoofed = await Browser(app).get("/me", fields)
        #expect(!spoofed.body.contains("evil") && !"\(spoofed.head)".contains("evil"))
        #expect(spoofed.head == plain.head)
        let start = await Browser(app).get(
            "/auth/sign-in?return_to=/",
            [try #require(HTTPField.Name("X-Forwarded-Host")): "evil.example"]
        )
        #expect(!start.location.contains("evil"))
    }

    @Test("HEAD is answered like GET, without the body")
    func answersHead() async throws {
        let browser = Browser(try SampleApp())
        for path in ["/auth/signed-out", "/nowhere", "/crash", "/auth/style.css"] {
            let whole = await browser.get(path)
            let head = await browser.get(path, method: .head)
            #expect(head.status == whole.status)
            #expect(head.body.isEmpty)
            #expect((Int(head.field("Content-Length") ?? "") ?? 0) > 0)
        }
    }

    @Test("A route of ours says which methods it takes")
    func refusesMethods() async throws {
        let browser = Browser(try SampleApp())
        let page = await browser.post("/auth/sign-in", "")
        #expect(page.status == 405)
        #expect(page.field("Allow") == "GET, HEAD")
        #expect(await browser.get("/auth/unknown").status == 404)
    }

    @Test("Pages can wear the application's own look; one that fails falls back to the built-in look")
    func usesOwnPages() async throws {
        struct Own: PageRenderer {
            func html(for page: WebPage) throws -> String { "own \(page.kind.rawValue) \(page.title)" }
        }
        struct Failing: PageRenderer {
            func html(for page: WebPage) throws -> String { throw CancellationError() }
        }
        #expect(
            await Browser(try SampleApp(pages: Own())).get("/auth/signed-out").body
                == "own signedOut You are signed out"
        )
        #expect(await Browser(try SampleApp(pages: Failing())).get("/nowhere").body.contains("<h1>Page not found</h1>"))
    }

    @Test("A missing consent sends the person to sign in for it, once; asked in vain, it does not become a loop")
    func asksForConsentOnce() async throws {
        let app = try SampleApp()
        let browser = Browser(app)
        await browser.signIn(returnTo: "/me")
        let refused = await browser.get("/api-page")
        #expect(refused.status == 303)
        let start = await browser.get(refused.location)
        let parameters = ScriptedProvider.query(of: start.location)
        #expect(parameters["scope"]?.contains("api://claims/Write") == true)
        #expect(parameters["login_hint"] == "ada@harbour.example")
        let done = await browser.deliver(app.provider.authorize(start.location))
        #expect(done.location == "/api-page")
        for account in try await app.web.application.accounts() { try await app.web.application.removeAccount(account) }
        let again = await browser.get(done.location)
        #expect(again.status == 403)
        #expect(again.body.contains("Access is still missing"))
        app.time.advance(by: .seconds(61))
        #expect(await browser.get("/api-page").status == 303)
    }

    @Test("Not even a text under our key is taken for a challenge if it was sealed for something else")
    func ignoresForeignTickets() async throws {
        let app = try SampleApp()
        let ticket = try app.web.sealer.seal(
            json: SignInChallenge(scopes: ["evil"]),
            purpose: "sign-in",
            at: app.time.now,
            lifetime: .seconds(60)
        )
        let start = await Browser(app).get("/auth/sign-in?return_to=/&ask=\(ticket)")
        #expect(start.status == 302)
        #expect(!start.location.contains("evil"))
    }

    /// The members of a problem document.
    struct Problem: Decodable {
        let title: String
        let status: Int
        let sign_in_url: String?
        let correlation_id: String?
    }
}
