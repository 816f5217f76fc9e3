// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct InteractiveTests {
    private static let devicePath = "/\(ScriptedProvider.tenant)/oauth2/v2.0/devicecode"
    private let listener: ScriptedListener
    private let opened = Record<String>()
    private let notices = Record<InteractiveNotice>()

    init() {
        listener = ScriptedListener()
    }

    /// A provider that offers device codes too.
    private func provider() -> ScriptedProvider {
        ScriptedProvider { script in
            script.metadata = {
                $0["device_authorization_endpoint"] = .string(ScriptedProvider.origin + Self.devicePath)
            }
            script.answers[Self.devicePath] = {
                .json(
                    #"{"user_code":"ABCD1234","device_code":"device-1","verification_uri":"https://microsoft.com/devicelogin","expires_in":900}"#
                )
            }
        }
    }

    /// An application on a desktop, unless the environment says otherwise.
    private func application(
        _ provider: ScriptedProvider,
        _ environment: [String: String] = ["DISPLAY": ":0"]
    ) throws -> PublicClientApplication {
        try provider.makePublicApplication { configuration in
            configuration.environment = { environment[$0] }
        }
    }

    /// The machine of the tests.
    private func signIn(_ listener: ScriptedListener? = nil, hasBrowser: Bool = true) -> InteractiveSignIn {
        InteractiveSignIn(
            listener: listener ?? self.listener,
            openBrowser: { [opened] url in
                opened.note(url)
                return hasBrowser
            },
            notice: { [notices] in notices.note($0) }
        )
    }

    /// Signs in, with somebody at the browser who does what the test says.
    private func run(
        _ application: PublicClientApplication,
        options: AuthorizationOptions = AuthorizationOptions(),
        browser: @escaping @Sendable ([String: String]) async -> Void
    ) async throws -> AuthenticationResult {
        let signIn = signIn()
        async let result = application.acquireTokenInteractively(
            scopes: ["User.Read"],
            options: options,
            with: signIn
        )
        await until { !notices.all.isEmpty }
        await browser(sent)
        return try await result
    }

    /// What the browser was sent off with.
    private var sent: [String: String] {
        let query = opened.all.last?.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
        return Dictionary((FormEncoding.decode(query) ?? []).map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// Has the provider know the nonce of a sign-in, as if the person had signed in there.
    private func authorize(_ provider: ScriptedProvider, _ sent: [String: String]) {
        let nonce = sent["nonce"] ?? ""
        provider.change { $0.claims = { $0["nonce"] = .string(nonce) } }
    }

    @Test func theBrowserIsSentOffWithStateNonceProofKeyAndAPostedFormForItsAnswer() async throws {
        let provider = provider()
        var options = AuthorizationOptions()
        options.responseMode = .query
        options.prompt = .selectAccount
        options.loginHint = "ada@contoso.example"
        options.domainHint = "contoso.example"
        options.claims = #"{"access_token":{"acrs":{"value":"c1"}}}"#
        options.extraScopesToConsent = ["api://other/Read"]
        let result = try await run(try application(provider), options: options) { sent in
            authorize(provider, sent)
            let reply = await listener.post("code=code-1&state=\(sent["state"] ?? "")")
            #expect(reply == .signedIn)
        }
        #expect(sent["response_mode"] == "form_post")
        #expect(sent["redirect_uri"] == "http://localhost:5123")
        #expect(sent["code_challenge_method"] == "S256")
        #expect(sent["prompt"] == "select_account")
        #expect(sent["login_hint"] == "ada@contoso.example")
        #expect(sent["domain_hint"] == "contoso.example")
        #expect(sent["claims"] == options.claims)
        #expect(sent["scope"]?.contains("api://other/Read") == true)
        #expect(result.account?.username == "ada@contoso.example")
        #expect(provider.lastForm["redirect_uri"] == "http://localhost:5123")
        #expect(provider.lastForm["client_secret"] == nil)
        #expect(provider.lastForm["scope"]?.contains("api://other/Read") != true)
        // The platform is told that the browser was on this machine.
        let request = try #require(provider.transport.requests(to: provider.path(.token)).last)
        #expect(request.head.headerFields[.currentTelemetry] == "4|169,0|")
        #expect(!listener.isListening)
    }

    @Test(arguments: [
        "code=code-1&state=wrong", "code=code-1", "code=code-1&state=", "error=access_denied&state=wrong", "",
        "code=%GG", "state=a&state=b",
    ]) func whatDoesNotBearTheStateIsRefusedAndTheListenerGoesOnWaiting(form: String) async throws {
        let provider = provider()
        let result = try await run(try application(provider)) { sent in
            authorize(provider, sent)
            #expect(await listener.post(form) == .foreign)
            #expect(provider.count(.token) == 0)
            #expect(await listener.post("code=code-2&state=\(sent["state"] ?? "")") == .signedIn)
        }
        #expect(provider.lastForm["code"] == "code-2")
        #expect(provider.count(.token) == 1)
        #expect(result.source == .identityProvider)
    }

    @Test func aRefusalOfTheProviderReachesTheBrowserAndTheCaller() async throws {
        let application = try application(provider())
        let error = await authenticationError {
            try await run(application) { sent in
                let reply = await listener.post(
                    "error=access_denied&error_description=%3Cb%3Eno&state=\(sent["state"] ?? "")"
                )
                guard case .failed(let reason) = reply else {
                    Issue.record("The browser was told \(String(describing: reply)).")
                    return
                }
                #expect(!reason.isEmpty)
            }
        }
        #expect(error?.kind == .declined)
        #expect(try await application.accounts().isEmpty)
    }

    @Test func aTokenThatFailsIsNoSignIn() async throws {
        let application = try application(provider())
        let error = await authenticationError {
            try await run(application) { sent in
                // The provider knows no nonce.
                let reply = await listener.post("code=code-1&state=\(sent["state"] ?? "")")
                if case .signedIn = reply { Issue.record("The browser was told that the person has signed in.") }
            }
        }
        #expect(error?.kind == .rejectedToken)
    }

    @Test func theTimeLimitEndsTheWait() async throws {
        let provider = provider()
        let application = try application(provider)
        let error = await authenticationError {
            try await run(application) { _ in
                await until { provider.time.sleeperCount == 1 }
                provider.time.advance(by: .seconds(299))
                #expect(listener.isListening)
                provider.time.advance(by: .seconds(1))
            }
        }
        #expect(error?.kind == .interactionRequired)
        #expect(error?.code == .flowExpired)
        #expect(error?.interaction == .signIn)
        #expect(error?.message.contains("300 seconds") == true)
        #expect(!listener.isListening)
    }

    @Test func aCancelledTaskStopsListening() async throws {
        let application = try application(provider())
        let signIn = signIn()
        let task = Task { try await application.acquireTokenInteractively(scopes: ["User.Read"], with: signIn) }
        await until { !notices.all.isEmpty }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!listener.isListening)
    }

    @Test(arguments: [
        ["SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22", "DISPLAY": ":0"],
        ["SSH_TTY": "/dev/pts/1", "DISPLAY": ":0"],
    ]) func overSSHTheDeviceCodeTakesItsPlace(environment: [String: String]) async throws {
        let result = try await application(provider(), environment)
            .acquireTokenInteractively(scopes: ["User.Read"], with: signIn())
        #expect(result.account?.username == "ada@contoso.example")
        #expect(opened.all.isEmpty)
        #expect(listener.useCount == 0)
        let notice = try #require(notices.all.first)
        guard case .deviceCode(let flow, .remoteSession) = notice else {
            Issue.record("The notice was: \(notice)")
            return
        }
        #expect(flow.userCode == "ABCD1234")
        #expect("\(notice)".contains("another machine"))
        #expect(
            "\(notice)".contains("Open https://microsoft.com/devicelogin on any device and enter the code ABCD1234")
        )
    }

    @Test func withoutABrowserTheDeviceCodeTakesItsPlace() async throws {
        let provider = provider()
        let result = try await application(provider)
            .acquireTokenInteractively(scopes: ["User.Read"], with: signIn(hasBrowser: false))
        #expect(result.source == .identityProvider)
        #expect(provider.lastForm["device_code"] == "device-1")
        let notice = try #require(notices.all.first)
        #expect("\(notice)".hasPrefix("No browser could be opened. "))
        #expect(!listener.isListening)
    }

    @Test func withoutAPortTheDeviceCodeTakesItsPlace() async throws {
        let provider = provider()
        _ = try await application(provider)
            .acquireTokenInteractively(scopes: [], with: signIn(ScriptedListener(obstacle: .noListener)))
        #expect(opened.all.isEmpty)
        let notice = try #require(notices.all.first)
        #expect("\(notice)".hasPrefix("There is no free port"))
    }

    @Test(
        arguments: [
            ([:], true, BrowserObstacle.noDisplay), (["DISPLAY": ""], true, .noDisplay), ([:], false, nil),
            (["DISPLAY": ":0"], true, nil), (["WAYLAND_DISPLAY": "wayland-0"], true, nil),
            (["WSL_DISTRO_NAME": "Debian"], true, nil), (["SSH_CONNECTION": "x"], false, .remoteSession),
        ] as [([String: String], Bool, BrowserObstacle?)]
    ) func theEnvironmentTellsWhetherThereIsABrowser(
        environment: [String: String],
        needsDisplay: Bool,
        obstacle: BrowserObstacle?
    ) {
        #expect(BrowserObstacle(environment: { environment[$0] }, needsDisplay: needsDisplay) == obstacle)
    }

    @Test func aProviderWithoutPostedFormsIsRefusedBeforeABrowserOpens() async throws {
        let provider = ScriptedProvider(.openIDConnect) { script in
            script.metadata = { $0["response_modes_supported"] = ["query"] }
        }
        let application = try application(provider)
        let error = await authenticationError {
            try await application.acquireTokenInteractively(scopes: [], with: signIn())
        }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .responseMode)
        #expect(opened.all.isEmpty)
    }

    @Test func aPostPrintsNothingOfItsForm() {
        let post = LoopbackPost(form: Secret("code=hidden")) { _ in }
        #expect(!"\(post)".contains("hidden"))
        #expect(!String(reflecting: post).contains("hidden"))
    }
}
