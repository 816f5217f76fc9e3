// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// How grants are held back after a provider asked for it.
@Suite struct ThrottledGrantTests {
    let scope = "https://graph.microsoft.com/.default"

    /// A provider whose token endpoint answers a status.
    private func provider(_ status: HTTPResponse.Status, after: String? = nil) -> ScriptedProvider {
        let provider = ScriptedProvider()
        provider.change { script in
            script.answers[provider.path(.token)] = {
                var answer = TransportResponse.json(#"{"error":"invalid_client"}"#, status: status)
                answer.head.headerFields[.retryAfter] = after
                return answer
            }
        }
        return provider
    }

    /// An answer and the seconds for which equal requests are held back after it.
    struct Pause: Sendable {
        var status: HTTPResponse.Status
        var after: String?
        var seconds: Int
    }

    @Test(arguments: [
        Pause(status: .tooManyRequests, after: "17", seconds: 17), Pause(status: .tooManyRequests, seconds: 5),
        Pause(status: .serviceUnavailable, seconds: 5), Pause(status: .badRequest, after: "3", seconds: 3),
        Pause(status: .internalServerError, after: "Tue, 01 Sep 2026 10:00:20 GMT", seconds: 20),
    ])
    func anEqualRequestIsNotSentUntilThePauseIsOver(_ pause: Pause) async throws {
        let provider = provider(pause.status, after: pause.after)
        let application = try provider.makeApplication()
        let first = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        provider.time.advance(by: .seconds(pause.seconds - 1))
        let second = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        #expect(second?.kind == first?.kind)
        #expect(second?.code == first?.code)
        #expect(second?.httpStatus == pause.status.code)
        #expect(second?.retryAfter == .seconds(1))
        #expect(second?.message.contains("was not sent") == true)
        #expect(provider.count(.token) == 1)
        provider.time.advance(by: .seconds(1))
        provider.change { $0.answers = [:] }
        _ = try await application.acquireTokenForClient(scopes: [scope])
        #expect(provider.count(.token) == 2)
    }

    @Test func aRefusalWithoutAPauseIsAskedAgain() async throws {
        let provider = provider(.unauthorized)
        let application = try provider.makeApplication()
        for _ in 0..<2 {
            _ = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        }
        #expect(provider.count(.token) == 2)
    }

    @Test func noConnectionIsTriedAgain() async throws {
        let provider = ScriptedProvider()
        provider.change { $0.answers[provider.path(.token)] = { throw TransportError.timedOut } }
        let application = try provider.makeApplication()
        for _ in 0..<2 {
            _ = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        }
        #expect(provider.count(.token) == 2)
    }

    @Test func otherScopesAreNotHeldBack() async throws {
        let provider = provider(.tooManyRequests)
        let application = try provider.makeApplication()
        for scope in [scope, "api://other/.default"] {
            _ = await authenticationError { try await application.acquireTokenForClient(scopes: [scope]) }
        }
        #expect(provider.count(.token) == 2)
    }

    @Test func aSignInIsNeverHeldBack() async throws {
        let provider = provider(.tooManyRequests, after: "60")
        let application = try provider.makeApplication()
        for _ in 0..<2 {
            let error = await authenticationError { try await provider.signIn(application) }
            #expect(error?.kind == .throttled)
        }
        #expect(provider.count(.token) == 2)
        provider.change { $0.answers = [:] }
        #expect(try await provider.signIn(application).account != nil)
    }

    @Test func onePersonsPauseIsNobodyElses() async throws {
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let first = try #require(try await provider.signIn(application).account)
        provider.change { script in
            script.claims = {
                $0["sub"] = "subject-2"
                $0["oid"] = "22222222-2222-4333-8444-555555555555"
            }
            script.token = {
                $0["client_info"] = .string(
                    ScriptedProvider.clientInfo("22222222-2222-4333-8444-555555555555", ScriptedProvider.tenant)
                )
                $0["refresh_token"] = "refresh-of-the-second"
            }
        }
        let second = try #require(try await provider.signIn(application).account)
        #expect(first.homeAccountID != second.homeAccountID)
        provider.change { script in
            script.answers[provider.path(.token)] = { .json("{}", status: .tooManyRequests) }
        }
        for _ in 0..<2 {
            let error = await authenticationError {
                try await application.acquireTokenSilently(scopes: ["User.Read"], account: first, forceRefresh: true)
            }
            #expect(error?.kind == .throttled)
        }
        provider.change { $0.answers = [:] }
        let renewed = try await application.acquireTokenSilently(
            scopes: ["User.Read"],
            account: second,
            forceRefresh: true
        )
        #expect(renewed.source == .identityProvider)
        #expect(provider.count(.token) == 4)
    }
}
