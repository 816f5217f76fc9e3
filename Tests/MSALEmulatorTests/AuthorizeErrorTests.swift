// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import Testing

/// What the authorization endpoint refuses, and where it says so.
@Suite struct AuthorizeErrorTests {
    /// A request that is wrong, and the error that comes back.
    struct Row: Sendable, CustomTestStringConvertible {
        /// What is changed.
        let changes: [String: String?]
        /// The AADSTS number.
        let code: Int
        /// The OAuth error of a redirect.
        var error = ""
        /// What is changed.
        var testDescription: String { "\(code) \(changes)" }
    }

    @Test(arguments: [
        Row(changes: ["client_id": nil], code: 900144),
        Row(changes: ["client_id": ""], code: 900144),
        Row(changes: ["client_id": "11111111-1111-4111-8111-111111111111"], code: 700016),
        Row(changes: ["client_id": "not-a-guid"], code: 700038),
        Row(changes: ["redirect_uri": "https://evil.example/auth/callback"], code: 50011),
        Row(changes: ["response_type": nil], code: 900144),
    ])
    func faultsOfTheAddressStayOnAPage(_ row: Row) async throws {
        let page = try await TestBrowser.open().get(Harbour.request(row.changes))
        #expect(page.status == 200)
        #expect(page.head.headerFields[.location] == nil)
        #expect(page.text.contains("AADSTS\(row.code):"), "\(page.text)")
    }

    @Test(arguments: [
        Row(changes: ["response_type": "banana"], code: 70005, error: "unsupported_response_type"),
        Row(changes: ["response_type": "id_token"], code: 700054, error: "unsupported_response_type"),
        Row(changes: ["response_type": "token id_token"], code: 700054, error: "unsupported_response_type"),
        Row(changes: ["response_mode": "smoke"], code: 70007, error: "invalid_request"),
        Row(changes: ["scope": nil], code: 900144, error: "invalid_request"),
        Row(changes: ["scope": "openid address"], code: 70011, error: "invalid_scope"),
        Row(changes: ["scope": "api://nobody/x"], code: 500011, error: "invalid_resource"),
        Row(changes: ["scope": "User.Read https://graph.microsoft.com/.default"], code: 70011, error: "invalid_scope"),
        Row(changes: ["prompt": "none"], code: 50058, error: "login_required"),
        Row(changes: ["prompt": "none login"], code: 90023, error: "invalid_request"),
        Row(changes: ["prompt": "select_account", "login_hint": "a@b"], code: 90005, error: "invalid_request"),
        Row(changes: ["max_age": "-1"], code: 90023, error: "invalid_request"),
        Row(changes: ["code_challenge": "short"], code: 501491, error: "invalid_request"),
        Row(changes: ["code_challenge_method": "S512"], code: 501491, error: "invalid_request"),
        Row(changes: ["code_challenge": nil], code: 501491, error: "invalid_request"),
        Row(changes: ["claims": "not json"], code: 9_002_313, error: "invalid_request"),
        Row(changes: ["request": "eyJ"], code: 90023, error: "request_not_supported"),
        Row(changes: ["request_uri": "https://a"], code: 90023, error: "request_uri_not_supported"),
    ])
    func otherFaultsGoBackToTheApplication(_ row: Row) async throws {
        let page = try await TestBrowser.open().get(Harbour.request(row.changes))
        #expect([302, 303].contains(page.status), "\(page.text)")
        #expect(page.location.hasPrefix(Harbour.callback))
        let parts = page.location.replacingOccurrences(of: "#", with: "?").split(separator: "?")
        let answer = TestForm.decode(String(parts.last ?? ""))
        #expect(answer["error"] == row.error)
        #expect(answer["error_description"]?.hasPrefix("AADSTS\(row.code): ") == true, "\(answer)")
        #expect(answer["state"] == "the-state")
        #expect(answer["code"] == nil)
    }

    @Test func aRepeatedParameterIsRefused() async throws {
        let browser = try TestBrowser.open()
        let nonce = try await browser.get(Harbour.request() + "&nonce=again")
        #expect(nonce.answer["error"] == "invalid_request")
        let state = try await browser.get(Harbour.request() + "&state=again")
        #expect(state.answer["error"] == "invalid_request")
        #expect(state.answer["state"] == nil)
        let client = try await browser.get(Harbour.request() + "&client_id=\(Harbour.portal)")
        #expect(client.status == 200)
        #expect(client.head.headerFields[.location] == nil)
    }

    @Test func unknownParametersAreIgnored() async throws {
        let page = try await TestBrowser.open().get(
            Harbour.request([
                "extra": "foobar", "ui_locales": "de", "display": "popup", "acr_values": "1", "domain_hint": "x",
            ])
        )
        #expect(page.text.contains("i0116"))
    }

    @Test func anUnknownTenantIsAPage() async throws {
        let page = try await TestBrowser.open().get(
            Harbour.request().replacingOccurrences(of: Harbour.tenant, with: "nobody.example")
        )
        #expect(page.text.contains("AADSTS90002:"))
    }

    @Test func aSingleTenantApplicationCannotUseASharedAuthority() async throws {
        let page = try await TestBrowser.open().get(
            Harbour.request().replacingOccurrences(of: Harbour.tenant, with: "organizations")
        )
        #expect(page.text.contains("AADSTS50194:"))
    }

    @Test func garbageIsNeverAServerError() async throws {
        let browser = try TestBrowser.open()
        for query in ["%", "%ff", "=", "&&&", "client_id=%00", "a=%E2%28%A1", String(repeating: "a=b&", count: 5000)] {
            let page = try await browser.get(Harbour.authorize + "?" + query)
            #expect(page.status < 500, "\(query.prefix(20))")
            let token = try await browser.send(
                .post,
                Harbour.token,
                body: query,
                headers: [.contentType: "application/x-www-form-urlencoded"]
            )
            #expect((400..<500).contains(token.status), "\(query.prefix(20))")
        }
    }

    @Test func anAuthorizationRequestMayBePosted() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.post(Harbour.authorize, Harbour.parameters())
        let answer = try await browser.signIn(page, as: Harbour.adjuster, password: "Adjuster-Pass-1")
        #expect(answer.answer["code"] != nil)
    }
}
