// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALEmulator
import MSALJWT
import Testing

/// A web API that calls another one in the name of its caller.
@Suite struct OnBehalfOfTests {
    static let claimsAPI = "9a1b3c5d-7e2f-4a6b-8c0d-1e3f5a7b9c2d"
    static let claimsScope = "openid profile offline_access api://harbour-claims/Claims.Read"

    /// The form; nil takes a parameter out.
    static func form(_ assertion: String?, _ changes: [String: String?] = [:]) -> [(String, String)] {
        var values: [String: String] = [
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "requested_token_use": "on_behalf_of",
            "client_id": claimsAPI, "client_secret": "claims-api-development-secret",
            "scope": "https://graph.microsoft.com/.default",
        ]
        values["assertion"] = assertion
        for (name, value) in changes { values[name] = value }
        return values.map { ($0.key, $0.value) }
    }

    /// The token that the portal calls the claims API with.
    static func callersToken(_ browser: TestBrowser) async throws -> String {
        let tokens = try await browser.tokens(["scope": claimsScope])
        return try #require(tokens["access_token"]?.stringValue)
    }

    @Test func theAPIGetsATokenForGraphInTheNameOfThePerson() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.post(Harbour.token, Self.form(try await Self.callersToken(browser)))
        #expect(page.status == 200, "\(page.text)")
        #expect(
            page.json.objectValue?.keys.sorted()
                == ["access_token", "expires_in", "ext_expires_in", "scope", "token_type"]
        )
        let claims = try await browser.claims(page.json["access_token"])
        #expect(claims["upn"] == .string(Harbour.adjuster))
        #expect(claims["appid"] == .string(Self.claimsAPI))
        #expect(claims["scp"] == "User.Read")
        let me = try await browser.get("/v1.0/me", headers: GraphTests.bearer(page.json["access_token"]))
        #expect(me.json["userPrincipalName"] == .string(Harbour.adjuster))
    }

    @Test func theRefreshTokenComesOnlyWhenAskedForAndIsTheAPIs() async throws {
        let browser = try TestBrowser.open()
        let token = try await Self.callersToken(browser)
        let page = try await browser.post(
            Harbour.token,
            Self.form(token, ["scope": "User.Read openid profile offline_access", "client_info": "1"])
        )
        #expect(page.status == 200, "\(page.text)")
        let identity = try await browser.claims(page.json["id_token"])
        #expect(identity.audience == [Self.claimsAPI])
        #expect(page.json["client_info"] != nil)
        let refresh = try #require(page.json["refresh_token"]?.stringValue)
        let own: [String: String?] = ["client_id": Self.claimsAPI, "client_secret": "claims-api-development-secret"]
        #expect(try await browser.post(Harbour.token, Harbour.refresh(refresh, own)).status == 200)
        let portals = try await browser.post(Harbour.token, Harbour.refresh(refresh))
        #expect(portals.json["error"] == "invalid_grant")
    }

    /// A request that is refused, and the error for it.
    struct Row: Sendable, CustomTestStringConvertible {
        let code: Int
        let error: String
        let changes: [String: String?]
        var suberror: String?
        var testDescription: String { "\(code) \(changes)" }
    }

    @Test(arguments: [
        Row(code: 900144, error: "invalid_request", changes: ["assertion": nil]),
        Row(code: 900144, error: "invalid_request", changes: ["requested_token_use": nil]),
        Row(code: 90023, error: "invalid_request", changes: ["requested_token_use": "exchange"]),
        Row(code: 900144, error: "invalid_request", changes: ["scope": nil]),
        Row(code: 50027, error: "invalid_request", changes: ["assertion": "garbage"]),
        Row(code: 50027, error: "invalid_request", changes: ["assertion": "a.b.c"]),
        Row(code: 700022, error: "invalid_scope", changes: ["scope": "User.Read api://harbour-payments/.default"]),
        Row(code: 700023, error: "invalid_scope", changes: ["scope": "openid offline_access"]),
        Row(code: 500011, error: "invalid_resource", changes: ["scope": "api://nobody/.default"]),
        Row(
            code: 65001,
            error: "invalid_grant",
            changes: ["scope": "Mail.Read"],
            suberror: "consent_required"
        ),
        Row(
            code: 90023,
            error: "invalid_request",
            changes: ["requested_token_type": "urn:ietf:params:oauth:token-type:saml2"]
        ),
        Row(code: 7_000_215, error: "invalid_client", changes: ["client_secret": "wrong"]),
        Row(code: 7_000_218, error: "invalid_client", changes: ["client_secret": nil]),
        Row(
            code: 500131,
            error: "invalid_grant",
            changes: ["client_id": Harbour.portal, "client_secret": Harbour.secret]
        ),
    ])
    func aRequestIsRefused(_ row: Row) async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.post(
            Harbour.token,
            Self.form(try await Self.callersToken(browser), row.changes)
        )
        #expect(page.json["error_codes"] == [.integer(Int64(row.code))], "\(page.text)")
        #expect(page.json["error"] == .string(row.error))
        #expect(page.json["suberror"]?.stringValue == row.suberror)
    }

    @Test func onlyACallersAccessTokenCounts() async throws {
        let browser = try TestBrowser.open()
        let tokens = try await browser.tokens(["scope": Self.claimsScope])
        let application = try await browser.post(Harbour.token, ClientCredentialsTests.form())
        let strangers = try await Self.callersToken(TestBrowser.open())
        for (token, code) in [
            (tokens["id_token"], 240002), (application.json["access_token"], 7_000_114),
            (.string(strangers), 50013), (tokens["refresh_token"], 50027),
        ] {
            let page = try await browser.post(Harbour.token, Self.form(token?.stringValue))
            #expect(page.json["error_codes"] == [.integer(Int64(code))], "\(page.text)")
        }
    }

    @Test func anExpiredTokenHasItsOwnError() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let token = try await Self.callersToken(browser)
        clock.advance(by: 3600)
        let page = try await browser.post(Harbour.token, Self.form(token))
        #expect(page.json["error"] == "invalid_grant")
        #expect(page.json["error_codes"] == [500133])
    }

    @Test func aTokenByIdentifierURINamesTheAPIAsWell() async throws {
        var seed = EmulatorSeed.insurance
        seed.applications[2].accessTokenVersion = 1
        let browser = try TestBrowser.open(seed: seed)
        let token = try await Self.callersToken(browser)
        #expect(try await browser.claims(.string(token)).audience == ["api://harbour-claims"])
        #expect(try await browser.post(Harbour.token, Self.form(token)).status == 200)
    }

    @Test func aPolicyFurtherOnReachesTheCallerAsClaims() async throws {
        let browser = try TestBrowser.open()
        let form = Self.form(try await Self.callersToken(browser), ["scope": "api://harbour-payments/.default"])
        let page = try await browser.post(Harbour.token, form)
        #expect(page.status == 400)
        #expect(page.json["error"] == "interaction_required")
        #expect(page.json["error_codes"] == [50076])
        #expect(page.json["suberror"] == "basic_action")
        // The portal sends the claims along, the person approves, and the next token does.
        let claims = try #require(page.json["claims"]?.stringValue)
        let asked = try await browser.get(Harbour.request(["scope": Self.claimsScope, "claims": claims]))
        let code = try #require(try await browser.submit(asked, [:], action: "approve").answer["code"])
        let tokens = try await browser.post(Harbour.token, Harbour.redemption(code)).json
        let retried = try await browser.post(
            Harbour.token,
            Self.form(tokens["access_token"]?.stringValue, ["scope": "api://harbour-payments/.default"])
        )
        #expect(retried.status == 200, "\(retried.text)")
        #expect(try await browser.claims(retried.json["access_token"])["scp"] == "Payments.Settle")
    }
}
