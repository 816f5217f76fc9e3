// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// Policies that want a second factor, and the way to it.
@Suite struct ConditionalAccessTests {
    static let payments = "api://harbour-payments/Payments.Settle"
    static let policy = "a1c3e5f7-9b2d-4e6f-8a0c-1d3f5b7c9e2a"
    static let demand = #"{"access_token":{"capolids":{"essential":true,"values":["\#(policy)"]}}}"#
    static let context = #"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#

    /// Whether a page asks for the second factor.
    private func asksForSecondFactor(_ page: TestBrowser.Page) -> Bool {
        page.text.contains("idDiv_SAOTCAS_Title")
    }

    @Test func aTokenWithoutASecondFactorIsRefusedWithClaims() async throws {
        let browser = try TestBrowser.open()
        let tokens = try await browser.tokens()
        let refresh = try #require(tokens["refresh_token"]?.stringValue)
        let refused = try await browser.post(Harbour.token, Harbour.refresh(refresh, ["scope": Self.payments]))
        let code = try #require(try await browser.code()["code"])
        let redeemed = try await browser.post(Harbour.token, Harbour.redemption(code, ["scope": Self.payments]))
        for page in [refused, redeemed] {
            #expect(page.status == 400)
            #expect(page.json["error"] == "invalid_grant")
            #expect(page.json["error_codes"] == [50076])
            #expect(page.json["suberror"] == "basic_action")
            #expect(page.json["claims"] == .string(Self.demand))
        }
        let good = try await browser.post(Harbour.token, Harbour.refresh(refresh))
        #expect(good.status == 200, "it is still good for everything else")
    }

    @Test func theClaimsLeadToTheSecondFactorAndTheRetrySucceeds() async throws {
        let browser = try TestBrowser.open()
        _ = try await browser.code()
        let page = try await browser.get(Harbour.request(["claims": Self.demand]))
        #expect(asksForSecondFactor(page))
        #expect(page.text.contains("Payments need a second factor"))
        let code = try #require(try await browser.submit(page, [:], action: "approve").answer["code"])
        let tokens = try await browser.post(Harbour.token, Harbour.redemption(code)).json
        #expect(try await browser.claims(tokens["access_token"])["amr"] == ["pwd", "mfa"])
        let refresh = try #require(tokens["refresh_token"]?.stringValue)
        let retried = try await browser.post(Harbour.token, Harbour.refresh(refresh, ["scope": Self.payments]))
        #expect(retried.status == 200, "\(retried.text)")
        let claims = try await browser.claims(retried.json["access_token"])
        #expect(claims["scp"] == "Payments.Settle")
        #expect(claims["acrs"] == ["c1"])
        let again = try await browser.get(Harbour.request(["claims": Self.context, "prompt": "none"]))
        #expect(again.answer["code"] != nil, "the session keeps it")
    }

    @Test func namingTheResourceAsksAtOnce() async throws {
        let browser = try TestBrowser.open()
        let first = try await browser.get(Harbour.request(["scope": "openid \(Self.payments)"]))
        let page = try await browser.signIn(first, as: Harbour.adjuster, password: "Adjuster-Pass-1")
        #expect(asksForSecondFactor(page))
        #expect(page.head.headerFields[.setCookie] != nil, "the password gave a new session")
        let done = try await browser.submit(page, [:], action: "approve")
        let code = try #require(done.answer["code"])
        #expect(try await browser.post(Harbour.token, Harbour.redemption(code)).status == 200)
    }

    @Test(arguments: [demand, context, #"{"id_token":{"acrs":{"essential":true,"values":["c1"]}}}"#])
    func withoutAPageTheApplicationHearsWhatIsMissing(_ claims: String) async throws {
        let browser = try TestBrowser.open()
        _ = try await browser.code()
        let page = try await browser.get(Harbour.request(["claims": claims, "prompt": "none"]))
        #expect(page.answer["error"] == "interaction_required")
        #expect(page.answer["error_description"]?.hasPrefix("AADSTS50076:") == true)
        #expect(page.answer["suberror"] == "basic_action")
        #expect(page.answer["claims"]?.contains("capolids") == true)
    }

    @Test func refusingTheSecondFactorIsToldToTheApplication() async throws {
        let browser = try TestBrowser.open()
        _ = try await browser.code()
        let page = try await browser.get(Harbour.request(["claims": Self.context]))
        let denied = try await browser.submit(page, [:], action: "deny")
        #expect(denied.answer["error"] == "access_denied")
        #expect(denied.answer["error_description"]?.hasPrefix("AADSTS500121:") == true)
        let again = try await browser.submit(page, [:], action: "approve")
        #expect(again.text.contains("AADSTS50089"), "that sign-in is over")
    }

    @Test func nobodySkipsThePassword() async throws {
        let browser = try TestBrowser.open()
        _ = try await browser.code()
        // A pending sign-in that asks for the password again.
        let page = try await browser.get(
            Harbour.request(["claims": Self.context, "prompt": "login", "login_hint": Harbour.adjuster])
        )
        let skipped = try await browser.submit(page, [:], action: "approve")
        #expect(skipped.text.contains("i0116"))
        #expect(skipped.answer["code"] == nil)
    }

    /// A way to ask for an authentication context, and what follows (none of it with a second factor yet).
    struct Row: Sendable, CustomTestStringConvertible {
        let claims: String
        let asks: Bool
        let access: JSONValue?
        let identity: JSONValue?
        var testDescription: String { claims }
    }

    @Test(arguments: [
        Row(claims: context, asks: true, access: ["c1"], identity: nil),
        Row(
            claims: #"{"id_token":{"acrs":{"essential":true,"value":"c1"}}}"#,
            asks: true,
            access: ["c1"],
            identity: ["c1"]
        ),
        Row(claims: #"{"access_token":{"acrs":{"value":"c1"}}}"#, asks: false, access: nil, identity: nil),
        Row(
            claims: #"{"access_token":{"acrs":{"essential":true,"value":"c7"}}}"#,
            asks: false,
            access: ["c7"],
            identity: nil
        ),
        Row(claims: #"{"id_token":{"acrs":{"values":["c7","c1"]}}}"#, asks: false, access: ["c7"], identity: ["c7"]),
        Row(
            claims: #"{"access_token":{"acrs":{"essential":true,"value":"c100"}}}"#,
            asks: false,
            access: nil,
            identity: nil
        ),
        Row(
            claims: #"{"access_token":{"polids":{"essential":true,"values":["\#(policy)"]}}}"#,
            asks: true,
            access: ["c1"],
            identity: nil
        ),
        Row(
            claims: #"{"access_token":{"capolids":{"essential":true,"values":["x"]}}}"#,
            asks: false,
            access: nil,
            identity: nil
        ),
    ])
    func contextsAreMetOrLeftOut(_ row: Row) async throws {
        let browser = try TestBrowser.open()
        _ = try await browser.code()
        var page = try await browser.get(Harbour.request(["claims": row.claims]))
        #expect(asksForSecondFactor(page) == row.asks)
        if row.asks { page = try await browser.submit(page, [:], action: "approve") }
        let code = try #require(page.answer["code"])
        let tokens = try await browser.post(Harbour.token, Harbour.redemption(code)).json
        #expect(try await browser.claims(tokens["access_token"])["acrs"] == row.access)
        #expect(try await browser.claims(tokens["id_token"])["acrs"] == row.identity)
    }

    @Test func aRefreshThatDemandsAContextIsRefusedUntilItIsMet() async throws {
        let browser = try TestBrowser.open()
        let refresh = try #require(try await browser.tokens()["refresh_token"]?.stringValue)
        let page = try await browser.post(Harbour.token, Harbour.refresh(refresh, ["claims": Self.context]))
        #expect(page.json["error_codes"] == [50076])
        let voluntary = try await browser.post(
            Harbour.token,
            Harbour.refresh(refresh, ["claims": #"{"access_token":{"acrs":{"value":"c1"}}}"#])
        )
        #expect(voluntary.status == 200)
    }

    @Test func aPolicyMayBeForSomePeopleAndBeSwitchedOff() async throws {
        var seed = EmulatorSeed.insurance
        seed.conditionalAccessPolicies[0].users = ["customer@harbourmutual.example"]
        seed.conditionalAccessPolicies[1].isEnabled = false
        let browser = try TestBrowser.open(seed: seed)
        let tokens = try await browser.tokens(["scope": "openid offline_access \(Self.payments)"])
        #expect(tokens["access_token"] != nil, "the adjuster is not the customer")
        let context = try await browser.get(Harbour.request(["claims": Self.context]))
        #expect(context.answer["code"] != nil)
        let customer = try await browser.signIn(
            try await browser.get(Harbour.request(["scope": "openid \(Self.payments)", "prompt": "login"])),
            as: "customer@harbourmutual.example",
            password: "Customer-Pass-1"
        )
        #expect(asksForSecondFactor(customer))
    }

    @Test func aDeviceWaitsForTheSecondFactorToo() async throws {
        let browser = try TestBrowser.open()
        let device = try await browser.device(["scope": Self.payments])
        let page = try await browser.confirmation(device)
        #expect(asksForSecondFactor(page))
        let confirmation = try await browser.submit(page, [:], action: "approve")
        _ = try await browser.submit(confirmation, [:], action: "approve")
        let answer = try await browser.post(Harbour.token, Device.poll(device))
        #expect(try await browser.claims(answer.json["access_token"])["amr"] == ["pwd", "mfa"])
        let stranger = TestBrowser(browser.emulator)
        let other = try await stranger.device(["scope": Self.payments])
        _ = try await stranger.submit(try await stranger.confirmation(other), [:], action: "deny")
        let declined = try await stranger.post(Harbour.token, Device.poll(other))
        #expect(declined.json["error"] == "authorization_declined")
    }

    @Test func brokenPoliciesAreFaults() throws {
        var seed = EmulatorSeed.insurance
        seed.conditionalAccessPolicies[0].id = "x"
        seed.conditionalAccessPolicies[0].users = ["ghost@x.example"]
        seed.conditionalAccessPolicies[0].resources = ["api://nobody"]
        seed.conditionalAccessPolicies[1].tenant = "nobody.example"
        seed.conditionalAccessPolicies[1].authenticationContexts = ["c0"]
        seed.conditionalAccessPolicies.append(
            EmulatorSeed.ConditionalAccessPolicy(
                id: "c3e5a7b9-1d4f-4a8b-8c2e-3f5b7d9e1a4c",
                tenant: Harbour.tenant,
                displayName: "Nothing"
            )
        )
        let faults = try #require(throws: EmulatorSeedFaults.self) { try Emulator(seed: seed) }
        let root = "conditionalAccessPolicies"
        #expect(
            faults.faults.map(\.path) == [
                "\(root)[0].id", "\(root)[0].resources[0]", "\(root)[0].users[0]", "\(root)[1].tenant",
                "\(root)[1].authenticationContexts[0]", "\(root)[2].resources",
            ]
        )
    }

    @Test func theSecondFactorOutlivesARestart() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "msal-emulator-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func start() throws -> TestBrowser {
            TestBrowser(try Emulator(configuration: EmulatorConfiguration(stateFile: folder + "/state")))
        }
        let browser = try start()
        let first = try await browser.get(Harbour.request(["claims": Self.context]))
        let page = try await browser.signIn(first, as: Harbour.adjuster, password: "Adjuster-Pass-1")
        let code = try #require(try await browser.submit(page, [:], action: "approve").answer["code"])
        let tokens = try await browser.post(Harbour.token, Harbour.redemption(code)).json
        let refresh = try #require(tokens["refresh_token"]?.stringValue)
        let later = try await start().post(Harbour.token, Harbour.refresh(refresh, ["scope": Self.payments]))
        #expect(later.status == 200, "\(later.text)")
    }
}
