// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// Long work on behalf of callers on machines that share a store.
@Suite struct LongRunningStoreTests {
    private let scopes = ["https://graph.microsoft.com/User.Read"]
    private let provider: ScriptedProvider
    private let store: SwitchedTokenStore
    private let keys = KeyRing(.random())

    init() {
        provider = ScriptedProvider()
        store = SwitchedTokenStore(time: provider.time)
    }

    /// A machine, or the same one after a restart.
    private func machine() throws -> ConfidentialClientApplication {
        try ConfidentialClientApplication(
            configuration: ApplicationConfiguration(
                clientID: ScriptedProvider.clientID,
                authority: try provider.authority,
                credential: .secret(Secret("s"))
            ),
            transport: provider.transport,
            tokens: TokenPersistence(store: store, keys: keys),
            time: provider.time
        )
    }

    @Test func aSessionGoesOnElsewhereWithItsTokensAndItsRefreshToken() async throws {
        let (first, key) = try await machine().startLongRunningOnBehalfOf(Secret("caller-1"), scopes: scopes)
        let second = try machine()
        let next = try await second.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes)
        #expect(next.source == .cache)
        #expect(next.accessToken == first.accessToken)
        provider.time.advance(by: .seconds(3_500))
        let renewed = try await second.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes)
        #expect(renewed.source == .identityProvider)
        #expect(provider.lastForm["refresh_token"] == "refresh-1")
        // What it renewed serves the next one.
        #expect(try await machine().continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes).source == .cache)
        #expect(provider.count(.token) == 2)
    }

    @Test func aBoundSessionGoesOnBound() async throws {
        var options = RequestOptions()
        options.binding = .signedRequests(try ProofOfPossession(algorithm: .es256))
        provider.change { [unowned provider] script in
            script.token = { $0["token_type"] = .string(provider.lastForm["token_type"] ?? "Bearer") }
        }
        let (_, key) = try await machine().startLongRunningOnBehalfOf(
            Secret("caller-1"),
            scopes: scopes,
            options: options
        )
        let bound = try await machine().continueLongRunningOnBehalfOf(
            sessionKey: key,
            scopes: scopes,
            options: options
        )
        #expect(bound.source == .cache)
        #expect(bound.tokenType == "pop")
    }

    @Test func aSessionIsNobodysAccountAndIsNotExported() async throws {
        let application = try machine()
        let (_, key) = try await application.startLongRunningOnBehalfOf(Secret("caller-1"), scopes: scopes)
        #expect(try await machine().accounts().isEmpty)
        let exported = String(decoding: try await machine().exportCache(), as: UTF8.self)
        #expect(!exported.contains("access-1") && !exported.contains("refresh-1"))
        let partitions = try await store.partitions(.onBehalfOf, after: nil, limit: 10)
        #expect(partitions.count == 1)
        #expect(partitions.allSatisfy { !$0.name.contains(key) })
    }

    @Test func aSessionThatWasStoppedIsNoLongerAnywhere() async throws {
        let (_, key) = try await machine().startLongRunningOnBehalfOf(Secret("caller-1"), scopes: scopes)
        #expect(try await machine().stopLongRunningOnBehalfOf(sessionKey: key))
        #expect(try await !machine().stopLongRunningOnBehalfOf(sessionKey: key))
        let error = await authenticationError {
            try await machine().continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes)
        }
        #expect(error?.code == .noTokenInCache)
        #expect(try await store.partitions(.onBehalfOf, after: nil, limit: 10).isEmpty)
    }

    @Test func aKeyThatIsUsedAgainElsewhereServesTheNewCallerAlone() async throws {
        _ = try await machine().startLongRunningOnBehalfOf(Secret("caller-1"), sessionKey: "job", scopes: scopes)
        _ = try await machine().startLongRunningOnBehalfOf(
            Secret("caller-2"),
            sessionKey: "job",
            scopes: ["api://other/Read"]
        )
        let result = try await machine().continueLongRunningOnBehalfOf(sessionKey: "job", scopes: scopes)
        // The first caller's token went.
        #expect(result.source == .identityProvider)
        #expect(provider.lastForm["grant_type"] == "refresh_token")
    }

    @Test func twoCallersUnderOneKeyGetNothingOfEachOthers() async throws {
        _ = try await machine().startLongRunningOnBehalfOf(Secret("caller-1"), sessionKey: "job", scopes: scopes)
        let partition = OnBehalf.partition(ofSession: "job")
        let other = try machine()
        // Somebody else's entries came into the store beside the first one's, as when both started at the same moment.
        let guest = Account(
            homeAccountID: "22222222-2222-4333-8444-555555555555.\(ScriptedProvider.otherTenant)",
            environment: "login.microsoftonline.com",
            tenantID: ScriptedProvider.otherTenant,
            localAccountID: "22222222-2222-4333-8444-555555555555",
            username: "bob@contoso.example",
            name: nil
        ).changed { $0.partition = partition }
        let changes = CacheChanges(put: [.account(UserRealm(account: guest))])
        #expect(
            try await other.vault?.save(changes, of: partition, isConditional: false, at: provider.time.now) == true
        )
        let error = await authenticationError {
            try await machine().continueLongRunningOnBehalfOf(sessionKey: "job", scopes: scopes)
        }
        #expect(error?.code == .noTokenInCache)
    }

    @Test func withoutTheStoreAKeyOfOnesOwnIsNotStartedAnewAndNotStopped() async throws {
        let application = try machine()
        _ = try await application.startLongRunningOnBehalfOf(Secret("caller-1"), sessionKey: "job", scopes: scopes)
        store.switchOff(Set(SwitchedTokenStore.Operation.allCases))
        let started = await authenticationError {
            try await application.startLongRunningOnBehalfOf(Secret("caller-2"), sessionKey: "job", scopes: scopes)
        }
        #expect(started?.code == .storeUnavailable)
        let stopped = await authenticationError {
            try await application.stopLongRunningOnBehalfOf(sessionKey: "job")
        }
        #expect(stopped?.code == .storeUnavailable)
        // A fresh key needs nothing of the store.
        let (_, key) = try await application.startLongRunningOnBehalfOf(Secret("caller-3"), scopes: scopes)
        #expect(try await application.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes).source == .cache)
    }
}
