// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALTesting
import MSALWeb
import Testing

@Suite struct SessionStoreSuiteTests {
    @Test(arguments: SessionStoreSuite.checks)
    func theStoreInMemoryKeepsItsPromises(_ check: SessionStoreSuite.Check) async throws {
        let store = MemorySessionStore()
        try await check.run { store }
    }

    @Test(arguments: SessionStoreSuite.checks)
    func aStoreWithoutAFaultPasses(_ check: SessionStoreSuite.Check) async throws {
        let store = FaultySessionStore(nil)
        try await check.run { store }
    }

    @Test(arguments: FaultySessionStore.Fault.allCases)
    func aStoreWithAFaultIsFoundOut(_ fault: FaultySessionStore.Fault) async throws {
        var failures: [StoreSuiteFailure] = []
        for check in SessionStoreSuite.checks {
            let store = FaultySessionStore(fault)
            do {
                try await check.run { store }
            } catch let failure as StoreSuiteFailure {
                failures.append(failure)
            }
        }
        #expect(!failures.isEmpty, "No check fails a store that \(fault.rawValue).")
    }

    @Test func everyCheckHasANameOfItsOwn() {
        #expect(Set(SessionStoreSuite.checks.map(\.name)).count == SessionStoreSuite.checks.count)
    }
}
