// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import MSALTesting
import Synchronization
import Testing

@testable import MSALCore

@Suite struct DeviceCodeTests {
    private static let path = "/\(ScriptedProvider.tenant)/oauth2/v2.0/devicecode"

    /// A provider that offers device codes, and whose token endpoint answers in turn.
    private func provider(
        code: String =
            #"{"user_code":"ABCD1234","device_code":"device-1","verification_uri":"https://microsoft.com/devicelogin","expires_in":900,"interval":5,"message":"Enter it"}"#,
        polls: [String] = []
    ) -> ScriptedProvider {
        let left = Mutex(polls[...])
        return ScriptedProvider { script in
            script.metadata = {
                $0["device_authorization_endpoint"] = .string(ScriptedProvider.origin + Self.path)
            }
            script.answers[Self.path] = { .json(code) }
            script.token = { members in
                guard let error = left.withLock({ $0.popFirst() }) else { return }
                members = ["error": .string(error)]
            }
        }
    }

    /// Moves the time on each time somebody waits, and notes how long.
    private func finish(
        _ application: PublicClientApplication,
        _ flow: DeviceCodeFlow,
        _ provider: ScriptedProvider,
        pauses: [Int]
    ) async throws -> AuthenticationResult {
        try await withThrowingTaskGroup(of: AuthenticationResult?.self) { group in
            group.addTask { try await application.acquireToken(completing: flow) }
            group.addTask {
                for pause in pauses {
                    while provider.time.sleeperCount == 0 {
                        try Task.checkCancellation()
                        await Task.yield()
                    }
                    provider.time.advance(by: .seconds(pause) - .milliseconds(1))
                    #expect(provider.time.sleeperCount == 1)
                    provider.time.advance(by: .milliseconds(1))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    @Test func theFirstRequestAsksForACodeWithoutACredential() async throws {
        let provider = provider()
        let flow = try await provider.makePublicApplication().startDeviceCodeFlow(scopes: ["User.Read"])
        let sent = try #require(provider.transport.requests(to: Self.path).first)
        #expect(
            form(sent) == [
                "client_id": ScriptedProvider.clientID, "scope": "User.Read offline_access openid profile",
            ]
        )
        #expect(flow.userCode == "ABCD1234")
        #expect(flow.verificationURI == "https://microsoft.com/devicelogin")
        #expect(flow.message == "Enter it")
        #expect(flow.expiresOn == provider.time.now.addingTimeInterval(900))
        #expect(!"\(flow)".contains("device-1"))
    }

    @Test func theTokenComesWhenTheCodeWasEntered() async throws {
        let provider = provider(polls: ["authorization_pending", "slow_down", "authorization_pending"])
        let application = try provider.makePublicApplication()
        let flow = try await application.startDeviceCodeFlow(scopes: ["User.Read"])
        // Kept and read again, as by a program that was started anew.
        let stored = try JSONDecoder().decode(DeviceCodeFlow.self, from: try JSONEncoder().encode(flow))
        let result = try await finish(application, stored, provider, pauses: [5, 10, 10])
        #expect(result.source == .identityProvider)
        #expect(result.account?.username == "ada@contoso.example")
        #expect(provider.lastForm["grant_type"] == "urn:ietf:params:oauth:grant-type:device_code")
        #expect(provider.lastForm["device_code"] == "device-1")
        #expect(provider.lastForm["client_secret"] == nil)
        #expect(provider.count(.token) == 4)
        let account = try #require(result.account)
        #expect(try await application.acquireTokenSilently(scopes: ["User.Read"], account: account).source == .cache)
    }

    @Test(arguments: [
        ("authorization_declined", AuthenticationError.Kind.declined, AuthenticationError.Code.server),
        ("access_denied", .declined, .server),
        ("expired_token", .interactionRequired, .flowExpired),
        ("bad_verification_code", .refused, .server),
    ]) func aRefusalEndsTheQuestions(
        error: String,
        kind: AuthenticationError.Kind,
        code: AuthenticationError.Code
    ) async throws {
        let provider = provider(polls: [error])
        let application = try provider.makePublicApplication()
        let flow = try await application.startDeviceCodeFlow(scopes: ["User.Read"])
        let thrown = await authenticationError { try await application.acquireToken(completing: flow) }
        #expect(thrown?.kind == kind)
        #expect(thrown?.code == code)
        #expect(provider.count(.token) == 1)
        #expect(try await application.accounts().isEmpty)
    }

    @Test func aCancelledTaskStopsAsking() async throws {
        let provider = provider(polls: ["authorization_pending", "authorization_pending"])
        let application = try provider.makePublicApplication()
        let flow = try await application.startDeviceCodeFlow(scopes: ["User.Read"])
        let task = Task { try await application.acquireToken(completing: flow) }
        await until { provider.time.sleeperCount > 0 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(provider.count(.token) == 1)
    }

    @Test(arguments: [
        "{}", #"{"user_code":"A","device_code":"d"}"#, #"{"user_code":"A","verification_uri":"https://x.example"}"#,
        #"{"user_code":"A","device_code":"d","verification_uri":"javascript:alert(1)"}"#,
        #"{"user_code":7,"device_code":"d"}"#,
    ]) func anAnswerThatLacksSomethingIsRefused(answer: String) async throws {
        let application = try provider(code: answer).makePublicApplication()
        let error = await authenticationError { try await application.startDeviceCodeFlow(scopes: ["User.Read"]) }
        #expect(error?.kind == .rejectedResponse)
        #expect(error?.code == .malformedDocument)
        #expect(error?.correlationID != nil)
    }

    @Test func aProviderWithoutSuchAnEndpointIsNamed() async throws {
        let application = try ScriptedProvider().makePublicApplication()
        let error = await authenticationError { try await application.startDeviceCodeFlow(scopes: ["User.Read"]) }
        #expect(error?.code == .endpointMissing)
    }

    @Test func outagesAreWaitedOutForLongerAndLonger() {
        var polling = DeviceCodePolling(
            DeviceCodeFlow(
                userCode: "A",
                verificationURI: "https://x.example",
                verificationURIComplete: nil,
                message: nil,
                expiresOn: Date(timeIntervalSince1970: 900),
                interval: 5,
                deviceCode: Secret("d"),
                scopes: [],
                claims: nil,
                authority: "https://x.example",
                correlationID: "c"
            )
        )
        let outage = AuthenticationError(.transient, .unreachable, "down")
        for expected in [10, 20, 40, 60, 60] {
            guard case .wait(let pause) = polling.next(after: outage, at: Date(timeIntervalSince1970: 0)) else {
                Issue.record("it gave up")
                return
            }
            #expect(pause == .seconds(expected))
        }
        guard case .fail(let error) = polling.next(after: outage, at: Date(timeIntervalSince1970: 850)) else {
            Issue.record("it waits beyond the end of the code")
            return
        }
        #expect(error.code == .flowExpired)
    }
}
