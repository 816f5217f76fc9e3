// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// Users' tokens out of the cache, asked for with part of the scopes they were granted.
struct UserHit: Workload {
    private static let batches = 20
    private static let calls = 500
    private static let asked = [["User.Read"], ["Mail.Read"], ["Calendars.Read", "User.Read"]]

    private let application: ConfidentialClientApplication
    private let accounts: [Account]

    /// Signs users in.
    init(signingIn users: Int) async throws {
        let signIns = try SignIns()
        application = try makeApplication(signIns.platform)
        var accounts: [Account] = []
        for user in 0..<users {
            let prepared = try await signIns.prepare(user, at: application)
            let result = try await application.acquireToken(completing: prepared.flow, with: prepared.response)
            if let account = result.account { accounts.append(account) }
        }
        var generator = FixedSeed()
        accounts.shuffle(using: &generator)
        self.accounts = accounts
    }

    func sample(_ round: Int) async throws -> [Double] {
        try await Batches(count: Self.batches, calls: Self.calls).time(round) { try await run($0) }
    }

    func facts() async throws -> [String: Double] {
        try await Allocations.perCall(Self.calls) { try await run(0) }
    }

    private func run(_ first: Int) async throws {
        var position = first % accounts.count
        var scopes = first % Self.asked.count
        for _ in 0..<Self.calls {
            consume(try await application.acquireTokenSilently(scopes: Self.asked[scopes], account: accounts[position]))
            position += 1
            if position == accounts.count { position = 0 }
            scopes += 1
            if scopes == Self.asked.count { scopes = 0 }
        }
    }
}
