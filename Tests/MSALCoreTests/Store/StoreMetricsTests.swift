// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALTesting
import MetricsTestKit
import Testing

@testable import MSALCore

/// What an application tells of its store by metrics; each case is a client of its own, as the metrics are the process's.
@Suite struct StoreMetricsTests {
    typealias Service = ScriptedTokenService

    private let stage = SharedStage()

    /// Something that an application asks its store for.
    struct Work: CustomTestStringConvertible {
        var name: String
        var clientID: String
        var run: @Sendable (ConfidentialClientApplication, Service, Account) async throws -> Void

        var testDescription: String { name }
    }

    private static let works = [
        Work(name: "a sign-in", clientID: "00000000-0000-4000-8000-000000000101") { application, service, _ in
            try await service.signIn(.bob, at: application)
        },
        Work(name: "a refresh", clientID: "00000000-0000-4000-8000-000000000102") { application, _, account in
            _ = try await application.acquireTokenSilently(
                scopes: ["User.Read"],
                account: account,
                forceRefresh: true
            )
        },
        Work(name: "a look-up", clientID: "00000000-0000-4000-8000-000000000103") { application, _, _ in
            _ = try await application.account(homeAccountID: Service.Person.bob.homeAccountID)
        },
        Work(name: "a list", clientID: "00000000-0000-4000-8000-000000000104") { application, _, _ in
            _ = try await application.accounts()
        },
        Work(name: "a removal", clientID: "00000000-0000-4000-8000-000000000105") { application, _, account in
            try await application.removeAccount(account)
        },
        Work(name: "a sweep", clientID: "00000000-0000-4000-8000-000000000106") { application, _, _ in
            try await application.keepInOrder(includingStore: true)
        },
        Work(name: "a token of its own", clientID: "00000000-0000-4000-8000-000000000107") { application, _, _ in
            application.cache.removeApplicationTokens(in: Service.home)
            _ = try await application.acquireTokenForClient(scopes: ["api://one/.default"])
        },
        Work(name: "a removal of those", clientID: "00000000-0000-4000-8000-000000000108") { application, _, _ in
            try await application.removeTokensForClient()
        },
        Work(name: "an export", clientID: "00000000-0000-4000-8000-000000000109") { application, _, _ in
            _ = try await application.exportCache()
        },
        Work(name: "an import", clientID: "00000000-0000-4000-8000-000000000110") { application, _, _ in
            _ = try await application.importCache(Array(#"{"Of another":{"a":1}}"#.utf8))
        },
    ]

    private func count(_ name: String, _ clientID: String) throws -> Int64 {
        try processMetrics.expectCounter("msal.store.\(name)", [("client_id", clientID)]).totalValue
    }

    private func makeNode(_ clientID: String) throws -> ConfidentialClientApplication {
        _ = processMetrics
        return try stage.makeNode(clientID: clientID)
    }

    /// How often the store was asked for anything.
    private var asked: Int {
        SwitchedTokenStore.Operation.allCases.reduce(0) { $0 + stage.store.count($1) }
    }

    @Test(arguments: works)
    func eachTimeTheStoreDoesNotAnswerIsAFailureAndNothingElseIs(_ work: Work) async throws {
        let node = try makeNode(work.clientID)
        let account = try await stage.service.signIn(at: node)
        try await work.run(node, stage.service, account)
        try await stage.service.signIn(at: node)
        #expect(try count("failures", work.clientID) == 0)
        let before = asked
        stage.store.switchOff(Set(SwitchedTokenStore.Operation.allCases))
        // Some of them cannot do without the store.
        _ = await authenticationError { try await work.run(node, stage.service, account) }
        let failures = Int64(asked - before)
        #expect(failures > 0)
        #expect(try count("failures", work.clientID) == failures)
        stage.store.switchOff([])
        try await stage.service.signIn(at: node)
        #expect(try count("failures", work.clientID) == failures)
        #expect(try count("rejected_entries", work.clientID) == 0)
    }

    /// Who comes across a damaged entry.
    enum Look: Int, CaseIterable {
        case lookUp, list, export
    }

    @Test(arguments: [false, true], Look.allCases)
    func anEntryThatCannotBeReadIsCountedOnce(opens: Bool, look: Look) async throws {
        let client = "00000000-0000-4000-8000-0000000002\(opens ? 1 : 0)\(look.rawValue)"
        let account = try await stage.service.signIn(at: try makeNode(client))
        let entries = try await stage.store.read(stage.partition, keys: nil).entries
        let entry = try #require(entries.first { $0.key.contains(".ac.") })
        var bytes = entry.value
        bytes[bytes.count / 2] ^= 1
        if opens {
            let purpose = "token/\(stage.partition)/\(entry.key)"
            bytes = try Sealer(keys: stage.keys).seal(Array("{".utf8), purpose: purpose)
        }
        let damaged = StoredToken(key: entry.key, value: bytes, endsOn: entry.endsOn)
        _ = try await stage.store.write(TokenChanges(put: [damaged]), to: stage.partition, if: .none)
        let node = try makeNode(client)
        #expect(try count("rejected_entries", client) == 0)
        switch look {
        case .lookUp: _ = try await node.account(homeAccountID: account.homeAccountID)
        case .list: #expect(try await node.accounts().isEmpty)
        case .export: _ = try await node.exportCache()
        }
        #expect(try count("rejected_entries", client) == 1)
        #expect(try count("failures", client) == 0)
    }
}
