// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import InMemoryTracing
import MSALJWT
import MSALTesting
import Testing
import Tracing

@testable import MSALCore

/// The spans of acquisitions, requests and stores.
@Suite struct AcquireSpanTests {
    private let scopes = ["https://graph.microsoft.com/.default"]
    private let listener = Listener()

    @Test func aTokenFromTheProviderIsASpanWithItsRequestsInside() async throws {
        let provider = ScriptedProvider()
        let application = try listener.makeApplication(on: provider)
        let result = try await application.acquireTokenForClient(scopes: scopes)
        let span = try #require(listener.spans("msal.acquire_token").first)
        #expect(span.text("msal.api") == "client")
        #expect(span.text("msal.outcome") == "success")
        #expect(span.text("msal.token_source") == "identityProvider")
        #expect(span.text("msal.refresh_reason") == "noToken")
        #expect(span.text("msal.client_id") == ScriptedProvider.clientID)
        #expect(span.text("msal.authority.kind") == "entra")
        #expect(span.text("msal.authority.host") == "login.microsoftonline.com")
        #expect(span.text("msal.tenant_id") == ScriptedProvider.tenant)
        #expect(span.text("msal.scopes") == scopes[0])
        #expect(span.text("msal.correlation_id") == result.correlationID)
        #expect(span.status == nil)
        let requests = listener.spans("msal.http")
        #expect(requests.map { $0.text("http.request.method") } == ["GET", "POST"])
        for request in requests {
            #expect(request.parentSpanID == span.spanID)
            #expect(request.kind == .client)
            #expect(request.text("server.address") == "login.microsoftonline.com")
            #expect(request.text("http.response.status_code") == "200")
            #expect(request.text("msal.correlation_id") == result.correlationID)
            #expect(request.text("http.request.resend_count") == nil)
        }
    }

    @Test func aHitIsASpanOfItsOwnInsideItsCallers() async throws {
        let provider = ScriptedProvider()
        let application = try listener.makeApplication(on: provider)
        _ = try await application.acquireTokenForClient(scopes: scopes)
        listener.tracer.clearFinishedSpans()
        try await listener.tracer.withSpan("request") { _ in
            _ = try await application.acquireTokenForClient(scopes: scopes)
        }
        let span = try #require(listener.spans("msal.acquire_token").first)
        #expect(span.text("msal.token_source") == "cache")
        #expect(span.text("msal.refresh_reason") == "none")
        #expect(span.parentSpanID == listener.spans("request").first?.spanID)
        #expect(span.startInstant.nanosecondsSinceEpoch <= span.endInstant.nanosecondsSinceEpoch)
        #expect(listener.spans("msal.http").isEmpty)
    }

    @Test func aRenewalInTheBackgroundIsASpanToo() async throws {
        let provider = ScriptedProvider { $0.token = { $0["refresh_in"] = 1_800 } }
        let application = try listener.makeApplication(on: provider)
        _ = try await application.acquireTokenForClient(scopes: scopes)
        provider.time.advance(by: .seconds(2_700))
        listener.tracer.clearFinishedSpans()
        #expect(try await application.acquireTokenForClient(scopes: scopes).refreshReason == .proactive)
        await application.clientGrants.drain()
        let sources = listener.spans("msal.acquire_token").map { $0.text("msal.token_source") }
        #expect(Set(sources) == ["cache", "identityProvider"])
        #expect(
            listener.spans("msal.acquire_token").map { $0.text("msal.refresh_reason") } == ["proactive", "proactive"]
        )
        #expect(listener.count(MSALMetrics.backgroundRefreshes, "outcome=success") == 1)
    }

    @Test func aFailureIsToldByItsCodes() async throws {
        let provider = ScriptedProvider { script in
            script.answers["/\(ScriptedProvider.tenant)/oauth2/v2.0/token"] = {
                .json(
                    #"{"error":"invalid_client","error_description":"AADSTS7000215: for ada@contoso.example"}"#,
                    status: .unauthorized
                )
            }
        }
        let application = try listener.makeApplication(on: provider)
        let error = await authenticationError { try await application.acquireTokenForClient(scopes: scopes) }
        let span = try #require(listener.spans("msal.acquire_token").first)
        #expect(span.text("msal.outcome") == "failure")
        #expect(span.text("error.type") == "server")
        #expect(span.text("msal.error.kind") == "misconfigured")
        #expect(span.text("msal.error.code") == "server")
        #expect(span.text("msal.error.server_error") == "invalid_client")
        #expect(span.text("msal.error.aadsts") == "7000215")
        #expect(span.text("http.response.status_code") == "401")
        #expect(span.text("msal.correlation_id") == error?.correlationID)
        #expect(span.status?.code == .error)
        // An error's texts may be the provider's.
        #expect(span.errors.isEmpty)
        #expect(span.status?.message == nil)
    }

    @Test func aSecondTryIsARequestOfItsOwn() async throws {
        let failures = Counter()
        let provider = ScriptedProvider { script in
            script.answers["/\(ScriptedProvider.tenant)/oauth2/v2.0/token"] = {
                failures.next() == 1
                    ? .json("{}", status: .serviceUnavailable)
                    : .json(#"{"token_type":"Bearer","expires_in":3599,"access_token":"access-1"}"#)
            }
        }
        let time = ManualTime(skipsSleeps: true)
        let application = try listener.makeApplication(on: provider, time: time) { $0.retry = .once }
        _ = try await application.acquireTokenForClient(scopes: scopes)
        let posts = listener.spans("msal.http").filter { $0.text("http.request.method") == "POST" }
        #expect(posts.map { $0.text("http.response.status_code") } == ["503", "200"])
        #expect(posts.map { $0.text("http.request.resend_count") } == [nil, "1"])
        #expect(listener.durations(MSALMetrics.requestDuration, "method=POST").count == 2)
    }

    @Test func aRequestWithoutAnswerIsAnError() async throws {
        let provider = ScriptedProvider { script in
            script.answers["/\(ScriptedProvider.tenant)/oauth2/v2.0/token"] = { throw TransportError.timedOut }
        }
        let application = try listener.makeApplication(on: provider)
        _ = await authenticationError { try await application.acquireTokenForClient(scopes: scopes) }
        let span = try #require(listener.spans("msal.http").last)
        #expect(span.status?.code == .error)
        #expect(span.text("error.type") == "TransportError")
        #expect(listener.durations(MSALMetrics.requestDuration, "status=none").count == 1)
    }

    @Test func nothingOfATraceGoesToTheProvider() async throws {
        let provider = ScriptedProvider()
        let application = try listener.makeApplication(on: provider)
        try await listener.tracer.withSpan("request") { _ in
            _ = try await application.acquireTokenForClient(scopes: scopes)
        }
        #expect(listener.tracer.performedContextInjections.isEmpty)
        let names = provider.transport.requests.flatMap { $0.head.headerFields.map(\.name.canonicalName) }
        #expect(!names.contains { $0.contains("trace") })
    }

    @Test func aStoreIsToldByItsOperationsAndNotByWhoseTokensItHolds() async throws {
        let provider = ScriptedProvider()
        let store = SwitchedTokenStore(time: provider.time)
        let tokens = TokenPersistence(store: store, keys: KeyRing(.random()))
        let application = try listener.makeApplication(on: provider, tokens: tokens)
        let account = try #require(try await provider.signIn(application).account)
        #expect(listener.spans("msal.store").map { $0.text("msal.store.operation") } == ["write"])
        listener.tracer.clearFinishedSpans()
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        let acquire = try #require(listener.spans("msal.acquire_token").first)
        let operations = listener.spans("msal.store")
        #expect(
            Set(operations.map { $0.text("msal.store.operation") }) == ["takeLease", "read", "write", "releaseLease"]
        )
        #expect(operations.allSatisfy { $0.text("msal.store.outcome") == "success" && $0.traceID == acquire.traceID })
        store.switchOff(Set(SwitchedTokenStore.Operation.allCases))
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        #expect(listener.spans("msal.store").contains { $0.text("msal.store.outcome") == "failure" })
        #expect(!listener.durations(MSALMetrics.storeDuration, "operation=read", "outcome=failure").isEmpty)
        #expect(!listener.texts.contains { $0.contains(account.homeAccountID) })
    }

    @Test func whoeverJoinsAFlightHasASpanAndNoRequests() async throws {
        let provider = ScriptedProvider()
        let application = try listener.makeApplication(on: provider)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask { [scopes] in _ = try await application.acquireTokenForClient(scopes: scopes) }
            }
            try await group.waitForAll()
        }
        #expect(listener.spans("msal.acquire_token").count == 20)
        #expect(listener.spans("msal.http").count == 2)
        #expect(Set(listener.spans("msal.http").map(\.traceID)).count == 1)
    }
}
