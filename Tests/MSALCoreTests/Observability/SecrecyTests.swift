// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import Foundation
import HTTPTypes
import InMemoryLogging
import Logging
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// Every flow with everything switched on: what passed by in secret is in no log, span or tag.
@Suite struct SecrecyTests {
    typealias Provider = ScriptedProvider

    /// A flow, as somebody would run it.
    struct Flow: CustomTestStringConvertible {
        var name: String
        var run: @Sendable (Listener, Provider, ConfidentialClientApplication) async throws -> Void

        var testDescription: String { name }
    }

    private static let flows = [
        Flow(name: "sign-in, refresh, user info, sign-out") { _, provider, application in
            let result = try await provider.signIn(application)
            let account = try #require(result.account)
            _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
            let claims = #"{"access_token":{"nbf":{"essential":true}}}"#
            _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, claims: claims)
            _ = try await application.userInfo(for: result)
            try await application.removeAccount(account)
        },
        Flow(name: "client credentials") { _, _, application in
            for _ in 0..<2 { _ = try await application.acquireTokenForClient(scopes: ["api://one/.default"]) }
        },
        Flow(name: "on behalf of") { _, _, application in
            for _ in 0..<2 {
                _ = try await application.acquireTokenOnBehalfOf(Secret("caller-secret"), scopes: ["User.Read"])
            }
            let (_, key) = try await application.startLongRunningOnBehalfOf(
                Secret("caller-secret"),
                scopes: ["User.Read"]
            )
            _ = try await application.continueLongRunningOnBehalfOf(sessionKey: key, scopes: ["User.Read"])
            try await application.stopLongRunningOnBehalfOf(sessionKey: key)
        },
        Flow(name: "device code") { listener, provider, _ in
            let application = try listener.makePublicApplication(on: provider)
            let flow = try await application.startDeviceCodeFlow(scopes: ["User.Read"])
            _ = try await application.acquireToken(completing: flow)
        },
        Flow(name: "user name and password") { listener, provider, _ in
            _ = try await listener.makePublicApplication(on: provider).acquireToken(
                byPassword: Secret("pass-word-secret"),
                of: "ada@contoso.example",
                ["User.Read"],
                nil,
                RequestOptions()
            )
        },
        Flow(name: "refresh token from elsewhere") { _, _, application in
            _ = try await application.acquireToken(byRefreshToken: Secret("elsewhere-secret"), scopes: ["User.Read"])
        },
        Flow(name: "agent") { listener, _, application in
            // Its applications are made on the way.
            _ = try await withMetricsFactory(listener.metrics) {
                try await application.acquireTokenForAgent(
                    Provider.clientID,
                    on: .username("ada@contoso.example"),
                    scopes: ["User.Read"]
                )
            }
        },
        Flow(name: "assertion by callback") { listener, provider, _ in
            let application = try listener.makeApplication(on: provider) {
                $0.credential = .assertion { _ in Secret("assertion-secret") }
            }
            _ = try await application.acquireTokenForClient(scopes: ["api://one/.default"])
        },
        Flow(name: "a renewal that fails") { _, provider, application in
            provider.change { $0.token = { $0["refresh_in"] = 1_800 } }
            let account = try #require(try await provider.signIn(application).account)
            provider.time.advance(by: .seconds(2_700))
            provider.change { script in
                script.answers["/\(Provider.tenant)/oauth2/v2.0/token"] = { .json(Self.refusal, status: .badRequest) }
            }
            _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
            await application.refreshes.drain()
            provider.time.advance(by: .seconds(2_700))
            let error = await authenticationError {
                try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
            }
            #expect(error != nil)
        },
        Flow(name: "an answer that is none") { _, provider, application in
            provider.change { script in
                script.answers["/\(Provider.tenant)/oauth2/v2.0/token"] = {
                    .json(#"["access-1", "refresh-1", "ada@contoso.example"]"#)
                }
            }
            #expect(
                await authenticationError {
                    try await application.acquireTokenForClient(scopes: ["api://one/.default"])
                } != nil
            )
        },
        Flow(name: "no answer") { _, provider, application in
            let account = try #require(try await provider.signIn(application).account)
            provider.change { script in
                script.answers["/\(Provider.tenant)/oauth2/v2.0/token"] = {
                    throw TransportError.unreachable("access-1 refresh-1")
                }
            }
            let error = await authenticationError {
                try await application.acquireTokenSilently(scopes: ["new"], account: account)
            }
            #expect(error != nil)
        },
    ]

    /// A refusal whose words name the person.
    private static let refusal = """
        {"error":"invalid_grant","suberror":"ada@contoso.example",\
        "error_description":"AADSTS50173: The grant of ada@contoso.example was revoked: refresh-1."}
        """

    @Test(arguments: flows, [false, true])
    func nothingSecretIsInLogsSpansOrTags(_ flow: Flow, withStore: Bool) async throws {
        let listener = Listener()
        let provider = Provider { script in
            let path = "/\(Provider.tenant)/oauth2/v2.0/devicecode"
            script.metadata = { $0["device_authorization_endpoint"] = .string(Provider.origin + path) }
            script.answers[path] = {
                .json(
                    #"{"user_code":"ABCD1234","device_code":"device-secret","verification_uri":"https://microsoft.com/devicelogin","expires_in":900,"interval":5}"#
                )
            }
        }
        let store = SwitchedTokenStore(time: provider.time)
        let tokens = withStore ? TokenPersistence(store: store, keys: KeyRing(.random())) : nil
        let application = try listener.makeApplication(on: provider, tokens: tokens)
        try await flow.run(listener, provider, application)
        let texts = listener.texts
        #expect(!listener.spans("msal.acquire_token").isEmpty)
        #expect(!listener.log.entries.isEmpty)
        #expect(!listener.tags(MSALMetrics.requestDuration).isEmpty)
        let secrets = Self.secrets(of: provider.transport.requests)
        #expect(!secrets.isEmpty)
        for secret in secrets {
            let telling = texts.first { $0.contains(secret) }
            #expect(telling == nil, "something of '\(flow.name)' was told")
        }
    }

    @Test(arguments: flows) func everyMessageIsConstantAndItsValuesLieUnderOneName(_ flow: Flow) async throws {
        let listener = Listener()
        let provider = Provider { script in
            let path = "/\(Provider.tenant)/oauth2/v2.0/devicecode"
            script.metadata = { $0["device_authorization_endpoint"] = .string(Provider.origin + path) }
            script.answers[path] = {
                .json(
                    #"{"user_code":"ABCD1234","device_code":"device-secret","verification_uri":"https://microsoft.com/devicelogin"}"#
                )
            }
        }
        try await flow.run(listener, provider, try listener.makeApplication(on: provider))
        for entry in listener.log.entries {
            #expect(entry.metadata.keys.allSatisfy { $0.hasPrefix("msal.") })
            #expect(!"\(entry.message)".contains { $0.isNumber || $0 == ":" || $0 == "@" })
            #expect(entry.level <= .info)
        }
    }

    /// What no one may be told: what the requests proved something with, whose they were, and what the answers held.
    private static func secrets(of requests: [TransportRequest]) -> Set<String> {
        let names = [
            "client_secret", "client_assertion", "code", "code_verifier", "refresh_token", "assertion", "password",
            "device_code", "username", "user_federated_identity_credential",
        ]
        var secrets: Set = [
            "access-1", "refresh-1", "device-secret", "ABCD1234", "ada@contoso.example", Provider.object, "s3cr:t",
        ]
        for request in requests {
            let fields = form(request)
            secrets.formUnion(names.compactMap { fields[$0] }.filter { !$0.isEmpty })
            if let proof = request.head.headerFields[.authorization] { secrets.insert(proof) }
        }
        return secrets
    }
}
