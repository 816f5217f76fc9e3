// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CoreMetrics
import Foundation
import InMemoryLogging
import Logging
import MSALJWT
import MSALTesting
import MetricsTestKit
import Testing

@testable import MSALCore

/// One metrics system for all tests of the process: it can be set up once.
private let metrics: TestMetrics = {
    let metrics = TestMetrics()
    MetricsSystem.bootstrap(metrics)
    return metrics
}()

@Suite(.serialized) struct TokenVaultTests {
    private let provider = ScriptedProvider()
    private let store = MemoryTokenStore()
    private let key = SealingKey.random()
    private let logs = InMemoryLogHandler()

    private func application(keys: KeyRing? = nil) throws -> ConfidentialClientApplication {
        _ = metrics
        return try ConfidentialClientApplication(
            configuration: ApplicationConfiguration(
                clientID: ScriptedProvider.clientID,
                authority: try provider.authority,
                credential: .secret(Secret("secret"))
            ),
            transport: provider.transport,
            tokens: TokenPersistence(store: store, keys: keys ?? KeyRing(key)),
            time: provider.time,
            logger: Logger(label: "test", factory: { _ in logs })
        )
    }

    /// How many entries were passed over.
    private func rejections() throws -> Int64 {
        let dimensions = [("client_id", ScriptedProvider.clientID)]
        return try metrics.expectCounter("msal.store.rejected_entries", dimensions).totalValue
    }

    /// Changes what lies in the store of a user, behind everybody's back.
    private func tamper(_ home: String, _ kind: String, _ change: (StoredToken) -> [UInt8]) async throws {
        let partition = TokenPartition(kind: .user, name: home)
        let entries = try await store.read(partition, keys: nil).entries.filter { $0.key.contains(".\(kind).") }
        try #require(!entries.isEmpty)
        let changed = entries.map { StoredToken(key: $0.key, value: change($0), endsOn: $0.endsOn) }
        try await store.write(TokenChanges(put: changed), to: partition, if: .none)
    }

    @Test func whatWasKeptIsThereForTheNextProcessAndNothingOfItCanBeRead() async throws {
        let result = try await provider.signIn(application())
        let account = try #require(result.account)
        let later = try application()
        #expect(try await later.accounts() == [account])
        let found = try await later.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(found.source == .cache)
        #expect(found.accessToken == result.accessToken)
        #expect(found.idToken?.claims.subject == result.idToken?.claims.subject)
        let entries = try await store.read(TokenPartition(kind: .user, name: account.homeAccountID), keys: nil).entries
        #expect(entries.count == 4)
        for entry in entries {
            for secret in [result.accessToken.reveal(), "refresh-1", account.username, "User.Read"] {
                #expect(entry.value.firstRange(of: Array(secret.utf8)) == nil)
            }
        }
    }

    @Test(arguments: ["at", "rt", "id", "ac"])
    func anEntryThatWasTamperedWithIsPassedOverCountedAndHarmsNoOther(_ kind: String) async throws {
        let account = try #require(try await provider.signIn(application()).account)
        let before = try rejections()
        try await tamper(account.homeAccountID, kind) { entry in
            var bytes = entry.value
            bytes[bytes.count / 2] ^= 1
            return bytes
        }
        let later = try application()
        let result = try await later.acquireTokenSilently(scopes: ["User.Read"], account: account)
        // Without the account its tokens serve nobody, and the refresh token brings new ones.
        #expect(result.source == (["at", "ac"].contains(kind) ? .identityProvider : .cache))
        #expect((result.idToken == nil) == (kind == "id"))
        #expect(try rejections() > before)
        #expect(logs.entries.contains { $0.level == .warning })
        for secret in ["access-1", "refresh-1", account.username] {
            #expect(!logs.entries.contains { "\($0)".contains(secret) })
        }
    }

    @Test func anEntryThatIsSealedAndNoEntityIsPassedOverAndCounted() async throws {
        let account = try #require(try await provider.signIn(application()).account)
        let before = try rejections()
        let name = TokenPartition(kind: .user, name: account.homeAccountID)
        let sealer = Sealer(keys: KeyRing(key))
        var sealed: [String: [UInt8]] = [:]
        for entry in try await store.read(name, keys: nil).entries where entry.key.contains(".at.") {
            sealed[entry.key] = try sealer.seal(Array("{".utf8), purpose: "token/\(name)/\(entry.key)")
        }
        try await tamper(account.homeAccountID, "at") { sealed[$0.key] ?? [] }
        let later = try application()
        let result = try await later.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(result.source == .identityProvider)
        #expect(try rejections() > before)
    }

    @Test func anEntryOfOneUserDoesNotOpenForAnother() async throws {
        let account = try #require(try await provider.signIn(application()).account)
        let from = TokenPartition(kind: .user, name: account.homeAccountID)
        let other = Account(
            homeAccountID: "other.\(ScriptedProvider.tenant)",
            environment: account.environment,
            tenantID: account.tenantID,
            localAccountID: "other",
            username: "",
            name: nil
        )
        let entries = try await store.read(from, keys: nil).entries
        let to = TokenPartition(kind: .user, name: other.homeAccountID)
        try await store.write(TokenChanges(put: entries), to: to, if: .none)
        let later = try application()
        let error = await authenticationError {
            try await later.acquireTokenSilently(scopes: ["User.Read"], account: other)
        }
        #expect(error?.code == .noTokenInCache)
        #expect(try await later.account(homeAccountID: other.homeAccountID) == nil)
    }

    @Test func oldKeysOpenWhatNewOnesSealAgain() async throws {
        let account = try #require(try await provider.signIn(application()).account)
        let new = SealingKey.random()
        let rotated = try application(keys: KeyRing(new, opening: [key]))
        #expect(try await rotated.acquireTokenSilently(scopes: ["User.Read"], account: account).source == .cache)
        _ = try await rotated.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        let later = try application(keys: KeyRing(new))
        #expect(try await later.acquireTokenSilently(scopes: ["User.Read"], account: account).source == .cache)
        let without = try application(keys: KeyRing(.random()))
        let error = await authenticationError {
            try await without.acquireTokenSilently(scopes: ["User.Read"], account: account)
        }
        #expect(error?.code == .noTokenInCache)
    }

    @Test func tokensOfSomebodyWhoIsSeenAreNotForgottenThoughTheProviderGivesNoNewRefreshToken() async throws {
        let application = try application()
        let account = try #require(try await provider.signIn(application).account)
        provider.change { $0.token = { $0["refresh_token"] = nil } }
        let partition = TokenPartition(kind: .user, name: account.homeAccountID)
        for _ in 0..<4 {
            provider.time.advance(by: .seconds(30 * 86_400))
            _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
            try await store.removeEntries(endingBefore: provider.time.now)
            let keys = try await store.read(partition, keys: nil).entries.map(\.key)
            #expect(keys.contains { $0.contains(".rt.") })
        }
    }

    @Test func aPersonIsNotGivenUpWhileTheirTokensAreRenewed() async throws {
        var configuration = ApplicationConfiguration(
            clientID: ScriptedProvider.clientID,
            authority: try provider.authority,
            credential: .secret(Secret("secret"))
        )
        configuration.cacheLimits = CacheLimits(maximumCount: 1)
        let application = try ConfidentialClientApplication(
            configuration: configuration,
            transport: provider.transport,
            time: provider.time
        )
        let account = try #require(try await provider.signIn(application).account)
        provider.change { script in
            script.token = { answer in
                answer["refresh_token"] = "refresh-2"
                // Somebody else's token comes meanwhile, and there is room for one.
                let token = CachedAccessToken(
                    secret: Secret("t"),
                    scopes: ["a"],
                    cachedAt: provider.time.now,
                    expiresOn: provider.time.now.addingTimeInterval(3_600)
                )
                application.cache.store(token, in: "tenant", at: provider.time.now.addingTimeInterval(1))
            }
        }
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        #expect(application.cache.refreshTokens(of: account).map(\.secret) == [Secret("refresh-2")])
    }
}
