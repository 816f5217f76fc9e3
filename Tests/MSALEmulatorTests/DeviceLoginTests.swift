// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// The pages where a person lets a device in.
@Suite struct DeviceLoginTests {
    @Test(arguments: ["/devicelogin", "/common/oauth2/deviceauth"])
    func thePageAsksForTheCode(_ path: String) async throws {
        let page = try await TestBrowser.open().get(path)
        #expect(page.status == 200)
        #expect(page.text.contains(#"id="otc""#))
        #expect(TestForm(page.text)?.action == "/devicelogin")
        #expect(page.head.headerFields[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
    }

    /// A way to type a code, as its parts with something between them.
    struct Spelling: Sendable {
        let parts: [Int]
        let between: String
        var isLower = false
    }

    @Test(arguments: [
        Spelling(parts: [9], between: ""), Spelling(parts: [9], between: "", isLower: true),
        Spelling(parts: [3, 3, 3], between: " "), Spelling(parts: [0, 4, 4, 1, 0], between: " - "),
        Spelling(parts: [4, 5], between: "\u{2013}", isLower: true),
    ])
    func caseSpacesAndDashesDoNotCount(_ spelling: Spelling) async throws {
        let browser = try TestBrowser.open()
        var rest = Substring(try await browser.device().userCode)
        var parts: [Substring] = []
        for length in spelling.parts {
            parts.append(rest.prefix(length))
            rest = rest.dropFirst(length)
        }
        let typed = parts.joined(separator: spelling.between)
        #expect(try await browser.type(spelling.isLower ? typed.lowercased() : typed).text.contains("i0116"))
    }

    @Test func thePersonIsToldWhoAsksAndWhoIsSignedIn() async throws {
        let seed = try Device.seed { $0.displayName = "Tool <b> & \"Sons\"" }
        let browser = try TestBrowser.open(seed: seed)
        let device = try await browser.device()
        let confirmation = try await browser.confirmation(device)
        #expect(confirmation.status == 200)
        #expect(confirmation.text.contains("Tool &lt;b&gt; &amp; &quot;Sons&quot;?"))
        #expect(confirmation.text.contains(Harbour.adjuster))
        #expect(
            try await browser.post(Harbour.token, Device.poll(device)).json["error"] == "authorization_pending",
            "the password alone lets nobody in"
        )
        let end = try await browser.submit(confirmation, [:], action: "approve")
        #expect(end.text.contains("You have signed in to Tool &lt;b&gt;"))
        #expect(end.text.contains("You may close this window"))
        let again = try await browser.submit(confirmation, [:], action: "approve")
        #expect(again.text.contains("AADSTS50089"), "the question is answered once")
    }

    @Test func aSignedInPersonPicksTheAccount() async throws {
        let browser = try TestBrowser.open()
        _ = try await browser.code()
        let device = try await browser.device()
        let picker = try await browser.type(device.userCode)
        #expect(picker.text.contains("Pick an account"))
        let confirmation = try await browser.submit(picker, [:], action: "account")
        #expect(confirmation.text.contains("Are you trying to sign in to Harbour Mutual Command Line?"))
        _ = try await browser.submit(confirmation, [:], action: "approve")
        #expect(try await browser.post(Harbour.token, Device.poll(device)).status == 200)
    }

    @Test func cancellingTheSignInDeclines() async throws {
        let browser = try TestBrowser.open()
        let device = try await browser.device()
        let page = try await browser.submit(try await browser.type(device.userCode), [:], action: "cancel")
        #expect(page.text.contains("The sign-in was cancelled"))
        #expect(
            try await browser.post(Harbour.token, Device.poll(device)).json["error"] == "authorization_declined"
        )
        #expect(try await browser.type(device.userCode).text.contains("codeError"))
    }

    @Test func aPersonWhoMayNotIsToldAndTheDeviceWaits() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoTenants)
        let scope = try await browser.device(["scope": "openid Mail.Read"])
        let page = try await browser.confirmation(scope)
        #expect(page.text.contains("AADSTS65001"))
        #expect(try await browser.post(Harbour.token, Device.poll(scope)).json["error"] == "authorization_pending")
        let stranger = TestBrowser(browser.emulator)
        let device = try await stranger.device()
        let foreign = try await stranger.submit(
            try await stranger.type(device.userCode),
            ["loginfmt": "sailor@tern.example"],
            action: "username"
        )
        #expect(foreign.text.contains("usernameError"))
    }

    @Test(arguments: ["", "   ", "AAAAAAAAA", "BCDFGHJKL", "BCDFGHJK", "\"><script>alert(1)</script>", "ß\u{301}ÄÖÜŸ"])
    func aWrongCodeIsAskedForAgain(_ code: String) async throws {
        let page = try await TestBrowser.open().type(code)
        #expect(page.status == 200)
        #expect(page.text.contains(#"id="codeError""#))
        #expect(!page.text.contains("<script>"))
        #expect(TestForm(page.text)?.fields["otc"] == code)
    }

    @Test func guessingIsLimited() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let device = try await browser.device()
        for _ in 0..<20 { #expect(try await browser.type("BCDFGHJKL").status == 200) }
        let late = try await browser.type(device.userCode)
        #expect(late.status == 429, "even the right one is not looked at any more")
        #expect(late.head.headerFields[.retryAfter] == "60")
        #expect(late.text.contains("Wait a minute"))
        clock.advance(by: 61)
        #expect(try await browser.type(device.userCode).text.contains("i0116"))
    }

    @Test func aQuestionBelongsToItsBrowser() async throws {
        let browser = try TestBrowser.open()
        let device = try await browser.device()
        let confirmation = try await browser.confirmation(device)
        let stranger = TestBrowser(browser.emulator)
        #expect(try await stranger.submit(confirmation, [:], action: "approve").text.contains("AADSTS50089"))
        let bare = try await browser.post("/devicelogin", [("action", "approve")])
        #expect(bare.text.contains("AADSTS50089"))
        _ = try await browser.get("/\(Harbour.tenant)/oauth2/v2.0/logout")
        #expect(try await browser.submit(confirmation, [:], action: "approve").text.contains("AADSTS50089"))
        #expect(try await browser.post(Harbour.token, Device.poll(device)).json["error"] == "authorization_pending")
    }

    @Test func whoeverIsLateIsTold() async throws {
        let clock = TestClock()
        let browser = try TestBrowser.open(clock: clock)
        let device = try await browser.device()
        let confirmation = try await browser.confirmation(device)
        clock.advance(by: 899)
        let second = TestBrowser(browser.emulator)
        let other = try await second.confirmation(device)
        clock.advance(by: 1)
        #expect(try await second.submit(other, [:], action: "approve").text.contains("AADSTS90120"))
        #expect(try await browser.submit(confirmation, [:], action: "approve").text.contains("AADSTS50089"))
    }

    @Test func theFirstDecisionStands() async throws {
        let browser = try TestBrowser.open()
        let device = try await browser.device()
        let confirmation = try await browser.confirmation(device)
        let second = TestBrowser(browser.emulator)
        let other = try await second.confirmation(device)
        _ = try await browser.submit(confirmation, [:], action: "decline")
        #expect(try await second.submit(other, [:], action: "approve").text.contains("AADSTS90120"))
        #expect(
            try await browser.post(Harbour.token, Device.poll(device)).json["error"] == "authorization_declined"
        )
    }

    @Test(arguments: [
        ["scope": "openid api://harbour-payments/Payments.Settle"],
        ["claims": #"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#],
    ])
    func aPolicyIsMetOnTheWay(_ changes: [String: String?]) async throws {
        let browser = try TestBrowser.open()
        let device = try await browser.device(changes)
        let factor = try await browser.confirmation(device)
        #expect(!factor.text.contains("Are you trying to sign in to"))
        let confirmation = try await browser.submit(factor, [:], action: "approve")
        #expect(confirmation.text.contains("Are you trying to sign in to"), "\(confirmation.text)")
        _ = try await browser.submit(confirmation, [:], action: "approve")
        let page = try await browser.post(Harbour.token, Device.poll(device))
        #expect(page.status == 200, "\(page.text)")
        #expect(try await browser.claims(page.json["access_token"])["amr"] == ["pwd", "mfa"])
    }

    @Test func aSharedAuthorityTakesThePersonsTenant() async throws {
        let browser = try TestBrowser.open(seed: Seeds.twoTenants)
        let device = try await browser.device(["client_id": Seeds.multi], at: "organizations")
        let confirmation = try await browser.signIn(
            try await browser.type(device.userCode),
            as: "sailor@tern.example",
            password: "Sailor-Pass-1"
        )
        _ = try await browser.submit(confirmation, [:], action: "approve")
        let page = try await browser.post(
            "/organizations/oauth2/v2.0/token",
            Device.poll(device, ["client_id": Seeds.multi, "client_secret": "multi-secret"])
        )
        #expect(try await browser.claims(page.json["id_token"]).tenantID == Seeds.otherTenant)
    }
}
