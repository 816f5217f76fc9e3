// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALEmulator
import MSALJWT
import Testing

/// The three legs of an agent: its blueprint, the agent itself, a person.
@Suite struct AgentTests {
    static let blueprint = "6e8a0c2d-4f3b-4d5e-9a7c-8b1d3f5e7a9c"
    static let agent = "8a0c2e4f-6b5d-4f7a-8c9e-9d3f5b7a1c2e"
    static let exchange = "api://AzureADTokenExchange/.default"

    /// The form of the first leg.
    private func firstLeg(_ changes: [String: String?] = [:]) -> [(String, String)] {
        let standard: [String: String?] = [
            "client_id": Self.blueprint, "client_secret": "agents-development-secret", "scope": Self.exchange,
            "fmi_path": Self.agent,
        ]
        return ClientCredentialsTests.form(standard.merging(changes) { _, new in new })
    }

    /// The access token of an answer.
    private func token(_ browser: TestBrowser, _ form: [(String, String)]) async throws -> String {
        let page = try await browser.post(Harbour.token, form)
        #expect(page.status == 200, "\(page.text)")
        return try #require(page.json["access_token"]?.stringValue)
    }

    /// The tokens of the first two legs.
    private func legs(_ browser: TestBrowser) async throws -> (first: String, second: String) {
        let first = try await token(browser, firstLeg())
        let form = ClientCredentialsTests.form(
            assertion: first,
            ["client_id": Self.agent, "scope": Self.exchange]
        )
        return (first, try await token(browser, form))
    }

    /// The form of the third leg.
    private func thirdLeg(
        _ legs: (first: String, second: String),
        _ changes: [String: String?] = [:]
    ) -> [(String, String)] {
        let standard: [String: String?] = [
            "grant_type": "user_fic", "client_id": Self.agent, "user_federated_identity_credential": legs.second,
            "username": Harbour.adjuster, "client_info": "1",
            "scope": "https://graph.microsoft.com/User.Read openid profile offline_access",
        ]
        return ClientCredentialsTests.form(assertion: legs.first, standard.merging(changes) { _, new in new })
    }

    @Test func threeLegsLeadToAPersonsToken() async throws {
        let browser = try TestBrowser.open()
        let legs = try await legs(browser)
        let first = try await browser.claims(.string(legs.first))
        #expect(first.subject == "/eid1/c/pub/t/ECo8Xx5tikucVw4vSmuMHQ/a/LQyKbjtPXk2afIsdP156nA/\(Self.agent)")
        #expect(first.audience == ["fb60f99c-7a34-4190-8149-302f77469936"])
        let second = try await browser.claims(.string(legs.second))
        #expect(second["azp"] == .string(Self.agent))
        #expect(second["azpacr"] == "2")
        for who in [
            ["username": Harbour.adjuster], ["username": nil, "user_id": "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d402"],
        ] {
            let page = try await browser.post(Harbour.token, thirdLeg(legs, who))
            #expect(page.status == 200, "\(page.text)")
            let claims = try await browser.claims(page.json["access_token"])
            #expect(claims["upn"] == .string(Harbour.adjuster))
            #expect(claims["appid"] == .string(Self.agent))
            #expect(claims["appidacr"] == "2")
            #expect(page.json["client_info"] != nil)
            let identity = try await browser.claims(page.json["id_token"])
            #expect(identity.preferredUsername == Harbour.adjuster)
            let refresh: [String: String?] = [
                "grant_type": "refresh_token", "client_id": Self.agent, "scope": "User.Read",
                "refresh_token": page.json["refresh_token"]?.stringValue,
            ]
            let renewed = try await browser.post(
                Harbour.token,
                ClientCredentialsTests.form(assertion: legs.first, refresh)
            )
            #expect(renewed.status == 200, "\(renewed.text)")
        }
    }

    @Test(
        arguments: [
            (["user_federated_identity_credential": nil], 900144), (["username": nil], 900144),
            (["user_id": "0c1d2e3f-4a5b-4c6d-8e7f-90a1b2c3d402"], 9_002_313),
            (["user_federated_identity_credential": "garbage"], 50027),
            (["username": "nobody@harbourmutual.example"], 50034),
            (["username": "customer@harbourmutual.example"], 50105),
            (["scope": "openid"], 700023), (["scope": "Mail.Read"], 65001),
            (["client_assertion": nil], 7_000_218),
        ] as [([String: String?], Int)]
    )
    func theThirdLegIsRefused(_ changes: [String: String?], _ code: Int) async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.post(Harbour.token, thirdLeg(try await legs(browser), changes))
        #expect(page.json["error_codes"] == [.integer(Int64(code))], "\(page.text)")
    }

    @Test func onlyTheAgentsOwnTokenCounts() async throws {
        let browser = try TestBrowser.open()
        let legs = try await legs(browser)
        let page = try await browser.post(Harbour.token, thirdLeg((legs.first, legs.first)))
        #expect(page.json["error_codes"] == [700213], "the blueprint's token is not the agent's")
        let tokens = try await browser.tokens(["scope": "openid api://harbour-claims/Claims.Read"])
        for (token, code) in [(tokens["access_token"], 700229), (tokens["id_token"], 700229)] {
            let page = try await browser.post(
                Harbour.token,
                thirdLeg(legs, ["user_federated_identity_credential": token?.stringValue])
            )
            #expect(page.json["error_codes"] == [.integer(Int64(code))], "\(page.text)")
        }
        let other = try await self.token(
            browser,
            ClientCredentialsTests.form(assertion: legs.first, ["client_id": Self.agent])
        )
        let wrong = try await browser.post(
            Harbour.token,
            thirdLeg(legs, ["user_federated_identity_credential": other])
        )
        #expect(wrong.json["error_codes"] == [700212], "it is not for the exchange")
    }

    @Test func anAgentTakesOnlyWhatIsForIt() async throws {
        let browser = try TestBrowser.open()
        for (changes, code) in [
            (["fmi_path": "another-agent"], 700213), (["fmi_path": nil], 700213),
            (["scope": "api://AzureFMITokenExchange/.default"], 700212),
        ] as [([String: String?], Int)] {
            let first = try await token(browser, firstLeg(changes))
            let form = ClientCredentialsTests.form(
                assertion: first,
                ["client_id": Self.agent, "scope": Self.exchange]
            )
            let page = try await browser.post(Harbour.token, form)
            #expect(page.json["error_codes"] == [.integer(Int64(code))], "\(page.text)")
        }
    }

    @Test(arguments: [
        ["scope": "api://harbour-claims/.default"], ["fmi_path": "with space"],
        ["fmi_path": String(repeating: "x", count: 257)],
    ])
    func aPathIsForTokensOfTheExchange(_ changes: [String: String]) async throws {
        let page = try await TestBrowser.open().post(Harbour.token, firstLeg(changes.mapValues { $0 }))
        #expect(page.json["error_codes"] == [90023], "\(page.text)")
    }

    @Test func aPathIsASubjectForFederatedCredentials() async throws {
        var seed = EmulatorSeed.insurance
        seed.applications[1].federatedCredentials = [
            EmulatorSeed.FederatedCredential(
                issuer: "/\(Harbour.tenant)/v2.0",
                subject: "/eid1/c/pub/t/ECo8Xx5tikucVw4vSmuMHQ/a/LQyKbjtPXk2afIsdP156nA/batch",
                audience: "api://AzureFMITokenExchange"
            )
        ]
        let browser = try TestBrowser.open(seed: seed)
        let assertion = try await token(
            browser,
            firstLeg(["fmi_path": "batch", "scope": "api://AzureFMITokenExchange/.default"])
        )
        #expect(try await browser.post(Harbour.token, ClientCredentialsTests.form(assertion: assertion)).status == 200)
    }
}
