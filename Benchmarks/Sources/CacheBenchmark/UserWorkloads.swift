// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// An application that holds users' tokens, by importing them.
struct ApplicationWithUsers: Sendable {
    let application: ConfidentialClientApplication
    let count: Int

    /// Imports users, ten thousand a document.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - tokens: how long their tokens are.
    ///   - persistence: where they are kept besides the memory.
    /// - Throws: what importing throws, and ``WrongAnswer`` if anything was skipped.
    init(_ count: Int, _ tokens: UserDocument.Tokens = .full, persistence: TokenPersistence? = nil) async throws {
        self.count = count
        application = try makeApplication(InstantPlatform(), persistence, maximumBytes: 8 << 30)
        for first in stride(from: 0, to: count, by: 10_000) {
            let report = try await application.importCache(
                UserDocument.json(first..<min(first + 10_000, count), tokens)
            )
            guard report.skipped.isEmpty else { throw WrongAnswer("\(report.skipped.count) entries were skipped") }
        }
    }
}

/// Users' tokens out of the cache, asked for with part of the scopes they were granted.
struct UserHit: Workload {
    private static let batches = 20
    private static let calls = 500
    private static let asked = [["User.Read"], ["Mail.Read"], ["Calendars.Read", "User.Read"]]

    private let application: ConfidentialClientApplication
    private let accounts: [Account]

    /// Asks for the tokens of users, a hundred thousand of them at most, spread over all.
    init(_ users: ApplicationWithUsers) async throws {
        application = users.application
        var generator = FixedSeed()
        let step = max(1, users.count / 100_000)
        let numbers = stride(from: 0, to: users.count, by: step).shuffled(using: &generator)
        accounts = numbers.map(UserDocument.account)
        for (position, user) in numbers.enumerated() {
            let scopes = Self.asked[position % Self.asked.count]
            let result = try await application.acquireTokenSilently(scopes: scopes, account: accounts[position])
            guard result.accessToken.reveal().hasPrefix(UserDocument.tokenStart(user)) else {
                throw WrongAnswer("the token of another user came back")
            }
        }
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

/// One account by its home account ID.
struct AccountByID: Workload {
    let users: ApplicationWithUsers
    private let identifiers: [String]

    /// Asks for the accounts of all users, in an order that every run repeats.
    init(_ users: ApplicationWithUsers) {
        self.users = users
        var generator = FixedSeed()
        identifiers = (0..<users.count).shuffled(using: &generator).map(UserDocument.homeAccountID)
    }

    func sample(_ round: Int) async throws -> [Double] {
        try await Batches(count: 20, calls: 500).time(round) { try await run($0) }
    }

    func facts() async throws -> [String: Double] {
        try await Allocations.perCall(500) { try await run(0) }
    }

    private func run(_ first: Int) async throws {
        var position = first % identifiers.count
        for _ in 0..<500 {
            guard try await users.application.account(homeAccountID: identifiers[position]) != nil else {
                throw WrongAnswer("an account is missing")
            }
            position += 1
            if position == identifiers.count { position = 0 }
        }
    }
}

/// All accounts.
struct AllAccounts: Workload {
    let users: ApplicationWithUsers

    func sample(_ round: Int) async throws -> [Double] {
        try await Batches(count: 10, calls: 1).time(round) { _ in
            guard try await users.application.accounts().count == users.count else {
                throw WrongAnswer("accounts are missing")
            }
        }
    }
}
