// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALCore

/// What becomes of a family's refresh token in a store when an application removes an account.
@Suite struct FamilyRemovalTests {
    typealias Service = ScriptedTokenService

    private let stage = SharedStage { $0.familyID = "1" }

    @Test func aMembersRemovalTakesTheFamilysTokenThatAnotherMemberBrought() async throws {
        let first = try stage.makeNode()
        let account = try await stage.service.signIn(at: first)
        let sibling = try stage.makeNode(clientID: Service.secondClient)
        _ = try await stage.acquire(sibling, account)
        // The sibling's refresh brought the token that is there now.
        #expect(try await stage.stored(account) == ["rt-2"])
        try await first.removeAccount(account)
        #expect(try await stage.stored(account) == [])
        let error = await authenticationError { try await stage.acquire(sibling, account, force: true) }
        #expect(error?.code == .noTokenInCache)
        #expect(stage.service.calls.count == 1)
    }

    @Test func whoBroughtTheFamilysTokenTakesItAwayAfterARestart() async throws {
        let account = try await stage.service.signIn(at: try stage.makeNode())
        // What it belongs to is not known to it yet.
        try await stage.makeNode().removeAccount(account)
        #expect(try await stage.stored(account) == [])
    }

    @Test(arguments: [false, true])
    func theRemovalByAnApplicationThatIsNoMemberLeavesTheFamilysToken(hasBeenRefused: Bool) async throws {
        let member = try stage.makeNode()
        let account = try await stage.service.signIn(at: member)
        let stranger = try stage.makeNode(clientID: Service.secondClient)
        if hasBeenRefused {
            stage.service.script(.error("invalid_grant", suberror: "client_mismatch"))
            #expect(await authenticationError { try await stage.acquire(stranger, account) } != nil)
        }
        stage.service.issue { $0.familyID = nil }
        try await stage.service.signIn(at: stranger)
        try await stranger.removeAccount(account)
        #expect(try await stage.stored(account) == ["rt-1"])
        let keys = try await stage.store.read(stage.partition, keys: nil).entries.map(\.key)
        let own = StoredEntry.tag(clientID: Service.secondClient)
        #expect(!keys.contains { $0.hasPrefix(own) })
        _ = try await stage.acquire(member, account, force: true)
        #expect(stage.service.calls.last?.refreshToken == "rt-1")
        #expect(stage.service.refusalCount == 0)
    }
}
