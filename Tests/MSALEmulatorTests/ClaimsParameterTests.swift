// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// The `claims` parameter, and the API that challenges.
@Suite struct ClaimsParameterTests {
    @Test(arguments: [
        "x", "[]", "1", "\"a\"", "{", #"{"access_token":1}"#, #"{"userinfo":[]}"#, #"{"access_token":{"acrs":true}}"#,
        #"{"access_token":{"acrs":{"essential":"true"}}}"#, #"{"access_token":{"acrs":{"values":"c1"}}}"#,
        #"{"id_token":{"acrs":{},"acrs":{}}}"#,
    ])
    func whatIsNoRequestForClaimsIsRefused(_ claims: String) async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.get(Harbour.request(["claims": claims]))
        #expect(page.answer["error"] == "invalid_request")
        #expect(page.answer["error_description"]?.hasPrefix("AADSTS9002313:") == true)
        let refresh = try #require(try await browser.tokens()["refresh_token"]?.stringValue)
        let token = try await browser.post(Harbour.token, Harbour.refresh(refresh, ["claims": claims]))
        #expect(token.json["error_codes"] == [9_002_313])
        let application = try await browser.post(Harbour.token, ClientCredentialsTests.form(["claims": claims]))
        #expect(application.json["error_codes"] == [9_002_313])
    }

    @Test(arguments: [
        "{}", #"{"access_token":null}"#, #"{"access_token":{"acrs":null}}"#, #"{"something":{"else":{"x":1}}}"#,
        #"{"userinfo":{"given_name":{"essential":true},"nickname":null}}"#,
    ])
    func whatAsksForNothingKnownIsPassedOver(_ claims: String) async throws {
        let tokens = try await TestBrowser.open().tokens(["claims": claims], redeeming: ["claims": claims])
        #expect(tokens["access_token"] != nil)
    }

    @Test(
        arguments: [
            (#"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#, ["cp1"]),
            (#"{"access_token":{"xms_cc":{"values":["other","CP1"]}}}"#, ["cp1"]),
            (#"{"access_token":{"xms_cc":{"values":["other"]}}}"#, nil),
        ] as [(String, JSONValue?)]
    )
    func aCapabilityIsToldToTheResource(_ claims: String, _ expected: JSONValue?) async throws {
        let browser = try TestBrowser.open()
        for tokens in [
            try await browser.tokens(["claims": claims]), try await browser.tokens([:], redeeming: ["claims": claims]),
            try await browser.post(Harbour.token, ClientCredentialsTests.form(["claims": claims])).json,
        ] {
            #expect(try await browser.claims(tokens["access_token"])["xms_cc"] == expected)
        }
    }

    @Test func anAPIChallengesThoseThatCanActOnIt() async throws {
        let browser = try TestBrowser.open()
        let plain = try await browser.tokens()["access_token"]
        let refused = try await browser.get("/protected/c1", headers: GraphTests.bearer(plain))
        #expect(refused.status == 403)
        #expect(refused.head.headerFields[.wwwAuthenticate]?.contains("claims=") == false)
        let capability = #"{"access_token":{"xms_cc":{"values":["cp1"]}}}"#
        let capable = try await browser.tokens(["claims": capability])["access_token"]
        let page = try await browser.get("/protected/c1", headers: GraphTests.bearer(capable))
        #expect(page.status == 401)
        let challenge = try #require(page.head.headerFields[.wwwAuthenticate])
        #expect(challenge.contains(#"error="insufficient_claims""#) && challenge.contains(#"cc_type="authcontext""#))
        let encoded = try #require(challenge.firstMatch(of: /claims="([^"]+)"/)?.1)
        let claims = String(decoding: try #require(Data(base64Encoded: String(encoded))), as: UTF8.self)
        #expect(claims == #"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#)
        let asked = try await browser.get(Harbour.request(["claims": claims]))
        let code = try #require(try await browser.submit(asked, [:], action: "approve").answer["code"])
        let token = try await browser.post(Harbour.token, Harbour.redemption(code)).json["access_token"]
        let answer = try await browser.get("/protected/c1", headers: GraphTests.bearer(token))
        #expect(answer.status == 200)
        #expect(answer.json["acrs"] == ["c1"])
    }

    @Test func theAPITakesNothingButGoodAccessTokens() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let tokens = try await browser.tokens()
        let strangers = try await TestBrowser.open().tokens()["access_token"]
        for token in [tokens["id_token"], strangers, .string("x.y.z")] {
            #expect(try await browser.get("/protected/c1", headers: GraphTests.bearer(token)).status == 401)
        }
        #expect(try await browser.get("/protected/c1").status == 401)
        let unknown = try await browser.get("/protected/c0", headers: GraphTests.bearer(tokens["access_token"]))
        #expect(unknown.status == 404)
        clock.advance(by: 3600)
        let late = try await browser.get("/protected/c1", headers: GraphTests.bearer(tokens["access_token"]))
        #expect(late.status == 401)
    }
}
