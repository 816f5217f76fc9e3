// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// The password grant (RFC 6749 §4.3) as the platform has it.
@Suite struct PasswordGrantTests {
    static let customer = "customer@harbourmutual.example"

    /// The form; nil takes a parameter out.
    static func form(_ changes: [String: String?] = [:]) -> [(String, String)] {
        var values = [
            "grant_type": "password", "client_id": Device.client, "username": customer, "password": "Customer-Pass-1",
            "scope": "User.Read openid profile offline_access", "client_info": "1",
        ]
        for (name, value) in changes { values[name] = value }
        return values.map { ($0.key, $0.value) }
    }

    @Test func aManagedPersonGetsTokens() async throws {
        let browser = try TestBrowser.open()
        let page = try await browser.post(Harbour.token, Self.form(["response_type": "token id_token"]))
        #expect(page.status == 200, "\(page.text)")
        #expect(page.json["token_type"] == "Bearer")
        #expect(page.json["scope"] == "User.Read openid profile")
        let identity = try await browser.claims(page.json["id_token"])
        #expect(identity["preferred_username"] == .string(Self.customer))
        #expect(identity.audience == [Device.client])
        let access = try await browser.claims(page.json["access_token"])
        #expect(access["appidacr"] == "0")
        let token = try #require(page.json["refresh_token"]?.stringValue)
        let refreshed = try await browser.post(
            Harbour.token,
            Harbour.refresh(token, ["client_id": Device.client, "client_secret": nil])
        )
        #expect(refreshed.status == 200)
        let me = try await browser.get(
            "/v1.0/me",
            headers: [.authorization: "Bearer \(page.json["access_token"]?.stringValue ?? "")"]
        )
        #expect(me.json["userPrincipalName"] == .string(Self.customer))
    }

    @Test func anOrganizationIsFoundByTheName() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoTenants)
        let page = try await browser.post(
            "/organizations/oauth2/v2.0/token",
            Self.form([
                "client_id": Seeds.multi, "client_secret": "multi-secret", "username": "SAILOR@tern.example",
                "password": "Sailor-Pass-1",
            ])
        )
        #expect(try await browser.claims(page.json["id_token"]).tenantID == Seeds.otherTenant)
    }

    /// What is wrong with a request, and the error that comes back.
    struct Row: Sendable, CustomTestStringConvertible {
        let changes: [String: String?]
        let error: String
        let code: Int
        var suberror: String?
        var status = 400
        var path = Harbour.token
        var testDescription: String { "\(code) \(changes)" }
    }

    @Test(arguments: [
        Row(changes: ["password": "Customer-Pass-2"], error: "invalid_grant", code: 50126),
        Row(
            changes: ["username": "nobody@harbourmutual.example"],
            error: "invalid_grant",
            code: 50034,
            suberror: "bad_token"
        ),
        Row(changes: ["username": "sailor@tern.example"], error: "invalid_grant", code: 50034, suberror: "bad_token"),
        Row(
            changes: ["username": "former@harbourmutual.example", "password": "Former-Pass-1"],
            error: "invalid_grant",
            code: 50057
        ),
        Row(
            changes: ["username": "former@harbourmutual.example", "password": "Former-Pass-2"],
            error: "invalid_grant",
            code: 50126
        ),
        Row(
            changes: ["username": "guest@harbourmutual.example", "password": "Guest-Pass-1"],
            error: "invalid_grant",
            code: 50055,
            suberror: "user_password_expired"
        ),
        Row(
            changes: ["username": "broker@brokers.harbourmutual.example", "password": "Broker-Pass-1"],
            error: "invalid_grant",
            code: 50056
        ),
        Row(changes: ["scope": "Mail.Read"], error: "invalid_grant", code: 65001, suberror: "consent_required"),
        Row(changes: ["scope": "Fly.High"], error: "invalid_scope", code: 70011),
        Row(changes: ["scope": nil], error: "invalid_request", code: 900144),
        Row(changes: ["username": nil], error: "invalid_request", code: 900144),
        Row(changes: ["password": nil], error: "invalid_request", code: 900144),
        Row(changes: ["client_id": Harbour.portal], error: "invalid_client", code: 7_000_218, status: 401),
        Row(
            changes: ["client_id": Seeds.multi, "client_secret": "multi-secret"],
            error: "invalid_request",
            code: 9_001_023,
            path: "/common/oauth2/v2.0/token"
        ),
        Row(
            changes: ["client_id": Seeds.multi, "client_secret": "multi-secret"],
            error: "invalid_request",
            code: 9_001_023,
            path: "/consumers/oauth2/v2.0/token"
        ),
    ])
    func aRequestIsRefused(_ row: Row) async throws {
        var seed = Seeds.twoTenants
        let guest = try #require(seed.users.firstIndex { $0.userPrincipalName == "guest@harbourmutual.example" })
        seed.users[guest].hasExpiredPassword = true
        let page = try await TestBrowser.open(seed: seed).post(row.path, Self.form(row.changes))
        #expect(page.status == row.status)
        #expect(page.json["error"] == .string(row.error))
        #expect(page.json["error_codes"] == [.integer(Int64(row.code))])
        #expect(page.json["suberror"]?.stringValue == row.suberror)
        #expect(!page.text.contains("Pass-"))
    }

    @Test func aSecondFactorNeedsAPage() async throws {
        let page = try await TestBrowser.open().post(
            Harbour.token,
            Self.form(["scope": "api://harbour-payments/Payments.Settle"])
        )
        #expect(page.json["error"] == "invalid_grant")
        #expect(page.json["error_codes"] == [50076])
        #expect(page.json["suberror"] == "basic_action")
        #expect(page.json["claims"]?.stringValue?.contains("capolids") == true)
    }

    @Test func tenWrongPasswordsLockTheAccount() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        for _ in 0..<10 {
            let page = try await browser.post(Harbour.token, Self.form(["password": "wrong"]))
            #expect(page.json["error_codes"] == [50126])
        }
        #expect(try await browser.post(Harbour.token, Self.form()).json["error_codes"] == [50053])
        let page = try await browser.signIn(
            try await browser.get(Harbour.request()),
            as: Self.customer,
            password: "Customer-Pass-1"
        )
        #expect(page.text.contains("AADSTS50053"), "the pages count the same passwords")
        clock.advance(by: 61)
        #expect(try await browser.post(Harbour.token, Self.form()).status == 200)
        #expect(try await browser.post(Harbour.token, Self.form(["password": "wrong"])).json["error_codes"] == [50126])
    }

    @Test func aRightPasswordStartsTheCountAgain() async throws {
        let browser = try TestBrowser.open()
        for _ in 0..<3 {
            for _ in 0..<9 { _ = try await browser.post(Harbour.token, Self.form(["password": "wrong"])) }
            #expect(try await browser.post(Harbour.token, Self.form()).status == 200)
        }
    }

    @Test func thePageKnowsAnExpiredPassword() async throws {
        var seed = EmulatorSeed.insurance
        seed.users[0].hasExpiredPassword = true
        let browser = try TestBrowser.open(seed: seed)
        let page = try await browser.signIn(
            try await browser.get(Harbour.request()),
            as: Self.customer,
            password: "Customer-Pass-1"
        )
        #expect(page.text.contains("AADSTS50055"))
    }

    @Test func anAssignmentMayBeDemanded() async throws {
        var seed = EmulatorSeed.insurance
        let principal = try #require(seed.servicePrincipals.firstIndex { $0.application == Device.client })
        seed.servicePrincipals[principal].requiresAssignment = true
        let page = try await TestBrowser.open(seed: seed).post(Harbour.token, Self.form())
        #expect(page.json["error"] == "invalid_grant")
        #expect(page.json["error_codes"] == [50105])
    }
}
