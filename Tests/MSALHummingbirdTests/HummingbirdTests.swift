// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import MSALCore
import MSALHummingbird
import MSALTesting
import NIOCore
import Synchronization
import Testing
import WebTestSupport

@testable import MSALWeb

@Suite("The Hummingbird layer")
struct HummingbirdTests {
    let app: Portal

    init() throws {
        app = try Portal()
    }

    /// What a browser going to a page says.
    static let person: HTTPFields = [.accept: "text/html,*/*;q=0.8"]
    /// What a form of our own page says.
    static let form: HTTPFields = [
        .accept: "text/html,*/*;q=0.8", .origin: "https://portal.example",
        .contentType: "application/x-www-form-urlencoded",
    ]

    @Test(
        "Every answer has the security fields, however the answer came about",
        arguments: [
            ("/", 200), ("/me", 303), ("/http-error", 418), ("/http-401", 303), ("/crash", 500), ("/nowhere", 404),
            ("/own-error", 409), ("/auth/signed-out", 200), ("/auth/callback", 400),
        ]
    )
    func protectsEveryAnswer(path: String, status: Int) async throws {
        try await app.test { client in
            var fields = Self.person
            fields[.cookie] = "__Host-session=\(SessionID.random().text)"
            let answer = try await client.execute(uri: path, method: .get, headers: fields)
            #expect(answer.status.code == status)
            #expect(answer.headers[.xContentTypeOptions] == "nosniff")
            #expect(answer.headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
            #expect(answer.headers[.strictTransportSecurity] != nil)
            #expect(!answer.headers[values: .setCookie].contains { $0.hasPrefix("__Host-session=") })
        }
    }

    @Test("A thrown HTTPError becomes a page with its message and fields, or a problem document")
    func convertsHTTPErrors() async throws {
        try await app.test { client in
            let page = try await client.execute(uri: "/http-error", method: .get, headers: Self.person)
            #expect(page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.headers[.retryAfter] == "7")
            #expect(String(buffer: page.body).contains("short &amp; stout"))
            let problem = try await client.execute(uri: "/http-error", method: .get)
            #expect(problem.headers[.contentType] == "application/problem+json")
            #expect(problem.status.code == 418)
            let own = try await client.execute(uri: "/own-error", method: .get, headers: Self.person)
            #expect(String(buffer: own.body) == "own body")
        }
    }

    @Test("An unexpected error tells a visitor nothing")
    func hidesCrashes() async throws {
        try await app.test { client in
            let page = try await client.execute(uri: "/crash", method: .get, headers: Self.person)
            #expect(String(buffer: page.body).contains("Something went wrong"))
            #expect(!String(buffer: page.body).contains("Crash"))
        }
    }

    @Test("A guarded route redirects people and tells programs where to sign in")
    func asksToSignIn() async throws {
        try await app.test { client in
            let page = try await client.execute(uri: "/me?tab=2", method: .get, headers: Self.person)
            #expect(page.headers[.location] == "/auth/sign-in?return_to=%2Fme%3Ftab%3D2")
            let problem = try await client.execute(uri: "/me", method: .get, headers: [.accept: "application/json"])
            #expect(problem.status == .unauthorized)
            #expect(String(buffer: problem.body).contains(#""sign_in_url":"https://portal.example/auth/sign-in?"#))
        }
    }

    @Test("Behind a policy the user is there; without the role there is a 403, with it the route")
    func guards() async throws {
        let adjuster = try await app.signedIn(roles: ["Claims.Adjuster"])
        let nobody = try await app.signedIn(roles: [])
        try await app.test { client in
            let me = try await client.execute(uri: "/me", method: .get, headers: nobody)
            #expect(String(buffer: me.body) == "Ada of portal")
            #expect(me.headers[.cacheControl] == "no-store")
            #expect(try await client.execute(uri: "/queue", method: .get, headers: nobody).status == .forbidden)
            #expect(try await client.execute(uri: "/queue", method: .get, headers: adjuster).status == .ok)
            #expect(try await client.execute(uri: "/queue/17", method: .get, headers: adjuster).status == .ok)
            #expect(try await client.execute(uri: "/guarded", method: .get, headers: nobody).status == .forbidden)
            #expect(try await client.execute(uri: "/guarded", method: .get, headers: adjuster).status == .ok)
        }
    }

    @Test("A form needs its token, and the route still reads the whole form")
    func checksForms() async throws {
        var fields = try await app.signedIn(roles: [])
        fields[.origin] = "https://portal.example"
        fields[.contentType] = "application/x-www-form-urlencoded"
        let headers = fields
        try await app.test { client in
            let token = String(buffer: try await client.execute(uri: "/token", method: .get, headers: headers).body)
            let good = ByteBuffer(string: "note=a+b&csrf_token=\(token)")
            let done = try await client.execute(uri: "/note", method: .post, headers: headers, body: good)
            #expect(String(buffer: done.body) == "a b")
            let bad = ByteBuffer(string: "note=a")
            #expect(
                try await client.execute(uri: "/note", method: .post, headers: headers, body: bad).status == .forbidden
            )
            var foreign = headers
            foreign[.origin] = "https://evil.example"
            let refused = try await client.execute(uri: "/note", method: .post, headers: foreign, body: good)
            #expect(refused.status == .forbidden)
        }
    }

    @Test(
        "A form that does not fit is the sender's fault",
        arguments: ["", "note=a&note=b", "other=1", "note=%zz", "note[x]=1"]
    )
    func refusesOddForms(body: String) async throws {
        try await app.test { client in
            let answer = try await client.execute(
                uri: "/open-note",
                method: .post,
                headers: Self.form,
                body: ByteBuffer(string: body)
            )
            #expect(answer.status == .badRequest)
            let query = try await client.execute(uri: "/query?" + body, method: .get, headers: Self.person)
            #expect(query.status == .badRequest)
        }
    }

    @Test("Another type than a form, and too large a form, are refused")
    func refusesOtherBodies() async throws {
        try await app.test { client in
            var json = Self.form
            json[.contentType] = "application/json"
            let other = try await client.execute(
                uri: "/open-note",
                method: .post,
                headers: json,
                body: ByteBuffer(string: "{}")
            )
            #expect(other.status == .badRequest)
            let huge = ByteBuffer(string: "note=" + String(repeating: "x", count: 3 << 20))
            let large = try await client.execute(uri: "/open-note", method: .post, headers: Self.form, body: huge)
            #expect(large.status == .contentTooLarge)
        }
    }

    @Test("A person signs in by form post, all the way, and out again")
    func signsInAndOut() async throws {
        try await app.test { client in
            let start = try await client.execute(
                uri: "/auth/sign-in?return_to=/me%3Ftab=2",
                method: .get,
                headers: Self.person
            )
            #expect(start.status == .found)
            let answer = app.provider.authorize(start.headers[.location] ?? "")
            var fields = Self.form
            fields[.origin] = "https://id.example"
            fields[.cookie] = start.headers[.setCookie]?.prefix { $0 != ";" }.description
            let body = ByteBuffer(string: "code=\(answer.code)&state=\(answer.state)")
            let done = try await client.execute(uri: "/auth/callback", method: .post, headers: fields, body: body)
            #expect(done.status == .seeOther)
            #expect(done.headers[.location] == "/me?tab=2")
            let session = done.headers[values: .setCookie].first { $0.hasPrefix("__Host-session=") } ?? ""
            var signedIn = Self.form
            signedIn[.cookie] = session.prefix { $0 != ";" }.description
            #expect(try await client.execute(uri: "/queue", method: .get, headers: signedIn).status == .ok)
            let token = String(buffer: try await client.execute(uri: "/token", method: .get, headers: signedIn).body)
            let out = try await client.execute(
                uri: "/auth/sign-out",
                method: .post,
                headers: signedIn,
                body: ByteBuffer(string: "csrf_token=\(token)")
            )
            #expect(out.headers[.location]?.hasPrefix("https://id.example/logout?") == true)
            #expect(try await client.execute(uri: "/queue", method: .get, headers: signedIn).status == .seeOther)
        }
    }

    @Test("A token that cannot be had without the person becomes a sign-in that asks for its scopes")
    func asksForScopes() async throws {
        let fields = try await app.signedIn(roles: [])
        try await app.test { client in
            let answer = try await client.execute(uri: "/profile", method: .get, headers: fields)
            #expect(answer.status == .seeOther)
            #expect(answer.headers[.location]?.hasPrefix("/auth/sign-in?return_to=%2Fprofile&ask=") == true)
            var program = fields
            program[.accept] = "application/json"
            #expect(try await client.execute(uri: "/profile", method: .get, headers: program).status == .unauthorized)
        }
    }

    @Test("A route outside of the authentication fails closed")
    func failsClosed() async throws {
        let router = Router(context: PortalContext.self)
        router.require(.signedIn).get("x") { _, _ in "never" }
        try await Application(router: router).test(.router) { client in
            let answer = try await client.execute(uri: "/x", method: .get)
            #expect(answer.status == .internalServerError)
        }
    }

    @Test("The request log has no query")
    func logsNoQueries() async throws {
        try await app.test { client in
            _ = try await client.execute(uri: "/auth/callback?code=top-secret&state=hidden", method: .get)
        }
        let text = app.logs.text
        #expect(text.contains("msal.http.path=/auth/callback"))
        #expect(text.contains("msal.http.status=400"))
        #expect(!text.contains("top-secret") && !text.contains("hidden"))
    }
}
