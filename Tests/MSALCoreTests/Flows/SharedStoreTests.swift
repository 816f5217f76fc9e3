// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// Several applications on one store, as several machines are.
@Suite struct SharedStoreTests {
    typealias Service = ScriptedTokenService

    private typealias Stage = SharedStage

    @Test func whatOneNodeGotServesTheOther() async throws {
        let stage = Stage()
        let (first, second) = (try stage.makeNode(), try stage.makeNode())
        let account = try await stage.service.signIn(at: first)
        let result = try await stage.acquire(second, account)
        #expect(result.source == .cache)
        #expect(result.accessToken.reveal() == "at-1")
        #expect(result.idToken?.claims.preferredUsername == "ada@contoso.example")
        #expect(try await second.accounts() == [account])
        #expect(stage.service.calls.isEmpty)
        _ = try await stage.acquire(second, account, scopes: ["api://new/Read"])
        #expect(stage.service.calls.map(\.refreshToken) == ["rt-1"])
        #expect(try await stage.stored(account) == ["rt-2"])
    }

    @Test func aRestartedApplicationGoesOn() async throws {
        let stage = Stage()
        let account = try await stage.service.signIn(at: try stage.makeNode())
        stage.service.time.advance(by: .seconds(4_000))
        let restarted = try stage.makeNode()
        #expect(try await restarted.account(homeAccountID: account.homeAccountID) == account)
        let result = try await stage.acquire(restarted, account)
        #expect(result.source == .identityProvider && result.refreshReason == .expired)
    }

    @Test func aRefreshTokenIsRedeemedOnceByTwoNodes() async throws {
        let stage = Stage { $0.isSingleUse = true }
        let nodes = [try stage.makeNode(), try stage.makeNode()]
        let account = try await stage.service.signIn(at: nodes[0])
        _ = try await stage.acquire(nodes[1], account)
        stage.service.time.advance(by: .seconds(4_000))
        let gate = Gate()
        stage.service.script(.grantBehind(gate))
        let first = Task { try await stage.acquire(nodes[0], account) }
        await until { await gate.waiterCount == 1 }
        let second = Task { try await stage.acquire(nodes[1], account) }
        await until { stage.service.time.sleeperCount == 1 }
        await gate.open()
        #expect(try await first.value.source == .identityProvider)
        let waited = await stage.run(until: second)
        #expect(try await second.value.accessToken == first.value.accessToken)
        #expect(try await second.value.source == .cache)
        #expect(waited <= .milliseconds(200))
        #expect(stage.service.calls.count == 1)
    }

    @Test func twentyNodesWithManyCallersRedeemOnce() async throws {
        let stage = Stage { $0.isSingleUse = true }
        let nodes = try (0..<20).map { _ in try stage.makeNode() }
        let account = try await stage.service.signIn(at: nodes[0])
        stage.service.time.advance(by: .seconds(4_000))
        let all = Task {
            try await withThrowingTaskGroup(of: String.self) { group in
                for node in nodes {
                    for _ in 0..<10 {
                        group.addTask { try await stage.acquire(node, account).accessToken.reveal() }
                    }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
        }
        _ = await stage.run(until: all)
        #expect(try await all.value == ["at-2"])
        #expect(stage.service.calls.count == 1)
        #expect(stage.service.refusalCount == 0)
    }

    @Test func twoNodesWantingDifferentThingsTakeTurns() async throws {
        let stage = Stage { $0.isSingleUse = true }
        let nodes = [try stage.makeNode(), try stage.makeNode(), try stage.makeNode()]
        let account = try await stage.service.signIn(at: nodes[0])
        let all = Task {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<30 {
                    group.addTask {
                        let scopes = ["api://\(number)/Read"]
                        _ = try await stage.acquire(nodes[number % 3], account, scopes: scopes)
                    }
                }
                try await group.waitForAll()
            }
        }
        _ = await stage.run(until: all)
        try await all.value
        #expect(stage.service.calls.count == 30)
        #expect(stage.service.refusalCount == 0)
        #expect(try await stage.stored(account) == ["rt-31"])
        // Everything got is in the store: a fresh node needs nobody.
        let fresh = try stage.makeNode()
        for number in 0..<30 {
            #expect(try await stage.acquire(fresh, account, scopes: ["api://\(number)/Read"]).source == .cache)
        }
    }

    @Test func aNodeThatDiesMidRefreshHoldsNobodyUpBeyondTheLease() async throws {
        let stage = Stage()
        let (dying, living) = (try stage.makeNode(), try stage.makeNode())
        let account = try await stage.service.signIn(at: dying)
        stage.service.time.advance(by: .seconds(4_000))
        let gate = Gate()
        stage.service.script(.grantBehind(gate))
        let dead = Task { try await stage.acquire(dying, account) }
        await until { await gate.waiterCount == 1 }
        let task = Task { try await stage.acquire(living, account) }
        let waited = await stage.run(until: task)
        #expect(try await task.value.source == .identityProvider)
        #expect(waited >= .seconds(30) && waited <= .seconds(36))
        #expect(stage.service.calls.map(\.refreshToken) == ["rt-1", "rt-1"])
        #expect(try await stage.stored(account) == ["rt-2"])

        // It was not dead after all. What it brings late takes nothing away from what came meanwhile.
        await gate.open()
        #expect(try await dead.value.source == .identityProvider)
        #expect(try await stage.stored(account) == ["rt-2"])
        _ = try await stage.acquire(dying, account, scopes: ["api://new/Read"])
        #expect(stage.service.calls.last?.refreshToken == "rt-2")
    }

    @Test func aLeaseOfSomebodyGoneEndsByItself() async throws {
        let stage = Stage()
        let node = try stage.makeNode()
        let account = try await stage.service.signIn(at: node)
        stage.service.time.advance(by: .seconds(4_000))
        #expect(try await stage.store.takeLease(on: stage.partition, as: "gone", for: .seconds(35)))
        let task = Task { try await stage.acquire(node, account) }
        await until { stage.service.time.sleeperCount == 1 }
        // A token that is valid is handed out meanwhile, whoever holds the lease.
        stage.service.time.advance(by: .seconds(20))
        let waited = await stage.run(until: task)
        #expect(try await task.value.source == .identityProvider)
        #expect(waited <= .seconds(16))
    }

    @Test func aWaiterForTheLeaseThatLeavesHoldsNothing() async throws {
        let stage = Stage()
        let node = try stage.makeNode()
        let account = try await stage.service.signIn(at: node)
        stage.service.time.advance(by: .seconds(4_000))
        #expect(try await stage.store.takeLease(on: stage.partition, as: "other", for: .seconds(35)))
        let task = Task { try await stage.acquire(node, account) }
        await until { stage.service.time.sleeperCount == 1 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        await node.refreshes.drain()
        #expect(stage.service.time.sleeperCount == 0)
        #expect(node.turnstile.keyCount == 0)
        try await stage.store.releaseLease(on: stage.partition, as: "other")
        #expect(try await stage.store.takeLease(on: stage.partition, as: "third", for: .seconds(1)))
    }

    @Test(arguments: [Service.Outcome.timeOut, .status(503), .error("invalid_grant", suberror: "consent_required")])
    func aRefreshThatFailsGivesTheLeaseBack(_ outcome: Service.Outcome) async throws {
        let stage = Stage()
        let node = try stage.makeNode()
        let account = try await stage.service.signIn(at: node)
        stage.service.time.advance(by: .seconds(4_000))
        stage.service.script(outcome)
        #expect(await authenticationError { try await stage.acquire(node, account) } != nil)
        #expect(try await stage.store.takeLease(on: stage.partition, as: "next", for: .seconds(1)))
        #expect(try await stage.stored(account) == ["rt-1"])
    }

    @Test func nobodyWaitsForAnAgingTokenWhoseLeaseAnotherHolds() async throws {
        let stage = Stage { $0.refreshIn = 1_800 }
        let node = try stage.makeNode()
        let account = try await stage.service.signIn(at: node)
        stage.service.time.advance(by: .seconds(2_200))
        #expect(try await stage.store.takeLease(on: stage.partition, as: "other", for: .seconds(35)))
        for _ in 0..<100 {
            #expect(try await stage.acquire(node, account).accessToken.reveal() == "at-1")
        }
        await node.reloads.drain()
        #expect(stage.service.calls.isEmpty)
        let background = Task { () async throws -> Void in await node.refreshes.drain() }
        _ = await stage.run(until: background)
        #expect(stage.service.calls.count == 1)
    }

    @Test func aRefusedRefreshTokenIsGoneForEveryNode() async throws {
        let stage = Stage()
        let (first, second) = (try stage.makeNode(), try stage.makeNode())
        let account = try await stage.service.signIn(at: first)
        _ = try await stage.acquire(second, account)
        stage.service.time.advance(by: .seconds(4_000))
        stage.service.script(.error("invalid_grant", suberror: "bad_token"))
        #expect(await authenticationError { try await stage.acquire(first, account) }?.code == .server)
        #expect(await authenticationError { try await stage.acquire(second, account) }?.code == .noTokenInCache)
        #expect(stage.service.calls.count == 1)
    }

    @Test func aSignOutOnOneNodeIsSeenByTheOther() async throws {
        let stage = Stage()
        let (first, second) = (try stage.makeNode(), try stage.makeNode())
        let account = try await stage.service.signIn(at: first)
        _ = try await stage.acquire(second, account)
        try await first.removeAccount(account)
        #expect(try await stage.stored(account) == [])
        // Where the provider would be asked, at once.
        let error = await authenticationError { try await stage.acquire(second, account, force: true) }
        #expect(error?.code == .noTokenInCache)
        #expect(stage.service.calls.isEmpty)
        #expect(try await second.accounts().isEmpty)
    }

    @Test func aSignOutIsSeenWhenTheMemoryOfAnotherNodeIsOld() async throws {
        let stage = Stage()
        let (first, second) = (try stage.makeNode(), try stage.makeNode())
        let account = try await stage.service.signIn(at: first)
        _ = try await stage.acquire(second, account)
        try await first.removeAccount(account)
        #expect(try await stage.acquire(second, account).source == .cache)
        stage.service.time.advance(by: .seconds(301))
        _ = try await stage.acquire(second, account)
        await second.reloads.drain()
        let error = await authenticationError { try await stage.acquire(second, account) }
        #expect(error?.code == .noTokenInCache)
    }

    @Test func aSignOutDuringARefreshElsewhereWins() async throws {
        let stage = Stage()
        let (first, second) = (try stage.makeNode(), try stage.makeNode())
        let account = try await stage.service.signIn(at: first)
        let gate = Gate()
        stage.service.script(.grantBehind(gate))
        let refresh = Task { try await stage.acquire(first, account, force: true) }
        await until { await gate.waiterCount == 1 }
        try await second.removeAccount(account)
        await gate.open()
        _ = await refresh.result
        #expect(try await stage.stored(account) == [])
        #expect(try await first.accounts().isEmpty)
    }

    @Test func aSignInDuringARefreshElsewhereWins() async throws {
        let stage = Stage()
        let (first, second) = (try stage.makeNode(), try stage.makeNode())
        let account = try await stage.service.signIn(at: first)
        let gate = Gate()
        stage.service.script(.grantBehind(gate))
        let refresh = Task { try await stage.acquire(first, account, force: true) }
        await until { await gate.waiterCount == 1 }
        try await stage.service.signIn(at: second)
        await gate.open()
        _ = await refresh.result
        #expect(try await stage.stored(account) == ["rt-2"])
    }

    @Test func aSignInToAnotherApplicationDuringARefreshTakesNothingAway() async throws {
        let stage = Stage { $0.isSingleUse = true }
        let (first, other) = (try stage.makeNode(), try stage.makeNode(clientID: Service.secondClient))
        let account = try await stage.service.signIn(at: first)
        let gate = Gate()
        stage.service.script(.grantBehind(gate))
        let refresh = Task { try await stage.acquire(first, account, force: true) }
        await until { await gate.waiterCount == 1 }
        try await stage.service.signIn(at: other)
        await gate.open()
        #expect(try await refresh.value.accessToken.reveal() == "at-3")
        #expect(try await stage.stored(account) == ["rt-3"])
        for node in [first, try stage.makeNode()] {
            _ = try await stage.acquire(node, account, force: true)
        }
        #expect(try await stage.acquire(other, account).source == .cache)
        #expect(stage.service.refusalCount == 0)
    }

    @Test func writersThatMeetKeepBothTheirEntries() async throws {
        let stage = Stage()
        let (first, second) = (try stage.makeNode(), try stage.makeNode())
        let account = try await stage.service.signIn(at: first)
        _ = try await stage.acquire(second, account)
        // The other node writes in the very moment, in spite of the lease: its clock or its network is that bad.
        let intruder = try stage.makeNode()
        let service = stage.service
        stage.store.beforeNextWrite {
            _ = try? await service.signIn(at: intruder, scopes: ["api://intruder/Read"])
        }
        _ = try await stage.acquire(second, account, scopes: ["api://mine/Read"])
        let fresh = try stage.makeNode()
        #expect(try await stage.acquire(fresh, account, scopes: ["api://intruder/Read"]).source == .cache)
        #expect(try await stage.stored(account).count == 1)
        let calls = stage.service.calls.count
        _ = try await stage.acquire(fresh, account, scopes: ["api://later/Read"])
        #expect(stage.service.calls.count == calls + 1)
    }

    // MARK: A store that is down

    @Test func aStoreThatIsDownCostsNeitherSignInNorRefresh() async throws {
        let stage = Stage()
        stage.store.switchOff(Set(SwitchedTokenStore.Operation.allCases))
        let node = try stage.makeNode()
        let account = try await stage.service.signIn(at: node)
        #expect(try await stage.acquire(node, account).source == .cache)
        stage.service.time.advance(by: .seconds(4_000))
        #expect(try await stage.acquire(node, account).accessToken.reveal() == "at-2")
        #expect(try await node.accounts() == [account])
        // When it is back it gets what it missed, the newest of each.
        stage.store.switchOff([])
        try await node.keepInOrder(includingStore: true)
        #expect(try await stage.stored(account) == ["rt-2"])
        let fresh = try stage.makeNode()
        #expect(try await stage.acquire(fresh, account).accessToken.reveal() == "at-2")
    }

    @Test(arguments: [SwitchedTokenStore.Operation.read, .write, .takeLease, .releaseLease])
    func aStoreThatFailsHalfwayDuringARefreshLosesNothing(_ operation: SwitchedTokenStore.Operation) async throws {
        let stage = Stage { $0.isSingleUse = true }
        let node = try stage.makeNode()
        let account = try await stage.service.signIn(at: node)
        stage.service.time.advance(by: .seconds(4_000))
        stage.store.switchOff([operation])
        #expect(try await stage.acquire(node, account).accessToken.reveal() == "at-2")
        #expect(try await stage.acquire(node, account, scopes: ["api://new/Read"]).accessToken.reveal() == "at-3")
        stage.store.switchOff([])
        try await node.keepInOrder(includingStore: false)
        #expect(try await stage.stored(account) == ["rt-3"])
        #expect(stage.service.refusalCount == 0)
        stage.service.time.advance(by: .seconds(40))
        let fresh = try stage.makeNode()
        #expect(try await stage.acquire(fresh, account, scopes: ["api://new/Read"]).source == .cache)
        _ = try await stage.acquire(fresh, account, scopes: ["api://newer/Read"])
        #expect(stage.service.refusalCount == 0)
    }

    @Test func aStoreThatGoesDownWhileTheProviderAnswersLosesNothing() async throws {
        let stage = Stage { $0.isSingleUse = true }
        let node = try stage.makeNode()
        let account = try await stage.service.signIn(at: node)
        let gate = Gate()
        stage.service.script(.grantBehind(gate))
        let task = Task { try await stage.acquire(node, account, force: true) }
        await until { await gate.waiterCount == 1 }
        stage.store.switchOff(Set(SwitchedTokenStore.Operation.allCases))
        await gate.open()
        #expect(try await task.value.accessToken.reveal() == "at-2")
        stage.store.switchOff([])
        // The next call that asks the store gives it what it missed.
        stage.service.time.advance(by: .seconds(36))
        _ = try await stage.acquire(node, account, scopes: ["api://new/Read"])
        #expect(try await stage.stored(account) == ["rt-3"])
        #expect(stage.service.refusalCount == 0)
    }

    @Test func aSignOutThatTheStoreDoesNotTakeSaysSo() async throws {
        let stage = Stage()
        let node = try stage.makeNode()
        let account = try await stage.service.signIn(at: node)
        stage.store.switchOff([.read, .write])
        let error = await authenticationError { try await node.removeAccount(account) }
        #expect(error?.code == .storeUnavailable)
        stage.store.switchOff([])
        try await node.removeAccount(account)
        #expect(try await stage.stored(account) == [])
    }

    // MARK: Families and other applications

    @Test func anotherApplicationsTokensAreNobodyElses() async throws {
        let stage = Stage()
        let (first, other) = (try stage.makeNode(), try stage.makeNode(clientID: Service.secondClient))
        let account = try await stage.service.signIn(at: first)
        let error = await authenticationError { try await stage.acquire(other, account) }
        #expect(error?.code == .noTokenInCache)
        #expect(try await other.accounts().isEmpty)
        try await stage.service.signIn(at: other)
        let result = try await stage.acquire(other, account)
        #expect(stage.service.holder(of: result.accessToken)?.client == Service.secondClient)
        try await other.removeAccount(account)
        #expect(try await stage.stored(account) == ["rt-1"])
    }

    @Test func anApplicationJoinsItsFamily() async throws {
        let stage = Stage { $0.familyID = "1" }
        let (first, other) = (try stage.makeNode(), try stage.makeNode(clientID: Service.secondClient))
        let account = try await stage.service.signIn(at: first)
        let joined = try await stage.acquire(other, account)
        #expect(joined.source == .identityProvider)
        #expect(joined.account?.homeAccountID == account.homeAccountID)
        #expect(stage.service.holder(of: joined.accessToken)?.client == Service.secondClient)
        #expect(stage.service.calls.map(\.refreshToken) == ["rt-1"])
        #expect(try await stage.acquire(other, account).source == .cache)
        // The family has one refresh token, and the first application uses the new one.
        _ = try await stage.acquire(first, account, force: true)
        #expect(stage.service.calls.map(\.refreshToken) == ["rt-1", "rt-2"])
        #expect(try await stage.stored(account) == ["rt-3"])
    }

    @Test func anUnknownOrphanDoesNotDeleteTheFamilysToken() async throws {
        let stage = Stage { $0.familyID = "1" }
        let (first, orphan) = (try stage.makeNode(), try stage.makeNode(clientID: Service.secondClient))
        let account = try await stage.service.signIn(at: first)
        stage.service.script(.error("invalid_grant", suberror: "client_mismatch"))
        #expect(await authenticationError { try await stage.acquire(orphan, account) } != nil)
        stage.service.script(.error("invalid_grant", suberror: "bad_token"))
        let second = try stage.makeNode(clientID: Service.secondClient)
        #expect(await authenticationError { try await stage.acquire(second, account) } != nil)
        #expect(try await stage.stored(account) == ["rt-1"])
        _ = try await stage.acquire(first, account, force: true)
        #expect(stage.service.calls.last?.refreshToken == "rt-1")
    }
}
