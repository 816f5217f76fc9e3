// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// UserInfo and Graph, which check the tokens they get.
@Suite struct GraphTests {
    /// The header with a token.
    static func bearer(_ token: JSONValue?) -> HTTPFields {
        [.authorization: "Bearer \(token?.stringValue ?? "")"]
    }

    @Test func theProfileComesForAGoodToken() async throws {
        let browser = try TestBrowser.open()
        let token = try await browser.tokens()["access_token"]
        let page = try await browser.get("/v1.0/me", headers: Self.bearer(token))
        #expect(page.status == 200)
        #expect(page.json["displayName"] == "Tobias Okafor")
        #expect(page.json["userPrincipalName"] == .string(Harbour.adjuster))
        #expect(page.json["jobTitle"] == "Claims adjuster")
        #expect(page.json["mobilePhone"] == .null)
        #expect(page.json["@odata.context"] == "http://localhost:8400/v1.0/$metadata#users/$entity")
        let claims = try await browser.claims(token)
        #expect(claims["ver"] == "1.0")
        #expect(claims["scp"] == "User.Read openid profile email")
    }

    @Test func userInfoHasTheSubjectOfTheIDToken() async throws {
        let browser = try TestBrowser.open()
        let json = try await browser.tokens()
        let token = json["access_token"]
        let subject = try await browser.claims(json["id_token"]).subject
        let pages = [
            try await browser.get("/oidc/userinfo", headers: Self.bearer(token)),
            try await browser.send(.post, "/oidc/userinfo", headers: Self.bearer(token)),
            try await browser.post("/oidc/userinfo", [("access_token", token?.stringValue ?? "")]),
        ]
        for page in pages {
            #expect(page.json["sub"]?.stringValue == subject)
            #expect(page.json["given_name"] == "Tobias")
            #expect(page.json["email"] == "tobias.okafor@harbourmutual.example")
        }
        let only = try await browser.tokens(["scope": "openid"])
        let page = try await browser.get("/oidc/userinfo", headers: Self.bearer(only["access_token"]))
        #expect(page.json.objectValue?.keys.sorted() == ["sub"])
    }

    @Test func noTokenIsAChallengeWithoutError() async throws {
        let browser = try TestBrowser.open()
        for path in ["/v1.0/me", "/oidc/userinfo"] {
            let page = try await browser.get(path)
            #expect(page.status == 401)
            #expect(page.json["error"]?["code"] == "InvalidAuthenticationToken")
            let challenge = try #require(page.head.headerFields[.wwwAuthenticate])
            #expect(challenge.hasPrefix("Bearer ") && !challenge.contains("error="))
        }
    }

    @Test func badTokensAreRefused() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let json = try await browser.tokens()
        let good = try #require(json["access_token"]?.stringValue)
        let own = try await browser.tokens(["scope": "openid api://harbour-claims/Claims.Read"])["access_token"]
        let other = try await TestBrowser.open().tokens()["access_token"]
        let app = try await browser.post(
            Harbour.token,
            ClientCredentialsTests.form(["scope": "https://graph.microsoft.com/.default"])
        ).json["access_token"]
        let unscoped = try await browser.tokens(["scope": "openid"])["access_token"]
        let tampered = String(good.dropLast(8)) + "AAAAAAAA"
        for (token, status) in [
            (json["id_token"], 401), (own, 401), (other, 401), (.string(tampered), 401), (.string("x.y.z"), 401),
            (.string(""), 400), (app, 400), (unscoped, 403),
        ] {
            let page = try await browser.get("/v1.0/me", headers: Self.bearer(token))
            #expect(page.status == status, "\(page.text)")
            #expect(page.json["error"]?["innerError"]?["request-id"] != nil)
        }
        clock.advance(by: 3600)
        let late = try await browser.get("/v1.0/me", headers: Self.bearer(.string(good)))
        #expect(late.status == 401)
        #expect(late.head.headerFields[.wwwAuthenticate]?.contains("error=\"invalid_token\"") == true)
    }
}
