// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// What the token endpoint refuses.
@Suite struct TokenErrorTests {
    /// A redemption that is wrong, and the error that comes back.
    struct Row: Sendable, CustomTestStringConvertible {
        let changes: [String: String?]
        let status: Int
        let error: String
        let code: Int
        var testDescription: String { "\(code) \(changes)" }
    }

    @Test(arguments: [
        Row(changes: ["client_secret": "wrong"], status: 401, error: "invalid_client", code: 7_000_215),
        Row(changes: ["client_secret": nil], status: 401, error: "invalid_client", code: 7_000_218),
        Row(changes: ["client_id": nil], status: 400, error: "invalid_request", code: 900144),
        Row(changes: ["client_id": "x"], status: 400, error: "unauthorized_client", code: 700038),
        Row(
            changes: ["client_id": "11111111-1111-4111-8111-111111111111"],
            status: 400,
            error: "unauthorized_client",
            code: 700016
        ),
        Row(changes: ["grant_type": "magic"], status: 400, error: "unsupported_grant_type", code: 70003),
        Row(changes: ["grant_type": nil], status: 400, error: "invalid_request", code: 900144),
        Row(changes: ["code": nil], status: 400, error: "invalid_request", code: 900144),
        Row(changes: ["code": "1.garbage"], status: 400, error: "invalid_grant", code: 70000),
        Row(changes: ["redirect_uri": nil], status: 400, error: "invalid_request", code: 900144),
        Row(
            changes: ["redirect_uri": "http://localhost:9/auth/callback"],
            status: 400,
            error: "invalid_grant",
            code: 500112
        ),
        Row(changes: ["code_verifier": nil], status: 400, error: "invalid_grant", code: 501481),
        Row(
            changes: ["code_verifier": "another-verifier-of-at-least-43-characters-"],
            status: 400,
            error: "invalid_grant",
            code: 501481
        ),
        Row(changes: ["resource": "https://graph.microsoft.com"], status: 400, error: "invalid_request", code: 901002),
        Row(changes: ["scope": "Mail.Read"], status: 400, error: "invalid_grant", code: 65001),
        Row(changes: ["scope": "api://nobody/x"], status: 400, error: "invalid_resource", code: 500011),
        Row(
            changes: ["scope": "User.Read api://harbour-claims/Claims.Read"],
            status: 400,
            error: "invalid_scope",
            code: 700022
        ),
    ])
    func aRedemptionIsRefused(_ row: Row) async throws {
        let browser = try TestBrowser.open()
        let code = try #require(try await browser.code()["code"])
        let correlation = "9f8e7d6c-5b4a-4938-8271-605f4e3d2c1b"
        var headers = HTTPFields()
        headers[try #require(HTTPField.Name("client-request-id"))] = correlation
        let page = try await browser.post(Harbour.token, Harbour.redemption(code, row.changes), headers: headers)
        #expect(page.status == row.status)
        #expect(page.json["error"] == .string(row.error))
        #expect(page.json["error_codes"] == [.integer(Int64(row.code))])
        #expect(page.json["correlation_id"] == .string(correlation))
        #expect(page.json["trace_id"]?.stringValue?.utf8.count == 36)
        let description = try #require(page.json["error_description"]?.stringValue)
        #expect(description.hasPrefix("AADSTS\(row.code): "))
        #expect(description.contains("Correlation ID: \(correlation) Timestamp: 2026-09-21"))
        #expect(
            page.json["timestamp"] == "2026-09-21 13:33:20Z"
                || page.json["timestamp"]?.stringValue?.hasSuffix("Z") == true
        )
        #expect(page.head.headerFields[.cacheControl] == "no-store, no-cache")
        let good = try await browser.post(Harbour.token, Harbour.redemption(code))
        #expect(good.status == 200, "the code itself was good: \(good.text)")
    }

    @Test func aCodeWorksOnce() async throws {
        let browser = try TestBrowser.open()
        let code = try #require(try await browser.code()["code"])
        #expect(try await browser.post(Harbour.token, Harbour.redemption(code)).status == 200)
        let again = try await browser.post(Harbour.token, Harbour.redemption(code))
        #expect(again.json["error"] == "invalid_grant")
        #expect(again.json["error_codes"] == [54005])
        #expect(again.json["error_uri"] == "http://localhost:8400/error?code=54005")
    }

    @Test func aCodeLivesTenMinutes() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let code = try #require(try await browser.code()["code"])
        clock.advance(by: 601)
        let page = try await browser.post(Harbour.token, Harbour.redemption(code))
        #expect(page.json["error_codes"] == [70008])
    }

    @Test func aCodeIsBoundToItsClientAndTenant() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoClients)
        let code = try #require(try await browser.code()["code"])
        let other = try await browser.post(
            Harbour.token,
            Harbour.redemption(code, ["client_id": Seeds.second, "client_secret": "second-secret"])
        )
        #expect(other.json["error"] == "invalid_grant")
        let tenants = try TestBrowser.open(seed: Seeds.twoTenants)
        let multi = try #require(try await tenants.code(["client_id": Seeds.multi])["code"])
        let form = Harbour.redemption(multi, ["client_id": Seeds.multi, "client_secret": "multi-secret"])
        let page = try await tenants.post("/\(Seeds.otherTenant)/oauth2/v2.0/token", form)
        #expect(page.json["error_codes"] == [700005])
    }

    @Test func aVerifierWithoutChallengeIsRefused() async throws {
        let browser = try TestBrowser.open()
        let code = try #require(try await browser.code(["code_challenge": nil, "code_challenge_method": nil])["code"])
        let page = try await browser.post(Harbour.token, Harbour.redemption(code))
        #expect(page.json["error_codes"] == [501481])
        #expect(try await browser.post(Harbour.token, Harbour.redemption(code, ["code_verifier": nil])).status == 200)
    }

    @Test func aPlainChallengeIsTheVerifierItself() async throws {
        let browser = try TestBrowser.open()
        let changes: [String: String?] = ["code_challenge": Harbour.verifier, "code_challenge_method": nil]
        let code = try #require(try await browser.code(changes)["code"])
        #expect(try await browser.post(Harbour.token, Harbour.redemption(code)).status == 200)
    }

    @Test func aRefreshTokenIsBoundToItsClientAndGrowsOld() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(seed: Seeds.twoClients, clock: clock)
        let json = try await browser.tokens()
        let token = try #require(json["refresh_token"]?.stringValue)
        let other = try await browser.post(
            Harbour.token,
            Harbour.refresh(token, ["client_id": Seeds.second, "client_secret": "second-secret"])
        )
        #expect(other.json["error"] == "invalid_grant")
        let garbage = try await browser.post(Harbour.token, Harbour.refresh("1.garbage"))
        #expect(garbage.json["suberror"] == "bad_token")
        clock.advance(by: 91 * 86_400)
        let old = try await browser.post(Harbour.token, Harbour.refresh(token))
        #expect(old.json["error_codes"] == [700082])
        #expect(old.json["suberror"] == "bad_token")
    }

    @Test func badEnvelopesAreRefused() async throws {
        let browser = try TestBrowser.open()
        let repeated = try await browser.post(Harbour.token, Harbour.redemption("a") + [("code", "b")])
        #expect(repeated.json["error"] == "invalid_request")
        let json = try await browser.send(.post, Harbour.token, body: "{}", headers: [.contentType: "application/json"])
        #expect(json.json["error"] == "invalid_request")
        let get = try await browser.get(Harbour.token)
        #expect(get.json["error_codes"] == [900561])
        let large = try await browser.post(Harbour.token, [("code", String(repeating: "x", count: 70_000))])
        #expect(large.status == 413)
        let tenant = try await browser.post("/nobody.example/oauth2/v2.0/token", Harbour.redemption("a"))
        #expect(tenant.json["error"] == "invalid_tenant")
        let origin = try await browser.post(
            Harbour.token,
            Harbour.redemption("a"),
            headers: [.origin: "http://localhost:8080"]
        )
        #expect(origin.json["error_codes"] == [9_002_326])
        #expect(origin.head.headerFields[.accessControlAllowOrigin] == nil)
    }

    @Test func aDisabledPersonLosesTheRefreshToken() async throws {
        // The directory never changes, so a person who is disabled cannot come so far: the page says so.
        let browser = try TestBrowser.open()
        let page = try await browser.signIn(
            try await browser.get(Harbour.request()),
            as: "former@harbourmutual.example",
            password: "Former-Pass-1"
        )
        #expect(page.text.contains("AADSTS50057"))
    }
}
