// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Logging
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
        let contents = try await TokenStoreContents(
            of: TokenPersistence(store: store, keys: keys),
            logger: Logger(label: "test")
        )
        #expect(contents.sessions == 1)
        #expect(contents.accounts.isEmpty && contents.tokens.isEmpty)
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
        // A fresh key needs nothing of the store, but only the store knows whose session it is by now.
        let (_, key) = try await application.startLongRunningOnBehalfOf(Secret("caller-3"), scopes: scopes)
        let unknown = await authenticationError {
            try await application.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes)
        }
        #expect(unknown?.kind == .transient)
        #expect(unknown?.code == .storeUnavailable)
        store.switchOff([])
        #expect(try await application.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes).source == .cache)
        // It has reached the store with that.
        #expect(try await machine().continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes).source == .cache)
    }

    @Test func aMachineThatHasAFormerCallersTokensInMemoryServesThemToNobody() async throws {
        let first = try machine()
        let (former, _) = try await first.startLongRunningOnBehalfOf(
            Secret("caller-1"),
            sessionKey: "job",
            scopes: scopes
        )
        provider.change { $0.token = { $0["access_token"] = "access-2" } }
        let second = try machine()
        _ = try await second.startLongRunningOnBehalfOf(Secret("caller-2"), sessionKey: "job", scopes: scopes)
        let next = try await first.continueLongRunningOnBehalfOf(sessionKey: "job", scopes: scopes)
        #expect(next.accessToken.reveal() == "access-2")
        #expect(next.accessToken != former.accessToken)
        try await second.stopLongRunningOnBehalfOf(sessionKey: "job")
        let error = await authenticationError {
            try await first.continueLongRunningOnBehalfOf(sessionKey: "job", scopes: scopes)
        }
        #expect(error?.code == .noTokenInCache)
    }

    @Test func aStartThatFailsTakesNothingAway() async throws {
        let application = try machine()
        _ = try await application.startLongRunningOnBehalfOf(Secret("caller-1"), sessionKey: "job", scopes: scopes)
        provider.change { script in
            script.answers[provider.path(.token)] = { .json(#"{"error":"invalid_grant"}"#, status: .badRequest) }
        }
        let error = await authenticationError {
            try await application.startLongRunningOnBehalfOf(Secret("spent"), sessionKey: "job", scopes: scopes)
        }
        #expect(error?.kind == .interactionRequired)
        let next = try await machine().continueLongRunningOnBehalfOf(sessionKey: "job", scopes: scopes)
        #expect(next.source == .cache)
    }

    @Test func twoMachinesThatStartUnderOneKeyAtOnceLeaveOneCallersTokens() async throws {
        let machines = [try machine(), try machine()]
        // Before the first one writes, the other one starts and writes.
        provider.change { $0.token = { $0["access_token"] = "access-of-first" } }
        store.beforeNextWrite { [provider] in
            provider.change { $0.token = { $0["access_token"] = "access-of-second" } }
            _ = try? await machines[1].startLongRunningOnBehalfOf(
                Secret("caller-2"),
                sessionKey: "job",
                scopes: ["api://other/Read"]
            )
        }
        _ = try await machines[0].startLongRunningOnBehalfOf(Secret("caller-1"), sessionKey: "job", scopes: scopes)
        let result = try await machine().continueLongRunningOnBehalfOf(sessionKey: "job", scopes: scopes)
        #expect(result.source == .cache)
        #expect(result.accessToken.reveal() == "access-of-first")
        // The other caller's token is nowhere: another scope costs a renewal.
        let other = try await machine().continueLongRunningOnBehalfOf(sessionKey: "job", scopes: ["api://other/Read"])
        #expect(other.source == .identityProvider)
    }
}
