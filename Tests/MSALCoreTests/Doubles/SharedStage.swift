// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALTesting
import Testing

@testable import MSALCore

/// A provider and a store, and applications on both.
struct SharedStage {
    typealias Service = ScriptedTokenService

    let service = Service()
    let store: SwitchedTokenStore
    let keys = KeyRing(.random())
    let partition = TokenPartition(kind: .user, name: Service.Person.ada.homeAccountID)

    init(_ issue: (inout Service.Issuing) -> Void = { _ in }) {
        store = SwitchedTokenStore(time: service.time)
        service.issue(issue)
    }

    func makeNode(
        clientID: String = Service.firstClient,
        transport: (any HTTPTransport)? = nil,
        _ change: (inout ApplicationConfiguration) -> Void = { _ in }
    ) throws -> ConfidentialClientApplication {
        try service.makeApplication(
            clientID: clientID,
            tokens: TokenPersistence(store: store, keys: keys),
            transport: transport
        ) { configuration in
            configuration.tenants = .any
            change(&configuration)
        }
    }

    func acquire(
        _ node: ConfidentialClientApplication,
        _ account: Account,
        scopes: [String] = ["User.Read"],
        force: Bool = false
    ) async throws -> AuthenticationResult {
        try await node.acquireTokenSilently(scopes: scopes, account: account, forceRefresh: force)
    }

    /// The refresh tokens that a node finds in the store.
    func stored(_ account: Account) async throws -> [String] {
        let fresh = try makeNode()
        _ = try await fresh.account(homeAccountID: account.homeAccountID)
        return fresh.cache.refreshTokens(of: account).map { $0.secret.reveal() }
    }

    /// Moves the time on as long as somebody sleeps, until a task has ended.
    ///
    /// - Returns: by how much.
    func run<Value: Sendable>(until task: Task<Value, any Error>, step: Duration = .milliseconds(50)) async
        -> Duration
    {
        let ended = Counter()
        Task {
            _ = await task.result
            ended.next()
        }
        var total = Duration.zero
        await until {
            if service.time.sleeperCount > 0 {
                service.time.advance(by: step)
                total += step
            }
            return ended.value == 1
        }
        return total
    }
}
