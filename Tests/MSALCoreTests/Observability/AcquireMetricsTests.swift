// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import InMemoryTracing
import Logging
import MSALTesting
import Testing
import Tracing

@testable import MSALCore

/// What is counted of acquisitions.
@Suite struct AcquireMetricsTests {
    private let scopes = ["https://graph.microsoft.com/.default"]
    private let listener = Listener()

    @Test func aTokenFromTheProviderIsCountedAndTimed() async throws {
        let application = try listener.makeApplication(on: ScriptedProvider())
        _ = try await application.acquireTokenForClient(scopes: scopes)
        #expect(
            listener.tags(MSALMetrics.success) == [
                [
                    "client_id=\(ScriptedProvider.clientID)", "api=client", "source=identityProvider",
                    "refresh_reason=noToken",
                ]
            ]
        )
        #expect(listener.count(MSALMetrics.success) == 1)
        #expect(listener.count(MSALMetrics.failure) == 0)
        let total = try #require(listener.durations(MSALMetrics.duration, "outcome=success").first)
        let http = try #require(listener.durations(MSALMetrics.httpDuration, "api=client").first)
        let cache = try #require(listener.durations(MSALMetrics.cacheDuration, "api=client").first)
        #expect(total > 0 && http > 0 && http <= total && cache <= total)
        #expect(listener.durations(MSALMetrics.remainingLifetime) == [3_599_000_000_000])
        #expect(listener.durations(MSALMetrics.requestDuration, "status=200").count == 2)
    }

    @Test func everyHitIsCountedAndTheFirstOfABatchTimed() async throws {
        let provider = ScriptedProvider()
        let application = try listener.makeApplication(on: provider)
        _ = try await application.acquireTokenForClient(scopes: scopes)
        for _ in 0..<HitCounts.batch { _ = try await application.acquireTokenForClient(scopes: scopes) }
        #expect(listener.count(MSALMetrics.success, "source=cache") == Int64(HitCounts.batch))
        for _ in 0..<44 { _ = try await application.acquireTokenForClient(scopes: scopes) }
        #expect(listener.count(MSALMetrics.success, "source=cache") == Int64(HitCounts.batch))
        try await application.keepInOrder(includingStore: false)
        #expect(listener.count(MSALMetrics.success, "source=cache", "refresh_reason=none") == 300)
        #expect(listener.durations(MSALMetrics.duration, "source=cache").count == 2)
        #expect(listener.durations(MSALMetrics.httpDuration).count == 1)
    }

    @Test func theHitsBeforeAMissAreToldWithIt() async throws {
        let application = try listener.makeApplication(on: ScriptedProvider())
        _ = try await application.acquireTokenForClient(scopes: scopes)
        for _ in 0..<7 { _ = try await application.acquireTokenForClient(scopes: scopes) }
        _ = try await application.acquireTokenForClient(scopes: ["api://other/.default"])
        #expect(listener.count(MSALMetrics.success, "source=cache") == 7)
        #expect(listener.count(MSALMetrics.success, "source=identityProvider") == 2)
    }

    @Test func noHitIsLostOrCountedTwiceWhenManyCountAtOnce() async throws {
        let counts = HitCounts()
        let tokens = (0..<8).map {
            CachedAccessToken(secret: Secret("\($0)"), scopes: [], cachedAt: .now, expiresOn: .now)
        }
        let told = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<5_000).reduce(0) { sum, hit in
                        guard case .full(let count) = counts.add(.silent, tokens[(task + hit) % 8]) else { return sum }
                        return sum + count
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(told > 0)
        #expect(told + counts.take(.silent) == 40_000)
        #expect(counts.take(.silent) == 0)
        #expect(counts.take(.client) == 0)
    }

    @Test func aFailureIsCountedByItsCodes() async throws {
        let provider = ScriptedProvider { script in
            script.answers["/\(ScriptedProvider.tenant)/oauth2/v2.0/token"] = {
                .json(
                    #"{"error":"invalid_client","error_description":"AADSTS7000215: no"}"#,
                    status: .unauthorized
                )
            }
        }
        let application = try listener.makeApplication(on: provider)
        _ = await authenticationError { try await application.acquireTokenForClient(scopes: scopes) }
        #expect(
            listener.tags(MSALMetrics.failure) == [
                [
                    "client_id=\(ScriptedProvider.clientID)", "api=client", "error_kind=misconfigured",
                    "error_code=server", "server_error=invalid_client", "aadsts=7000215", "status=401",
                ]
            ]
        )
        #expect(listener.durations(MSALMetrics.duration, "outcome=failure", "source=none").count == 1)
        #expect(listener.count(MSALMetrics.success) == 0)
    }

    @Test(arguments: [
        (#"{"error":"ada@contoso.example"}"#, "server_error=other"),
        (#"{"error":"invalid_grant","error_description":"AADSTS99999999: made up"}"#, "aadsts=other"),
        (#"{"error":"invalid_grant"}"#, "aadsts=none"),
    ]) func wordsOfTheProvidersOwnAreNoTags(answer: String, tag: String) async throws {
        let provider = ScriptedProvider { script in
            script.answers["/\(ScriptedProvider.tenant)/oauth2/v2.0/token"] = { .json(answer, status: .badRequest) }
        }
        let application = try listener.makeApplication(on: provider)
        _ = await authenticationError { try await application.acquireTokenForClient(scopes: scopes) }
        #expect(listener.count(MSALMetrics.failure, tag) == 1)
        #expect(!listener.texts.contains { $0.contains("ada@contoso.example") })
        // A number names nobody, so that a span may have it as it is.
        #expect(!listener.tags(MSALMetrics.failure).joined().contains { $0.contains("99999999") })
    }

    @Test func aCallThatIsCancelledIsNoFailure() async throws {
        let provider = ScriptedProvider { script in
            script.answers["/\(ScriptedProvider.tenant)/oauth2/v2.0/token"] = { throw CancellationError() }
        }
        let application = try listener.makeApplication(on: provider)
        await #expect(throws: CancellationError.self) {
            try await application.acquireTokenForClient(scopes: scopes)
        }
        #expect(listener.count(MSALMetrics.failure) == 0)
        #expect(listener.durations(MSALMetrics.duration, "outcome=cancelled").count == 1)
        let span = try #require(listener.spans("msal.acquire_token").first)
        #expect(span.text("msal.outcome") == "cancelled")
        #expect(span.status == nil)
    }

    @Test func whatIsOffWhenTheApplicationIsMadeIsNotThere() throws {
        var settings = try ScriptedProvider().makeApplication().configuration
        settings.applicationName = "quiet"
        let off = Instruments(settings, tracer: NoOpTracer(), logger: listener.logger(.debug))
        #expect(off.tracer == nil)
        #expect(off.watchesHits == (off.meters != nil))
        #expect(Instruments.off.meters == nil && !Instruments.off.watchesHits && !Instruments.off.isOn)
        #expect(Instruments(settings, tracer: NoOpTracer(), logger: listener.logger(.trace)).watchesHits)
        #expect(Instruments(settings, tracer: listener.tracer, logger: .silent).watchesHits)
    }

    @Test(arguments: [
        (Duration.seconds(1), Int64(1_000_000_000)), (.nanoseconds(7), 7), (.seconds(Int64.max), Int64.max),
        (.seconds(Int64.min), Int64.min), (.zero, 0),
    ]) func aDurationOfAnyLengthIsANumberOfNanoseconds(duration: Duration, expected: Int64) {
        #expect(duration.nanoseconds == expected)
    }
}
