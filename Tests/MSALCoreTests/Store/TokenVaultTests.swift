// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import InMemoryLogging
import Logging
import MSALJWT
import MSALTesting
import MetricsTestKit
import Synchronization
import Testing

@testable import MSALCore

@Suite(.serialized) struct TokenVaultTests {
    private let provider = ScriptedProvider()
    private let store = MemoryTokenStore()
    private let key = SealingKey.random()
    private let logs = InMemoryLogHandler()

    private func application(keys: KeyRing? = nil) throws -> ConfidentialClientApplication {
        _ = processMetrics
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
        return try processMetrics.expectCounter("msal.store.rejected_entries", dimensions).totalValue
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

    @Test func applicationsOfTwoProvidersDoNotShareTheirOwnTokens() async throws {
        let now = provider.time.now
        let settings = TokenPersistence(store: store, keys: KeyRing(key))
        let vaults = try ["https://a.example", "https://b.example"].map { issuer in
            TokenVault(
                settings,
                cache: TokenCache(clientID: "web"),
                authority: try .openIDConnect(issuer: issuer),
                logger: Logger(label: "test", factory: { _ in logs })
            )
        }
        let scopes = ScopeSet(["api"])
        let token = CachedAccessToken(
            secret: Secret("a"),
            scopes: ["api"],
            cachedAt: now,
            expiresOn: now.addingTimeInterval(3_600)
        )
        try await vaults[0].saveApplicationToken(token, in: "", of: "a.example", for: scopes)
        for vault in vaults { try await vault.loadApplicationToken(in: "", for: scopes, at: now) }
        #expect(vaults[0].cache.applicationToken(in: "", for: ["api"], at: now)?.secret == Secret("a"))
        #expect(vaults[1].cache.applicationToken(in: "", for: ["api"], at: now) == nil)
    }

    @Test func anOlderTokenInTheStoreDoesNotTakeThePlaceOfANewerOne() async throws {
        let now = provider.time.now
        let vault = TokenVault(
            TokenPersistence(store: store, keys: KeyRing(key)),
            cache: TokenCache(clientID: "web"),
            authority: try provider.authority,
            logger: Logger(label: "test", factory: { _ in logs })
        )
        let (old, new) = (now, now.addingTimeInterval(10))
        let tokens = [old, new].map { time in
            CachedAccessToken(
                secret: Secret("\(time)"),
                scopes: ["api"],
                cachedAt: time,
                expiresOn: time.addingTimeInterval(3_600)
            )
        }
        try await vault.saveApplicationToken(tokens[0], in: "t", of: "e", for: ScopeSet(["api"]))
        vault.cache.store(tokens[1], in: "t", at: new)
        try await vault.loadApplicationToken(in: "t", for: ScopeSet(["api"]), at: new)
        #expect(vault.cache.applicationToken(in: "t", for: ["api"], at: new)?.secret == tokens[1].secret)
    }

    @Test func aRotatedTokenSurvivesAConflictThatAnOutageFollows() async throws {
        let account = try #require(try await provider.signIn(application()).account)
        let failing = StoreThatFailsAfterAConflict(store: store)
        let application = try ConfidentialClientApplication(
            configuration: ApplicationConfiguration(
                clientID: ScriptedProvider.clientID,
                authority: try provider.authority,
                credential: .secret(Secret("secret"))
            ),
            transport: provider.transport,
            tokens: TokenPersistence(store: failing, keys: KeyRing(key)),
            time: provider.time
        )
        provider.change { $0.token = { $0["refresh_token"] = "refresh-2" } }
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        #expect(failing.isDown.withLock { $0 })
        failing.isDown.withLock { $0 = false }
        try await application.keepInOrder(includingStore: false)
        let later = try self.application()
        _ = try await later.acquireTokenSilently(scopes: ["User.Read"], account: account, forceRefresh: true)
        let sent = provider.transport.requests(to: provider.path(.token)).compactMap { form($0)["refresh_token"] }
        #expect(sent == ["refresh-1", "refresh-2"])
    }
}

/// A store that says no to the first conditional write, and answers nothing after it until it is told to.
private final class StoreThatFailsAfterAConflict: TokenStore {
    let store: MemoryTokenStore
    let isDown = Mutex(false)
    private let hasFailed = Mutex(false)

    init(store: MemoryTokenStore) {
        self.store = store
    }

    private func check() throws {
        if isDown.withLock({ $0 }) { throw AuthenticationError(.transient, .storeUnavailable, "The store is away.") }
    }

    func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens {
        try check()
        return try await store.read(partition, keys: keys)
    }

    func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) async throws -> TokenVersion? {
        try check()
        let fails = hasFailed.withLock { hasFailed in
            defer { hasFailed = true }
            return !hasFailed
        }
        guard fails else { return try await store.write(changes, to: partition, if: condition) }
        isDown.withLock { $0 = true }
        return nil
    }

    func partitions(_ kind: TokenPartition.Kind, after name: String?, limit: Int) async throws -> [TokenPartition] {
        try await store.partitions(kind, after: name, limit: limit)
    }

    func removeEntries(endingBefore moment: Date) async throws -> Int {
        try await store.removeEntries(endingBefore: moment)
    }

    func takeLease(on partition: TokenPartition, as holder: String, for duration: Duration) async throws -> Bool {
        try check()
        return try await store.takeLease(on: partition, as: holder, for: duration)
    }

    func releaseLease(on partition: TokenPartition, as holder: String) async throws {
        try await store.releaseLease(on: partition, as: holder)
    }
}
