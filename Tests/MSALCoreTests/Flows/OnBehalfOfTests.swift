// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct OnBehalfOfTests {
    private let scopes = ["https://graph.microsoft.com/User.Read"]

    @Test func theCallersTokenIsExchangedAndTheAnswerKeptForIt() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let first = try await application.acquireTokenOnBehalfOf(Secret("caller-1"), scopes: scopes)
        #expect(first.source == .identityProvider)
        #expect(first.account?.username == "ada@contoso.example")
        #expect(first.account?.homeAccountID == "\(ScriptedProvider.object).\(ScriptedProvider.tenant)")
        #expect(provider.lastForm["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer")
        #expect(provider.lastForm["assertion"] == "caller-1")
        #expect(provider.lastForm["requested_token_use"] == "on_behalf_of")
        #expect(provider.lastForm["scope"] == scopes[0] + " offline_access openid profile")
        #expect(try await application.acquireTokenOnBehalfOf(Secret("caller-1"), scopes: scopes).source == .cache)
        #expect(provider.count(.token) == 1)
    }

    @Test func anotherTokenOfTheSameCallerGetsItsOwn() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        _ = try await application.acquireTokenOnBehalfOf(Secret("caller-1"), scopes: scopes)
        let other = try await application.acquireTokenOnBehalfOf(Secret("caller-2"), scopes: scopes)
        #expect(other.source == .identityProvider)
        #expect(provider.count(.token) == 2)
    }

    @Test func nobodyElseGetsTheTokens() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let result = try await application.acquireTokenOnBehalfOf(Secret("caller-1"), scopes: scopes)
        #expect(try await application.accounts().isEmpty)
        let account = Account(
            homeAccountID: "\(ScriptedProvider.object).\(ScriptedProvider.tenant)",
            environment: "login.microsoftonline.com",
            tenantID: ScriptedProvider.tenant,
            localAccountID: ScriptedProvider.object,
            username: "",
            name: nil
        )
        #expect(try await application.account(homeAccountID: account.homeAccountID) == nil)
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: scopes, account: account)
        }
        #expect(error?.code == .noTokenInCache)
        #expect(!String(decoding: try await application.exportCache(), as: UTF8.self).contains("access-1"))
        #expect(result.accessToken == Secret("access-1"))
    }

    @Test func equalCallersShareOneRequest() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 {
                group.addTask { [scopes] in
                    _ = try await application.acquireTokenOnBehalfOf(Secret("caller-1"), scopes: scopes)
                }
            }
            try await group.waitForAll()
        }
        #expect(provider.count(.token) == 1)
    }

    @Test func aPolicysClaimsComeBackInTheError() async throws {
        let provider = ScriptedProvider { script in
            script.answers["/\(ScriptedProvider.tenant)/oauth2/v2.0/token"] = {
                .json(
                    #"{"error":"interaction_required","suberror":"basic_action","claims":"{\"access_token\":{}}"}"#,
                    status: .badRequest
                )
            }
        }
        let application = try provider.makeApplication()
        let error = await authenticationError {
            try await application.acquireTokenOnBehalfOf(Secret("caller-1"), scopes: scopes)
        }
        #expect(error?.kind == .interactionRequired)
        #expect(error?.claims == #"{"access_token":{}}"#)
    }

    @Test func aSessionGoesOnWithItsRefreshToken() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let (result, key) = try await application.startLongRunningOnBehalfOf(Secret("caller-1"), scopes: scopes)
        #expect(result.source == .identityProvider)
        let next = try await application.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes)
        #expect(next.source == .cache)
        provider.time.advance(by: .seconds(3_500))
        let renewed = try await application.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes)
        #expect(renewed.source == .identityProvider)
        #expect(provider.lastForm["grant_type"] == "refresh_token")
        #expect(provider.lastForm["refresh_token"] == "refresh-1")
        #expect(try await application.stopLongRunningOnBehalfOf(sessionKey: key))
        #expect(try await !application.stopLongRunningOnBehalfOf(sessionKey: key))
        let error = await authenticationError {
            try await application.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes)
        }
        #expect(error?.kind == .interactionRequired)
    }

    @Test func aSessionKeyThatIsUsedAgainServesTheNewCallerAlone() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        _ = try await application.startLongRunningOnBehalfOf(Secret("caller-1"), sessionKey: "job", scopes: scopes)
        let (second, _) = try await application.startLongRunningOnBehalfOf(
            Secret("caller-2"),
            sessionKey: "job",
            scopes: ["api://other/Read"]
        )
        #expect(second.source == .identityProvider)
        #expect(provider.lastForm["assertion"] == "caller-2")
        _ = try await application.continueLongRunningOnBehalfOf(sessionKey: "job", scopes: scopes)
        // The first caller's token went.
        #expect(provider.lastForm["grant_type"] == "refresh_token")
    }

    @Test func callersWhoStartUnderOneKeyAtOnceGetNoneButTheirOwnTokens() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for caller in 0..<20 {
                group.addTask { [scopes] in
                    _ = try await application.startLongRunningOnBehalfOf(
                        Secret("caller-\(caller)"),
                        sessionKey: "job",
                        scopes: scopes
                    )
                }
            }
            try await group.waitForAll()
        }
        let sent = provider.transport.requests(to: provider.path(.token)).map { form($0)["assertion"] }
        #expect(Set(sent).count == 20)
        #expect(sent.count == 20)
    }

    @Test(arguments: [([String](), "caller"), (["openid"], "caller"), (["User.Read"], "")])
    func whatCannotWorkIsRefusedBeforeAnyRequest(scopes: [String], assertion: String) async throws {
        let provider = ScriptedProvider()
        let error = await authenticationError {
            try await provider.makeApplication().acquireTokenOnBehalfOf(Secret(assertion), scopes: scopes)
        }
        #expect(error?.kind == .invalidCall)
        #expect(provider.transport.requests.isEmpty)
    }
}
