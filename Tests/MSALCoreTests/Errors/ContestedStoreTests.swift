// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALTesting
import Testing

@testable import MSALCore

/// A store that others use at the same time, without ever letting go.
@Suite struct ContestedStoreTests {
    /// A store in memory where another write always comes between the reading and the writing.
    private struct ContestedTokenStore: TokenStore {
        let store: MemoryTokenStore

        func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens {
            try await store.read(partition, keys: keys)
        }

        func write(
            _ changes: TokenChanges,
            to partition: TokenPartition,
            if condition: TokenWriteCondition
        ) async throws -> TokenVersion? {
            guard case .version = condition else {
                return try await store.write(changes, to: partition, if: condition)
            }
            return nil
        }

        func partitions(_ kind: TokenPartition.Kind, after name: String?, limit: Int) async throws -> [TokenPartition] {
            try await store.partitions(kind, after: name, limit: limit)
        }

        func removeEntries(endingBefore moment: Date) async throws -> Int {
            try await store.removeEntries(endingBefore: moment)
        }

        func takeLease(on partition: TokenPartition, as holder: String, for duration: Duration) async throws -> Bool {
            try await store.takeLease(on: partition, as: holder, for: duration)
        }

        func releaseLease(on partition: TokenPartition, as holder: String) async throws {
            try await store.releaseLease(on: partition, as: holder)
        }
    }

    @Test func aLeaseThatAnotherHoldsForGoodIsGivenUp() async throws {
        let stage = SharedStage()
        let node = try stage.makeNode()
        let account = try await stage.service.signIn(at: node)
        stage.service.time.advance(by: .seconds(4_000))
        #expect(try await stage.store.takeLease(on: stage.partition, as: "other", for: .seconds(86_400)))
        let task = Task { try await stage.acquire(node, account) }
        let waited = await stage.run(until: task, step: .milliseconds(150))
        let error = await authenticationError { try await task.value }
        #expect(error?.kind == .transient)
        #expect(error?.code == .storeUnavailable)
        #expect(error?.message.contains("Other processes have been renewing the person's tokens for too long") == true)
        // Twice the longest lease that this application takes itself.
        #expect(waited >= .seconds(70) && waited <= .seconds(72))
        #expect(stage.service.calls.isEmpty)
        #expect(try await stage.stored(account) == ["rt-1"])
    }

    @Test func anImportForOthersThatNeverGetsItsTurnIsGivenUp() async throws {
        let provider = ScriptedProvider()
        let store = ContestedTokenStore(store: MemoryTokenStore(time: provider.time))
        let application = try ConfidentialClientApplication(
            configuration: ApplicationConfiguration(
                clientID: ScriptedProvider.clientID,
                authority: try provider.authority,
                credential: .secret(Secret("secret"))
            ),
            transport: provider.transport,
            tokens: TokenPersistence(store: store, keys: .ephemeral()),
            time: provider.time
        )
        let error = await authenticationError { try await application.importCache(Array(#"{"Later":{"x":1}}"#.utf8)) }
        #expect(error?.kind == .transient)
        #expect(error?.code == .storeUnavailable)
        #expect(error?.message.contains("Others change what is kept for other applications all the time") == true)
        #expect(provider.transport.requests.isEmpty)
    }
}
