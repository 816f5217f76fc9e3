// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import MSALTesting
import ServiceLifecycle
import Testing

@testable import MSALCore

@Suite struct ClientCredentialsCacheTests {
    private let provider = ScriptedProvider()
    private let scopes = ["api://claims/.default"]

    private func application(
        store: (any TokenStore)? = nil,
        keys: KeyRing = KeyRing(.random()),
        outcomes: AsyncStream<BackgroundRefresh>.Continuation? = nil
    ) throws -> ConfidentialClientApplication {
        var configuration = ApplicationConfiguration(
            clientID: ScriptedProvider.clientID,
            authority: try provider.authority,
            credential: .secret(Secret("secret"))
        )
        // Each request is counted, and nobody moves the time on for a second try.
        configuration.retry = .never
        if let outcomes { configuration.onBackgroundRefresh = { outcomes.yield($0) } }
        return try ConfidentialClientApplication(
            configuration: configuration,
            transport: provider.transport,
            tokens: store.map { TokenPersistence(store: $0, keys: keys) },
            time: provider.time
        )
    }

    @Test func anAgingTokenIsHandedOutAndRenewedInTheBackground() async throws {
        provider.change { $0.token = { $0["refresh_in"] = 1_800 } }
        let (stream, outcomes) = AsyncStream.makeStream(of: BackgroundRefresh.self)
        let application = try application(outcomes: outcomes)
        let first = try await application.acquireTokenForClient(scopes: scopes)
        #expect(first.refreshReason == .noToken)
        #expect(first.refreshOn == provider.time.now.addingTimeInterval(1_800))
        provider.time.advance(by: .seconds(2_200))
        let aging = try await application.acquireTokenForClient(scopes: scopes)
        #expect(aging.source == .cache)
        #expect(aging.refreshReason == .proactive)
        var seen = stream.makeAsyncIterator()
        let outcome = await seen.next()
        #expect(outcome?.error == nil)
        #expect(outcome?.account == nil)
        #expect(outcome?.scopes == scopes)
        #expect(provider.count(.token) == 2)
        let renewed = try await application.acquireTokenForClient(scopes: scopes)
        #expect(renewed.source == .cache)
        #expect(
            renewed.expiresOn
                == provider.time.now.addingTimeInterval(
                    first.expiresOn.timeIntervalSince(first.refreshOn ?? .distantPast) + 1_800
                )
        )
    }

    @Test func aRenewalThatFailsIsToldAndTheTokenStaysInUse() async throws {
        provider.change { $0.token = { $0["refresh_in"] = 1_800 } }
        let (stream, outcomes) = AsyncStream.makeStream(of: BackgroundRefresh.self)
        let application = try application(outcomes: outcomes)
        _ = try await application.acquireTokenForClient(scopes: scopes)
        provider.time.advance(by: .seconds(2_200))
        provider.change { $0.answers[provider.path(.token)] = { throw TransportError.timedOut } }
        #expect(try await application.acquireTokenForClient(scopes: scopes).refreshReason == .proactive)
        var seen = stream.makeAsyncIterator()
        #expect((await seen.next()?.error as? AuthenticationError)?.kind == .transient)
        let again = try await application.acquireTokenForClient(scopes: scopes)
        #expect(again.source == .cache)
        #expect(again.refreshReason == nil)
    }

    @Test func whileTheProviderIsDownATokenServesAsLongAsTheProviderGrantedAndNoLonger() async throws {
        provider.change { $0.token = { $0["ext_expires_in"] = 7_200 } }
        let application = try application()
        let start = provider.time.now
        let first = try await application.acquireTokenForClient(scopes: scopes)
        provider.change { $0.answers[provider.path(.token)] = { throw TransportError.timedOut } }
        provider.time.advance(by: .seconds(7_199))
        let result = try await application.acquireTokenForClient(scopes: scopes)
        #expect(result.source == .cache)
        #expect(result.accessToken == first.accessToken)
        #expect(result.expiresOn == start.addingTimeInterval(7_200))
        let challenged = await authenticationError {
            try await application.acquireTokenForClient(scopes: scopes, claims: "{}")
        }
        #expect(challenged?.kind == .transient)
        provider.time.advance(by: .seconds(1))
        let error = await authenticationError { try await application.acquireTokenForClient(scopes: scopes) }
        #expect(error?.kind == .transient)
    }

    @Test func aClaimsChallengePassesOverTheCacheAndIsSent() async throws {
        let application = try application()
        _ = try await application.acquireTokenForClient(scopes: scopes)
        let claims = #"{"access_token":{"nbf":{"essential":true}}}"#
        let result = try await application.acquireTokenForClient(scopes: scopes, claims: claims)
        #expect(result.source == .identityProvider)
        #expect(result.refreshReason == .claims)
        #expect(provider.transport.requests(to: provider.path(.token)).map { form($0)["claims"] } == [nil, claims])
    }

    @Test func machinesThatShareAStoreShareTheTokenAndForgetItTogether() async throws {
        let (store, keys) = (MemoryTokenStore(), KeyRing(.random()))
        let one = try application(store: store, keys: keys)
        let other = try application(store: store, keys: keys)
        let first = try await one.acquireTokenForClient(scopes: scopes)
        let second = try await other.acquireTokenForClient(scopes: ["API://claims/.default"])
        #expect(second.source == .cache)
        #expect(second.accessToken == first.accessToken)
        #expect(provider.count(.token) == 1)
        try await one.removeTokensForClient()
        #expect(try await one.acquireTokenForClient(scopes: scopes).source == .identityProvider)
    }

    @Test(.timeLimit(.minutes(1))) func aServiceGroupThatShutsDownEndsTheApplication() async throws {
        let application = try application(store: MemoryTokenStore())
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [application], logger: application.logger)
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            while provider.time.sleeperCount == 0 { await Task.yield() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(provider.time.sleeperCount == 0)
    }
}
