// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALTesting
import Testing

@testable import MSALCore

/// A cache with less room than there are people, while their tokens are renewed.
@Suite struct EvictionTests {
    typealias Service = ScriptedTokenService

    private let stage = SharedStage { $0.isSingleUse = true }

    /// An application that has room for one person, or tenant.
    private func makeNode(hasStore: Bool = true) throws -> ConfidentialClientApplication {
        guard hasStore else {
            return try stage.service.makeApplication { $0.cacheLimits = CacheLimits(maximumCount: 1) }
        }
        return try stage.makeNode { $0.cacheLimits = CacheLimits(maximumCount: 1) }
    }

    private func person(_ number: Int) -> Service.Person {
        Service.Person(name: "person-\(number)", object: "11111111-2222-4333-8444-1000000000\(10 + number)")
    }

    @Test(arguments: [false, true])
    func theTokenThatARefreshBringsIsKeptThoughTheRoomIsAskedForMeanwhile(hasStore: Bool) async throws {
        let node = try makeNode(hasStore: hasStore)
        let account = try await stage.service.signIn(at: node)
        let gate = Gate()
        stage.service.script(.grantBehind(gate))
        let refresh = Task { try await stage.acquire(node, account, force: true) }
        await until { await gate.waiterCount == 1 }
        for other in [Service.Person.bob, person(1), person(2)] {
            try await stage.service.signIn(other, at: node)
        }
        await gate.open()
        let new = try await refresh.value
        #expect(stage.service.holder(of: new.accessToken)?.person == "ada")
        #expect(node.cache.refreshTokens(of: account).map { $0.secret.reveal() } == ["rt-5"])
        // The refresh token before was spent: only the one that the answer brought is good.
        _ = try await stage.acquire(node, account, force: true)
        #expect(stage.service.calls.map(\.refreshToken) == ["rt-1", "rt-5"])
        #expect(stage.service.refusalCount == 0)
        if hasStore { #expect(try await stage.stored(account) == ["rt-6"]) }
    }

    @Test func whoWasGivenUpComesBackFromTheStore() async throws {
        let node = try makeNode()
        let account = try await stage.service.signIn(at: node)
        try await stage.service.signIn(.bob, at: node)
        #expect(node.cache.contents(of: account.homeAccountID) == nil)
        #expect(try await stage.acquire(node, account).source == .cache)
        #expect(try await stage.acquire(node, account, force: true).source == .identityProvider)
        #expect(try await stage.stored(account) == ["rt-3"])
    }

    @Test func changesThatTheStoreDidNotTakeAreNotGivenUp() async throws {
        let node = try makeNode()
        let account = try await stage.service.signIn(at: node)
        stage.store.switchOff(Set(SwitchedTokenStore.Operation.allCases))
        _ = try await stage.acquire(node, account, force: true)
        for number in 0..<4 { try await stage.service.signIn(person(number), at: node) }
        #expect(node.cache.refreshTokens(of: account).map { $0.secret.reveal() } == ["rt-2"])
        stage.store.switchOff([])
        try await node.keepInOrder(includingStore: false)
        #expect(try await stage.stored(account) == ["rt-2"])
    }

    @Test func aPlaceThatIsHeldForSomebodyUnknownIsGivenUp() async throws {
        let node = try makeNode()
        let account = try await stage.service.signIn(at: try stage.makeNode())
        for operations in [Set(SwitchedTokenStore.Operation.allCases), []] {
            stage.store.switchOff(operations)
            #expect(try await node.account(homeAccountID: person(1).homeAccountID) == nil)
            let stranger = Account(
                homeAccountID: person(1).homeAccountID,
                environment: account.environment,
                tenantID: account.tenantID,
                localAccountID: person(1).object,
                username: "",
                name: nil
            )
            #expect(await authenticationError { try await stage.acquire(node, stranger) }?.code == .noTokenInCache)
            #expect(node.cache.totals.partitionCount == 0)
        }
    }

    @Test func peopleWhoCrowdOneAnotherOutAllGetTheirTokens() async throws {
        let node = try makeNode()
        var accounts: [Account] = []
        for number in 0..<8 {
            accounts.append(try await stage.service.signIn(person(number), at: node))
        }
        let all = Task { [accounts] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (number, account) in accounts.enumerated() {
                    group.addTask {
                        for _ in 0..<100 {
                            #expect(try await node.account(homeAccountID: account.homeAccountID) == account)
                            let result = try await stage.acquire(node, account, force: true)
                            let holder = stage.service.holder(of: result.accessToken)
                            #expect(holder?.person == "person-\(number)")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        _ = await stage.run(until: all)
        try await all.value
        #expect(stage.service.calls.count == 800)
        #expect(stage.service.refusalCount == 0)
    }
}
