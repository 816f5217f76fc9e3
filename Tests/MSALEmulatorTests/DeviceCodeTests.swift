// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// The device code grant on the wire (RFC 8628).
@Suite struct DeviceCodeTests {
    @Test func aDeviceGetsBothCodes() async throws {
        let page = try await TestBrowser.open().post(Device.endpoint, Device.request())
        #expect(page.status == 200, "\(page.text)")
        #expect(
            page.json.objectValue?.keys.sorted()
                == ["device_code", "expires_in", "interval", "message", "user_code", "verification_uri"]
        )
        #expect(page.json["verification_uri"] == "http://localhost:8400/devicelogin")
        #expect(page.json["expires_in"] == 900)
        #expect(page.json["interval"] == 5)
        let code = try #require(page.json["user_code"]?.stringValue)
        #expect(code.utf8.count == 9 && code == code.uppercased())
        #expect(page.json["message"]?.stringValue?.contains(code) == true)
        #expect(page.head.headerFields[.cacheControl] == "no-store, no-cache")
        let order = ["user_code", "device_code", "verification_uri", "expires_in", "interval", "message"]
        let positions = order.compactMap { page.text.range(of: "\"\($0)\":")?.lowerBound }
        #expect(positions == positions.sorted())
    }

    /// A request that is wrong, and the error that comes back.
    struct Row: Sendable, CustomTestStringConvertible {
        let changes: [String: String?]
        let error: String
        let code: Int
        var testDescription: String { "\(code) \(changes)" }
    }

    @Test(arguments: [
        Row(changes: ["client_id": nil], error: "invalid_request", code: 900144),
        Row(changes: ["client_id": "x"], error: "unauthorized_client", code: 700038),
        Row(changes: ["client_id": Seeds.second], error: "unauthorized_client", code: 700016),
        Row(changes: ["scope": nil], error: "invalid_request", code: 900144),
        Row(changes: ["scope": "Fly.High"], error: "invalid_scope", code: 70011),
        Row(changes: ["scope": "api://nobody/x"], error: "invalid_resource", code: 500011),
        Row(changes: ["claims": "[]"], error: "invalid_request", code: 9_002_313),
        Row(changes: ["resource": "https://graph.microsoft.com"], error: "invalid_request", code: 901002),
    ])
    func aRequestIsRefused(_ row: Row) async throws {
        let page = try await TestBrowser.open().post(Device.endpoint, Device.request(row.changes))
        #expect(page.status == 400)
        #expect(page.json["error"] == .string(row.error))
        #expect(page.json["error_codes"] == [.integer(Int64(row.code))])
    }

    @Test func badEnvelopesAreRefused() async throws {
        let browser = try TestBrowser.open()
        #expect(try await browser.get(Device.endpoint).json["error_codes"] == [900561])
        let repeated = try await browser.post(Device.endpoint, Device.request() + [("scope", "openid")])
        #expect(repeated.json["error"] == "invalid_request")
        let tenant = try await browser.post("/nobody.example/oauth2/v2.0/devicecode", Device.request())
        #expect(tenant.json["error"] == "invalid_tenant")
        let common = try await browser.post("/common/oauth2/v2.0/devicecode", Device.request())
        #expect(common.json["error_codes"] == [50194])
    }

    @Test(arguments: ["urn:ietf:params:oauth:grant-type:device_code", "device_code"])
    func aDeviceWaitsAndGetsItsTokensOnce(_ grant: String) async throws {
        let browser = try TestBrowser.open()
        let device = try await browser.device()
        let form = Device.poll(device, ["grant_type": grant])
        let pending = try await browser.post(Harbour.token, form)
        #expect(pending.status == 400)
        #expect(pending.json["error"] == "authorization_pending")
        #expect(pending.json["error_codes"] == [70016])
        #expect(pending.head.headerFields[Device.telemetry] == "1,70016,0,,")
        _ = try await browser.approve(device)
        let page = try await browser.post(Harbour.token, form)
        #expect(page.status == 200, "\(page.text)")
        #expect(page.json["scope"] == "User.Read openid profile")
        #expect(page.json["client_info"]?.stringValue != nil)
        let claims = try await browser.claims(page.json["id_token"])
        #expect(claims.audience == [Device.client])
        #expect(claims["preferred_username"] == .string(Harbour.adjuster))
        let again = try await browser.post(Harbour.token, form)
        #expect(again.json["error"] == "invalid_grant")
        #expect(again.json["error_codes"] == [54005])
        let token = try #require(page.json["refresh_token"]?.stringValue)
        let refreshed = try await browser.post(
            Harbour.token,
            Harbour.refresh(token, ["client_id": Device.client, "client_secret": nil])
        )
        #expect(refreshed.status == 200, "\(refreshed.text)")
    }

    @Test func theCodeMayBeCalledCode() async throws {
        let browser = try TestBrowser.open()
        let device = try await browser.device()
        let form = Device.poll(device, ["device_code": nil, "code": device.deviceCode])
        #expect(try await browser.post(Harbour.token, form).json["error"] == "authorization_pending")
        let neither = try await browser.post(Harbour.token, Device.poll(device, ["device_code": nil]))
        #expect(neither.json["error_codes"] == [900144])
    }

    @Test(arguments: [(false, "authorization_declined"), (true, "access_denied")])
    func aRefusalIsTold(_ isStrict: Bool, _ error: String) async throws {
        let browser = try TestBrowser.open(isStrict: isStrict)
        let device = try await browser.device()
        let confirmation = try await browser.confirmation(device)
        let end = try await browser.submit(confirmation, [:], action: "decline")
        #expect(end.text.contains("The sign-in was cancelled"))
        for _ in 0..<2 {
            let page = try await browser.post(Harbour.token, Device.poll(device))
            #expect(page.json["error"] == .string(error))
            #expect(page.json["error_codes"] == [70018])
        }
    }

    @Test func aCodeLivesFifteenMinutes() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let device = try await browser.device()
        clock.advance(by: 899)
        #expect(
            try await browser.post(Harbour.token, Device.poll(device)).json["error"] == "authorization_pending"
        )
        clock.advance(by: 1)
        let page = try await browser.post(Harbour.token, Device.poll(device))
        #expect(page.json["error"] == "expired_token")
        #expect(page.json["error_codes"] == [70020])
        let typed = try await browser.type(device.userCode)
        #expect(typed.text.contains("codeError"))
        // It is forgotten in the end, whatever it was.
        clock.advance(by: 3601)
        _ = try await browser.device()
        #expect(
            try await browser.post(Harbour.token, Device.poll(device)).json["error"] == "bad_verification_code"
        )
    }

    @Test(arguments: [(false, "bad_verification_code"), (true, "invalid_grant")])
    func aCodeBelongsToItsClientAndItsTenant(_ isStrict: Bool, _ error: String) async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoTenants, isStrict: isStrict)
        let device = try await browser.device()
        let credential = ["client_id": Seeds.multi, "client_secret": "multi-secret"]
        for (path, changes) in [
            (Harbour.token, ["device_code": "Gnonsense"]), (Harbour.token, credential),
            ("/common/oauth2/v2.0/token", credential),
        ] {
            let page = try await browser.post(path, Device.poll(device, changes))
            #expect(page.json["error"] == .string(error), "\(changes)")
            #expect(page.json["error_codes"] == [70018])
        }
        let other = try await browser.device(["client_id": Seeds.multi], at: "common")
        let elsewhere = try await browser.post(Harbour.token, Device.poll(other, credential))
        #expect(elsewhere.json["error"] == .string(error), "issued at /common")
    }

    @Test func aStrictEmulatorSlowsDevicesDown() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock, isStrict: true)
        let device = try await browser.device()
        // Seconds since the last question, and the answer; each `slow_down` adds five seconds (RFC 8628 §3.5).
        for (pause, error) in [
            (0, "authorization_pending"), (5, "authorization_pending"), (4, "slow_down"), (5, "slow_down"),
            (15, "authorization_pending"), (14, "slow_down"), (20, "authorization_pending"),
        ] as [(TimeInterval, String)] {
            clock.advance(by: pause)
            #expect(
                try await browser.post(Harbour.token, Device.poll(device)).json["error"] == .string(error),
                "after \(pause) s"
            )
        }
        _ = try await browser.approve(device)
        #expect(try await browser.post(Harbour.token, Device.poll(device)).status == 200)
        let short = try await browser.post(Harbour.token, Device.poll(device, ["grant_type": "device_code"]))
        #expect(short.json["error"] == "unsupported_grant_type")
    }

    @Test func thePlatformNeverSlowsDevicesDown() async throws {
        let browser = try TestBrowser.open()
        let device = try await browser.device()
        for _ in 0..<20 {
            let page = try await browser.post(Harbour.token, Device.poll(device))
            #expect(page.json["error"] == "authorization_pending")
        }
    }

    @Test func onlyPublicClientsNeedNoCredential() async throws {
        let browser = try TestBrowser.open()
        let portal = try await browser.device(["client_id": Harbour.portal])
        let without = try await browser.post(Harbour.token, Device.poll(portal, ["client_id": Harbour.portal]))
        #expect(without.status == 401)
        #expect(without.json["error_codes"] == [7_000_218])
        let credential = ["client_id": Harbour.portal, "client_secret": Harbour.secret]
        let with = try await browser.post(Harbour.token, Device.poll(portal, credential))
        #expect(with.json["error"] == "authorization_pending")
        var seed = try Device.seed { $0.allowsPublicClientFlows = false }
        seed.applications[0].allowsPublicClientFlows = true
        let changed = try TestBrowser.open(seed: seed)
        let both = try await changed.device(["client_id": Harbour.portal])
        let allowed = try await changed.post(Harbour.token, Device.poll(both, ["client_id": Harbour.portal]))
        #expect(allowed.json["error"] == "authorization_pending")
        let forbidden = try await changed.post(Harbour.token, Device.poll(try await changed.device()))
        #expect(forbidden.json["error_codes"] == [7_000_218])
        let code = try await changed.post(
            Harbour.token,
            Harbour.redemption("1.garbage", ["client_secret": nil])
        )
        #expect(code.json["error_codes"] == [7_000_218], "a code still needs the secret")
    }
}
