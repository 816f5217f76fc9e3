// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALTesting
import Testing

@Suite struct TokenStoreSuiteTests {
    @Test(arguments: TokenStoreSuite.checks)
    func theStoreInMemoryKeepsItsPromises(_ check: TokenStoreSuite.Check) async throws {
        let time = ManualTime()
        let store = MemoryTokenStore(time: time)
        try await check.run(time: time) { store }
    }

    @Test(arguments: TokenStoreSuite.checks)
    func aStoreWithoutAFaultPasses(_ check: TokenStoreSuite.Check) async throws {
        let time = ManualTime()
        let store = FaultyTokenStore(nil, time: time)
        try await check.run(time: time) { store }
    }

    @Test(arguments: FaultyTokenStore.Fault.allCases)
    func aStoreWithAFaultIsFoundOut(_ fault: FaultyTokenStore.Fault) async throws {
        let failure = try await firstFailure {
            let time = ManualTime()
            let store = FaultyTokenStore(fault, time: time)
            return (time, { store })
        }
        #expect(failure != nil, "No check fails a store that \(fault.rawValue).")
    }

    @Test func aStorageThatIsAnotherEachTimeIsFoundOut() async throws {
        let failure = try await firstFailure { (nil, { MemoryTokenStore() }) }
        #expect(failure?.check.contains("opening") == true)
    }

    @Test func whatAStoreThrowsIsAFailureOfTheCheck() async throws {
        let failure = try await firstFailure { (nil, { ThrowingTokenStore() }) }
        let found = try #require(failure)
        #expect(found.check == TokenStoreSuite.checks[0].name)
        #expect(found.expected == "nothing")
        #expect(found.found.contains("The disk is on fire."))
    }

    @Test func aFailureNamesThePromiseWhatWasExpectedAndWhatCame() async throws {
        let check = try #require(
            TokenStoreSuite.checks.first { $0.name.hasPrefix("A write on condition of a version") }
        )
        let store = FaultyTokenStore(.ignoresConditions, time: ManualTime())
        let failure = await #expect(throws: StoreSuiteFailure.self) { try await check.run { store } }
        #expect(failure?.check == check.name)
        #expect(failure?.expected == "nil")
        #expect(
            failure?.description.hasPrefix(check.name + "\nLooked at a second write.\nExpected: nil\nFound: ") == true
        )
    }

    @Test func everyCheckHasANameOfItsOwn() {
        #expect(Set(TokenStoreSuite.checks.map(\.name)).count == TokenStoreSuite.checks.count)
    }

    /// How the first check ends that a kind of store does not pass; every check gets a store of its own.
    private func firstFailure(
        of storage: () -> (ManualTime?, @Sendable () async throws -> any TokenStore)
    ) async throws -> StoreSuiteFailure? {
        for check in TokenStoreSuite.checks {
            let (time, open) = storage()
            do {
                try await check.run(time: time, on: open)
            } catch let failure as StoreSuiteFailure {
                return failure
            }
        }
        return nil
    }
}

/// A store that does nothing but throw.
private struct ThrowingTokenStore: TokenStore {
    private let error = AuthenticationError(.transient, .storeUnavailable, "The disk is on fire.")

    func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens { throw error }

    func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) async throws -> TokenVersion? { throw error }

    func partitions(_ kind: TokenPartition.Kind, after name: String?, limit: Int) async throws -> [TokenPartition] {
        throw error
    }

    func removeEntries(endingBefore moment: Date) async throws -> Int { throw error }

    func takeLease(on partition: TokenPartition, as holder: String, for duration: Duration) async throws -> Bool {
        throw error
    }

    func releaseLease(on partition: TokenPartition, as holder: String) async throws { throw error }
}
