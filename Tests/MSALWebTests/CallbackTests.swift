// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALCore
import MSALJWT
import MSALTesting
import Synchronization
import Testing
import WebTestSupport

@testable import MSALWeb

@Suite("Answers that do not fit")
struct CallbackTests {
    let app: SampleApp
    let browser: Browser

    init() throws {
        app = try SampleApp()
        browser = Browser(app)
    }

    @Test(
        "A stray, empty, repeated or broken answer gets a page that offers a fresh start, and asks the provider nothing",
        arguments: [
            "", "code=x", "state=x", "code=x&state=unknown", "code=a&code=b&state=s", "state=a&state=b", "state=%zz",
            "code=%ff&state=x",
        ]
    )
    func refusesStrayAnswers(body: String) async {
        let page = await browser.post("/auth/callback", body, [.origin: "https://id.example"])
        #expect(page.status == 400)
        #expect(page.body.contains("This sign-in cannot be finished"))
        #expect(page.body.contains("href=\"/auth/sign-in?return_to=%2F\""))
        #expect(app.transport.requests.isEmpty)
    }

    @Test("A stray visit to the callback gets the same page")
    func refusesStrayVisit() async {
        #expect(await browser.get("/auth/callback").status == 400)
        #expect(await browser.get("/auth/callback?code=x&state=y").status == 400)
    }

    @Test("A missing or altered state stops before the code is redeemed")
    func refusesAlteredState() async {
        let answer = await browser.startSignIn()
        #expect(await browser.deliver((state: String(answer.state.dropLast()) + "_", code: answer.code)).status == 400)
        #expect(await browser.deliver((state: "", code: answer.code)).status == 400)
        #expect(app.tokenRequests == 0)
        #expect(await browser.deliver(answer).status == 303)
    }

    @Test("An answer is good only in the browser that asked")
    func refusesOtherBrowsers() async {
        let answer = await browser.startSignIn()
        #expect(await Browser(app).deliver(answer).status == 400)
        #expect(app.tokenRequests == 0)
    }

    @Test("The cookie of one sign-in does not open the answer to another")
    func refusesExchangedCookies() async {
        let one = await browser.startSignIn()
        let other = await browser.startSignIn()
        browser.cookies.withLock { jar in
            let names = jar.keys.sorted()
            jar.swapAt(names[0], names[1])
        }
        #expect(await browser.deliver(one).status == 400)
        #expect(await browser.deliver(other).status == 400)
        #expect(app.tokenRequests == 0)
    }

    @Test("A query in place of the form that was asked for is refused, and the sign-in can still be finished")
    func refusesQueryForForm() async {
        let answer = await browser.startSignIn()
        let page = await browser.get("/auth/callback?code=\(answer.code)&state=\(answer.state)")
        #expect(page.status == 400)
        #expect(page.body.contains("return_to=%2Fme"))
        #expect(app.tokenRequests == 0)
        #expect(await browser.deliver(answer).status == 303)
    }

    @Test("A form in place of the query that was asked for is refused")
    func refusesFormForQuery() async throws {
        let app = try SampleApp("http://localhost:8080")
        let browser = Browser(app)
        let answer = await browser.startSignIn()
        #expect(await browser.deliver(answer).status == 400)
        #expect(app.tokenRequests == 0)
    }

    @Test(
        "Only a form of at most 64 KiB is read",
        arguments: [
            ("application/json", 10), ("multipart/form-data; boundary=x", 10),
            ("application/x-www-form-urlencoded", 70_000),
        ]
    )
    func readsOnlyForms(type: String, length: Int) async {
        let answer = await browser.startSignIn()
        let body = "code=\(answer.code)&state=\(answer.state)&pad=" + String(repeating: "x", count: length)
        #expect(await browser.post("/auth/callback", body, [.contentType: type]).status == 400)
        #expect(app.tokenRequests == 0)
    }

    @Test("Unknown parameters are ignored, and the type of the form may carry a charset")
    func ignoresUnknownParameters() async {
        let answer = await browser.startSignIn()
        let type = "application/x-www-form-urlencoded; charset=UTF-8"
        let page = await browser.post(
            "/auth/callback",
            "code=\(answer.code)&state=\(answer.state)&session_state=abc&x=%3Cb%3E",
            [.contentType: type]
        )
        #expect(page.status == 303)
    }

    @Test("A second answer to the same sign-in goes to the page if the person is signed in; the code is redeemed once")
    func toleratesDoubleClick() async {
        let answer = await browser.startSignIn(returnTo: "/queue?page=2")
        let before = browser.cookies.withLock { $0 }
        #expect(await browser.deliver(answer).status == 303)
        let second = await browser.deliver(answer)
        #expect(second.status == 303)
        #expect(second.location.hasPrefix("/auth/error?reason=used"))
        #expect(await browser.get(second.location).location == "/queue?page=2")
        browser.cookies.withLock { $0.merge(before) { now, _ in now } }
        let third = await browser.deliver(answer)
        #expect(await browser.get(third.location).location == "/queue?page=2")
        #expect(app.tokenRequests == 1)
    }

    @Test("A replayed cookie and answer in another browser lead to a fresh start, with the place kept")
    func refusesReplay() async {
        let answer = await browser.startSignIn()
        let thief = Browser(app)
        thief.cookies.withLock { jar in jar = browser.cookies.withLock { $0 } }
        #expect(await browser.deliver(answer).status == 303)
        let page = await thief.deliver(answer)
        #expect(page.status == 303)
        #expect(!page.setCookies.contains { $0.hasPrefix("__Host-session=") })
        let error = await thief.get(page.location)
        #expect(error.status == 400)
        #expect(error.body.contains("finished before"))
        #expect(error.body.contains("/auth/sign-in?return_to=%2Fme"))
        #expect(app.tokenRequests == 1)
    }

    @Test("A sign-in that took longer than a quarter of an hour offers a fresh start")
    func expires() async {
        let answer = await browser.startSignIn()
        app.time.advance(by: .seconds(901))
        #expect(await browser.deliver(answer).status == 400)
        #expect(app.tokenRequests == 0)
    }

    @Test("A refused consent says so, with the provider's words escaped, its number, and a way back to the same page")
    func showsErrors() async {
        let answer = await browser.startSignIn(returnTo: "/queue?page=2")
        let text = "AADSTS65004%3A+User+declined+%3Cscript%3Ealert(1)%3C%2Fscript%3E"
        let page = await browser.post(
            "/auth/callback",
            "error=access_denied&error_description=\(text)&state=\(answer.state)",
            [.origin: "https://id.example", .secFetchSite: "cross-site"]
        )
        #expect(page.status == 403)
        #expect(page.body.contains("Sign-in was cancelled"))
        #expect(page.body.contains("AADSTS65004"))
        #expect(page.body.contains("&lt;script&gt;") && !page.body.contains("<script"))
        #expect(page.body.contains("href=\"/auth/sign-in?return_to=%2Fqueue%3Fpage%3D2\""))
        #expect(app.tokenRequests == 0)
        #expect(await browser.get("/me").status == 303)
    }

    @Test("An error that belongs to no sign-in is not shown: anybody could have written it")
    func hidesForeignErrors() async {
        let page = await browser.post("/auth/callback", "error=x&error_description=Call+0800+evil&state=none")
        #expect(page.status == 400)
        #expect(!page.body.contains("0800"))
    }

    @Test("An error comes before a code")
    func prefersError() async {
        let answer = await browser.startSignIn()
        let page = await browser.post("/auth/callback", "code=\(answer.code)&error=server_error&state=\(answer.state)")
        #expect(page.status == 503)
        #expect(app.tokenRequests == 0)
    }

    @Test("A provider that is down at the start gets a clear page, and the next try works")
    func survivesOutageAtStart() async {
        app.provider.state.withLock { $0.isDown = true }
        let page = await browser.get("/auth/sign-in?return_to=/queue")
        #expect(page.status == 503)
        #expect(page.body.contains("/auth/sign-in?return_to=%2Fqueue"))
        #expect(page.setCookies.isEmpty)
        app.provider.state.withLock { $0.isDown = false }
        #expect(await browser.signIn(returnTo: "/queue").location == "/queue")
    }

    @Test("A provider that is down at the end gets a clear page, and a fresh start works")
    func survivesOutageAtEnd() async {
        let answer = await browser.startSignIn(returnTo: "/queue")
        app.provider.state.withLock { $0.isDown = true }
        let page = await browser.deliver(answer)
        #expect(page.status == 503)
        #expect(page.body.contains("/auth/sign-in?return_to=%2Fqueue"))
        app.provider.state.withLock { $0.isDown = false }
        #expect(await browser.signIn(returnTo: "/queue").location == "/queue")
    }

    @Test("An ID token that is not for this sign-in leaves nobody signed in")
    func refusesForeignTokens() async throws {
        for claims in [["nonce": "another"], ["aud": "client-2"], ["iss": "https://other.example"]] {
            app.provider.state.withLock { state in
                state.claims = claims.mapValues { .string($0) }
            }
            let page = await browser.deliver(await browser.startSignIn())
            #expect(page.status == 400)
            #expect(!page.setCookies.contains { $0.hasPrefix("__Host-session=") })
        }
        #expect(app.sessions.count == 0)
        #expect(try await app.web.application.accounts().isEmpty)
    }

    @Test("Nothing that was answered holds a code, a state or a token")
    func showsNoSecrets() async {
        let answer = await browser.startSignIn()
        app.provider.state.withLock {
            $0.tokenError = #"{"error":"invalid_grant","error_description":"AADSTS70008: old"}"#
        }
        let page = await browser.deliver(answer)
        for secret in [answer.code, answer.state, "secret-access-token", "client-secret"] {
            #expect(!page.body.contains(secret) && !"\(page.head)".contains(secret))
        }
        #expect(page.body.contains("AADSTS70008"))
    }

    @Test("The log holds no code, state, token, cookie or name, and tells what went wrong")
    func logsNoSecrets() async {
        await browser.signIn()
        let token = await browser.get("/me").csrfToken
        let answer = await browser.startSignIn()
        app.provider.state.withLock {
            $0.tokenError = #"{"error":"invalid_grant","error_description":"AADSTS70008: ada@harbour.example"}"#
        }
        _ = await browser.deliver(answer)
        _ = await browser.get("/crash")
        let cookies = browser.cookies.withLock { Array($0.values) }
        _ = await browser.post("/auth/sign-out", FormEncoding.encode([("csrf_token", token)]))
        let text = app.logs.text
        #expect(text.contains("msal.aadsts=70008"))
        #expect(text.contains("CrashError"))
        let secrets =
            [answer.code, answer.state, token, "secret-access-token", "client-secret", "ada@", "Ada"] + cookies
        for secret in secrets { #expect(!text.contains(secret)) }
    }
}

extension Dictionary where Key == String, Value == String {
    /// Exchanges the values of two names.
    fileprivate mutating func swapAt(_ one: String, _ other: String) {
        (self[one], self[other]) = (self[other], self[one])
    }
}
