// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALCore
import Testing

@testable import MSALWeb

@Suite("The edge: cookies, visitors, cross-site checks")
struct EdgeTests {
    @Test("The cookies of a request are read in order, over several fields, and the first of a name counts")
    func readsCookies() {
        var fields = HTTPFields()
        fields.append(HTTPField(name: .cookie, value: "a=1; session=first;b = 2;; nonsense; c=x=y"))
        fields.append(HTTPField(name: .cookie, value: "session=second; d="))
        let cookies = RequestCookies(fields)
        #expect(cookies["a"] == "1")
        #expect(cookies["session"] == "first")
        #expect(cookies["c"] == "x=y")
        #expect(cookies["d"] == "")
        #expect(cookies["nonsense"] == nil)
    }

    @Test("On https, cookies are for this host only; the sign-in cookie comes along with the provider's form")
    func setsCookiesOnHTTPS() {
        let jar = CookieJar(isHTTPS: true)
        #expect(jar.session("id").description == "__Host-session=id; Path=/; HttpOnly; SameSite=Lax; Secure")
        #expect(
            jar.signIn(tag: "t", "v", lifetime: .seconds(900)).description
                == "__Host-signin-t=v; Path=/; HttpOnly; SameSite=None; Secure; Max-Age=900"
        )
    }

    @Test("On plain http there is no prefix and no Secure, which Safari would refuse")
    func setsCookiesOnLoopback() {
        let jar = CookieJar(isHTTPS: false)
        #expect(jar.session("id").description == "session=id; Path=/; HttpOnly; SameSite=Lax")
        #expect(
            jar.signIn(tag: "t", "v", lifetime: .seconds(1)).description.hasPrefix(
                "signin-t=v; Path=/; HttpOnly; SameSite=Lax;"
            )
        )
        #expect(jar.session("id").removed().description == "session=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0")
        #expect(!jar.signIn(tag: "t", String(repeating: "x", count: 4096), lifetime: .seconds(1)).fits)
    }

    @Test(
        "Who waits for an answer shows in what the browser says, then in what it accepts",
        arguments: [
            (["Sec-Fetch-Mode": "navigate", "Accept": "*/*"], Visitor.person),
            (["Sec-Fetch-Dest": "document"], .person), (["Sec-Fetch-Dest": "empty", "Accept": "text/html"], .program),
            (["Sec-Fetch-Dest": "image", "Accept": "text/html"], .program),
            (["X-Requested-With": "XMLHttpRequest", "Accept": "text/html"], .program),
            (["Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"], .person),
            (["Accept": "application/json"], .program), (["Accept": "*/*"], .program), ([:], .program),
            (["Accept": "application/json, text/html;q=0.5"], .program),
            (["Accept": "application/json;q=0.5, TEXT/HTML"], .person), (["Accept": "text/html;q=0"], .program),
        ]
    )
    func tellsVisitors(fields: [String: String], expected: Visitor) throws {
        var head = HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/")
        for (name, value) in fields { head.headerFields[try #require(HTTPField.Name(name))] = value }
        #expect(Visitor(head) == expected)
    }

    @Test(
        "A page of ours is told from others by what only the browser can write",
        arguments: [
            (["Sec-Fetch-Site": "same-origin"], CrossSiteCheck.Verdict.ownPage),
            (["Sec-Fetch-Site": "none"], .ownPage), (["Sec-Fetch-Site": "same-site"], .otherSite),
            (["Sec-Fetch-Site": "cross-site", "Origin": "https://portal.example"], .otherSite),
            (["Sec-Fetch-Site": "same-origin", "Origin": "null"], .ownPage),
            (["Origin": "https://portal.example"], .ownPage), (["Origin": "HTTPS://PORTAL.EXAMPLE"], .ownPage),
            (["Origin": "https://evil.example"], .otherSite), (["Origin": "http://portal.example"], .otherSite),
            (["Origin": "https://portal.example.evil.example"], .otherSite), (["Origin": "null"], .unknown),
            ([:], .unknown),
        ]
    )
    func tellsOrigins(fields: [String: String], expected: CrossSiteCheck.Verdict) throws {
        var headers = HTTPFields()
        for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
        #expect(CrossSiteCheck(origin: "https://portal.example").verdict(headers) == expected)
    }

    @Test("A form token is new each time, good for its secret and for no other")
    func makesFormTokens() {
        let secret = Randomness.system.bytes(32)
        let token = CSRFToken.make(for: secret)
        #expect(CSRFToken.isValid(token, for: secret))
        #expect(CSRFToken.make(for: secret) != token)
        #expect(!CSRFToken.isValid(token, for: Randomness.system.bytes(32)))
        for bad in ["", "x", String(token.dropLast()), token + "A", String(repeating: "A", count: 86)] {
            #expect(!CSRFToken.isValid(bad, for: secret))
        }
        #expect(!CSRFToken.isValid("", for: []))
    }

    @Test("A form is read strictly, and a repeated name has no value")
    func readsForms() throws {
        let form = try #require(FormFields(query: "a=1+2&b=%C3%A9&c=1&c=2&d&=e"))
        #expect(form["a"] == "1 2")
        #expect(form["b"] == "\u{E9}")
        #expect(form["c"] == nil)
        #expect(form["d"] == "")
        #expect(form["missing"] == nil)
        #expect(FormFields(query: "a=%zz") == nil)
        #expect(FormFields(parsing: [0x61, 0x3D, 0xFF]) == nil)
        #expect(FormFields(query: String(repeating: "a=1&", count: 2000)) == nil)
    }

    @Test("Text is escaped wherever it stands")
    func escapes() {
        #expect(
            HTML.escape("<b title=\"a\" x='y'>&\u{0}</b>")
                == "&lt;b title=&quot;a&quot; x=&#39;y&#39;&gt;&amp;\u{FFFD}&lt;/b&gt;"
        )
    }
}
