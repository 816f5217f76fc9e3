// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALTesting
import Testing

@Suite struct TestBrowserTests {
    /// A site that answers each path with what is given for it.
    private func browser(
        _ answers: [String: (HTTPResponse.Status, HTTPFields, String)],
        at platform: EmulatedPlatform
    ) -> TestBrowser {
        TestBrowser(
            origin: "http://app.test",
            application: { request, _ in
                let path = String((request.path ?? "").prefix { $0 != "?" })
                let (status, fields, text) = answers[path] ?? (.notFound, [:], request.headerFields[.cookie] ?? "none")
                return (HTTPResponse(status: status, headerFields: fields), Array(text.utf8))
            },
            platform: platform
        )
    }

    @Test func cookiesAreKeptAndTakenAway() async throws {
        try await withEmulator { platform in
            let browser = browser(
                [
                    "/set": (.ok, [.setCookie: "a=1; Path=/; HttpOnly"], ""),
                    "/drop": (.ok, [.setCookie: "a=; Max-Age=0; Path=/"], ""),
                ],
                at: platform
            )
            #expect(try await browser.get("/").text == "none")
            _ = try await browser.get("/set")
            #expect(try await browser.get("/").text == "a=1")
            _ = try await browser.get("/drop")
            #expect(browser.cookies.isEmpty)
        }
    }

    @Test func redirectsAreFollowedToTheirEnd() async throws {
        try await withEmulator { platform in
            let browser = browser(
                [
                    "/one": (.seeOther, [.location: "/two?x=1"], ""),
                    "/two": (.found, [.location: "http://app.test/end"], ""),
                    "/loop": (.found, [.location: "/loop"], ""), "/out": (.found, [.location: "http://else.test/"], ""),
                    "/end": (.ok, [:], "here"),
                ],
                at: platform
            )
            let page = try await browser.get("/one")
            #expect(page.text == "here")
            #expect(page.redirects == ["http://app.test/two?x=1", "http://app.test/end"])
            await #expect(throws: TestBrowser.Failure.self) { try await browser.get("/loop") }
            await #expect(throws: TestBrowser.Failure.self) { try await browser.get("/out") }
        }
    }

    @Test func formsAreReadWithTheirValues() async throws {
        try await withEmulator { platform in
            let html = """
                <p><form method="POST" action="/a?b=1&amp;c=2"><input name="x" value="&lt;&quot;&#39;&#x41;">
                <input type=checkbox name=no value=1><input type="radio" name="yes" value="2" checked>
                <button name="go" value="1">Go</button><button name="stop" value="1">Stop</button></form>
                <form action='/search'><input name='q'></form>
                """
            let page = try await browser(["/": (.ok, [:], html)], at: platform).get("/")
            #expect(page.forms.count == 2)
            #expect(page.forms[0].action == "/a?b=1&c=2")
            #expect(page.forms[0].isPost)
            #expect(page.forms[0].fields.map(\.name) == ["x", "yes", "go"])
            #expect(page.forms[0].fields[0].value == "<\"'A")
            #expect(!page.forms[1].isPost)
            await #expect(throws: TestBrowser.Failure.self) {
                try await browser(["/": (.ok, [:], html)], at: platform).submit(page, form: 7)
            }
        }
    }
}
