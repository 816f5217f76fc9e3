// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

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

    @Test func everyCheckHasANameOfItsOwn() {
        #expect(Set(TokenStoreSuite.checks.map(\.name)).count == TokenStoreSuite.checks.count)
    }
}
