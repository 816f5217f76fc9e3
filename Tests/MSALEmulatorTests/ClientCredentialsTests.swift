// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// An application that calls an API as itself.
@Suite struct ClientCredentialsTests {
    /// The form; nil takes a parameter out.
    static func form(_ changes: [String: String?] = [:]) -> [(String, String)] {
        var values: [String: String] = [
            "grant_type": "client_credentials", "client_id": Harbour.nightly,
            "client_secret": "nightly-development-secret", "scope": "api://harbour-claims/.default",
        ]
        for (name, value) in changes { values[name] = value }
        return values.map { ($0.key, $0.value) }
    }

    @Test func aDaemonGetsATokenWithItsPermissions() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.post(Harbour.token, Self.form())
        #expect(page.status == 200)
        #expect(page.json.objectValue?.keys.sorted() == ["access_token", "expires_in", "ext_expires_in", "token_type"])
        let claims = try await browser.claims(page.json["access_token"])
        #expect(claims.roles == ["Claims.Read.All"])
        #expect(claims["scp"] == nil)
        #expect(claims.subject == claims.objectID)
        #expect(claims["azp"] == .string(Harbour.nightly))
        #expect(claims["ver"] == "2.0")
    }

    @Test func theSecretMayComeByBasicWithBothHalvesEncoded() async throws {
        var seed = EmulatorSeed.insurance
        seed.applications[1].secrets = [EmulatorSeed.ClientSecret("a secret: with %, + and ü")]
        let browser = try TestBrowser.open(seed: seed)
        let pair = "\(Harbour.nightly):\(TestForm.escape("a secret: with %, + and ü"))"
        let headers: HTTPFields = [.authorization: "Basic \(Data(pair.utf8).base64EncodedString())"]
        let form = Self.form(["client_id": nil, "client_secret": nil])
        #expect(try await browser.post(Harbour.token, form, headers: headers).status == 200)
        let both = try await browser.post(Harbour.token, Self.form(["client_secret": "x"]), headers: headers)
        #expect(both.json["error"] == "invalid_request")
        let other = try await browser.post(
            Harbour.token,
            Self.form(["client_id": Harbour.portal, "client_secret": nil]),
            headers: headers
        )
        #expect(other.json["error"] == "invalid_request")
        let wrong = Data("\(Harbour.nightly):wrong".utf8).base64EncodedString()
        let refused = try await browser.post(Harbour.token, form, headers: [.authorization: "Basic \(wrong)"])
        #expect(refused.status == 401)
        #expect(refused.head.headerFields[.wwwAuthenticate]?.hasPrefix("Basic realm=") == true)
        for value in ["Basic", "Basic !!!", "Basic " + Data("nocolon".utf8).base64EncodedString(), "Bearer x"] {
            let page = try await browser.post(Harbour.token, form, headers: [.authorization: value])
            #expect(page.json["error"] == "invalid_request", "\(value)")
        }
    }

    @Test(arguments: [
        ("api://harbour-claims/Claims.Read", 1_002_012), ("User.Read", 1_002_012),
        ("api://harbour-claims/.default https://graph.microsoft.com/.default", 700022),
        ("api://nobody/.default", 500011), (".default", 1_002_012),
    ])
    func theScopeMustBeOneDefault(_ scope: String, _ code: Int) async throws {
        let page = try await TestBrowser.open().post(Harbour.token, Self.form(["scope": scope]))
        #expect(page.json["error_codes"] == [.integer(Int64(code))])
    }

    @Test(arguments: ["common", "organizations", "consumers"])
    func sharedAuthoritiesHaveNoAppTokens(_ segment: String) async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoTenants)
        let form = Self.form(["client_id": Seeds.multi, "client_secret": "multi-secret"])
        let page = try await browser.post("/\(segment)/oauth2/v2.0/token", form)
        #expect(page.json["error_codes"] == [9_001_023])
    }

    @Test func anExpiredSecretHasItsOwnError() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoClients)
        let form = Self.form([
            "client_id": Seeds.second, "client_secret": "old-secret", "scope": "https://graph.microsoft.com/.default",
        ])
        let page = try await browser.post(Harbour.token, form)
        #expect(page.json["error_codes"] == [7_000_222])
    }
}
