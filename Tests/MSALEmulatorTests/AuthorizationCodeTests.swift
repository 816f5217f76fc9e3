// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// The authorization code flow, from the first page to the tokens.
@Suite struct AuthorizationCodeTests {
    @Test func aPersonSignsInAndTheApplicationGetsTokens() async throws {
        let browser = try TestBrowser.open()
        let first = try await browser.get(Harbour.request())
        #expect(first.status == 200)
        #expect(first.text.contains(#"id="i0116""#))
        #expect(first.text.contains(#"id="idSIButton9""#))
        let second = try await browser.submit(first, ["loginfmt": Harbour.adjuster], action: "username")
        #expect(second.text.contains(#"id="i0118""#))
        #expect(second.text.contains(#"id="idBtn_Back""#))
        let third = try await browser.submit(second, ["passwd": "Adjuster-Pass-1"], action: "password")
        #expect(third.status == 303)
        #expect(third.location.hasPrefix(Harbour.callback + "?"))
        #expect(third.location.hasSuffix("#"))
        #expect(third.answer["state"] == "the-state")
        #expect(third.answer["session_state"] != nil)
        let code = try #require(third.answer["code"])
        #expect(code.utf8.count > 1000)

        let answer = try await browser.post(Harbour.token, Harbour.redemption(code))
        #expect(answer.status == 200)
        #expect(answer.head.headerFields[.cacheControl] == "no-store, no-cache")
        let json = answer.json
        #expect(json["token_type"] == "Bearer")
        #expect(json["expires_in"] == 3600)
        #expect(json["scope"] == "User.Read openid profile email")
        #expect(json["refresh_token"]?.stringValue != nil)
        let info = try #require(json["client_info"]?.stringValue.flatMap { Base64URL.decode($0) })
        #expect(
            try JSONValue(parsing: info)
                == ["uid": "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d402", "utid": .string(Harbour.tenant)]
        )
    }

    @Test func theIDTokenCarriesThePlatformsClaims() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let json = try await browser.tokens()
        let claims = try await browser.claims(json["id_token"])
        let now = Int64(clock.now.timeIntervalSince1970)
        #expect(claims.issuer == "http://localhost:8400/\(Harbour.tenant)/v2.0")
        #expect(claims.audience == [Harbour.portal])
        #expect(claims["iat"] == .integer(now - 300))
        #expect(claims["nbf"] == .integer(now - 300))
        #expect(claims["exp"] == .integer(now + 3600))
        #expect(claims["ver"] == "2.0")
        #expect(claims.nonce == "the-nonce")
        #expect(claims.tenantID == Harbour.tenant)
        #expect(claims.objectID == "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d402")
        #expect(claims.roles == ["Claims.Adjuster"])
        #expect(claims.name == "Tobias Okafor")
        #expect(claims.preferredUsername == Harbour.adjuster)
        #expect(claims.email == "tobias.okafor@harbourmutual.example")
        for name in ["sub", "sid", "login_hint", "uti", "rh", "aio"] {
            #expect(claims[name]?.stringValue?.isEmpty == false, "\(name)")
        }
        #expect(claims["auth_time"] == nil)
    }

    @Test func theLibrarysOwnRulesAcceptTheIDToken() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let keys = try JSONWebKeySet(parsing: try await browser.get("/common/discovery/v2.0/keys").body)
        let compact = try #require(try await browser.tokens()["id_token"]?.stringValue)
        let rules = IDTokenRules(
            issuer: .exact("http://localhost:8400/\(Harbour.tenant)/v2.0"),
            clientID: Harbour.portal,
            nonce: "the-nonce"
        )
        try rules.check(try keys.verify(UnverifiedJWT(compact)), at: clock.now)
    }

    @Test func aPersonWithoutRolesSignsInToo() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.signIn(
            try await browser.get(Harbour.request()),
            as: "GUEST@harbourmutual.example",
            password: "Guest-Pass-1"
        )
        let answer = try await browser.post(Harbour.token, Harbour.redemption(page.answer["code"] ?? ""))
        let claims = try await browser.claims(answer.json["id_token"])
        #expect(claims["roles"] == nil)
        #expect(claims.preferredUsername == "guest@harbourmutual.example")
    }

    @Test func anOwnAPIGetsAVersion2Token() async throws {
        let browser = try TestBrowser.open()
        let json = try await browser.tokens(["scope": "openid api://harbour-claims/Claims.Read"])
        #expect(json["scope"] == "api://harbour-claims/Claims.Read openid")
        #expect(json["refresh_token"] == nil)
        let claims = try await browser.claims(json["access_token"])
        #expect(claims.audience == ["9a1b3c5d-7e2f-4a6b-8c0d-1e3f5a7b9c2d"])
        #expect(claims.issuer == "http://localhost:8400/\(Harbour.tenant)/v2.0")
        #expect(claims["ver"] == "2.0")
        #expect(claims["scp"] == "Claims.Read")
        #expect(claims["azp"] == .string(Harbour.portal))
        #expect(claims["azpacr"] == "1")
    }

    @Test func aRefreshTokenGivesNewTokensForAnyGrantedResource() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let first = try await browser.tokens()
        clock.advance(by: 4000)
        let token = try #require(first["refresh_token"]?.stringValue)
        let answer = try await browser.post(
            Harbour.token,
            Harbour.refresh(token, ["scope": "api://harbour-claims/Claims.Write openid profile offline_access"])
        )
        #expect(answer.status == 200)
        #expect(answer.json["scope"] == "api://harbour-claims/Claims.Write openid profile")
        #expect(answer.json["refresh_token"] != first["refresh_token"])
        let old = try await browser.claims(first["id_token"])
        let new = try await browser.claims(answer.json["id_token"])
        #expect(new.subject == old.subject)
        #expect(new.nonce == nil)
        #expect(new.issuedAt != old.issuedAt)
        #expect(try await browser.post(Harbour.token, Harbour.refresh(token)).status == 200, "the old one still lives")
    }

    @Test func theLifeOfATokenComesFromTheInjectedGenerator() async throws {
        let browser = try TestBrowser.open(tokenLifetime: 4172)
        let json = try await browser.tokens()
        #expect(json["expires_in"] == 4172)
        #expect(json["ext_expires_in"] == 4172)
        let lifetime = EmulatorConfiguration().tokenLifetime
        for _ in 0..<200 { #expect((3600...5399).contains(lifetime())) }
    }

    @Test func subjectsArePairwise() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoClients)
        let json = try await browser.tokens()
        let one = try await browser.claims(json["id_token"])
        let page = try await browser.get(
            Harbour.request(["client_id": Seeds.second, "redirect_uri": Seeds.secondRedirect])
        )
        let answer = try await browser.post(
            Harbour.token,
            Harbour.redemption(
                page.answer["code"] ?? "",
                ["client_id": Seeds.second, "client_secret": "second-secret", "redirect_uri": Seeds.secondRedirect]
            )
        )
        let two = try await browser.claims(answer.json["id_token"])
        #expect(one.subject != two.subject)
        #expect(one.objectID == two.objectID)
    }
}
