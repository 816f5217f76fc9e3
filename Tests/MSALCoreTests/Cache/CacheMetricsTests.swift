// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALTesting
import MetricsTestKit
import Testing

@testable import MSALCore

/// What an application tells of its memory by metrics; each test is a client of its own, as the metrics are the process's.
@Suite struct CacheMetricsTests {
    typealias Service = ScriptedTokenService

    private let service = Service()

    private func makeApplication(
        clientID: String,
        limits: CacheLimits = CacheLimits()
    ) throws -> ConfidentialClientApplication {
        _ = processMetrics
        return try service.makeApplication(clientID: clientID) { $0.cacheLimits = limits }
    }

    /// What a gauge shows.
    private func gauge(_ name: String, _ clientID: String) throws -> Double? {
        try processMetrics.expectGauge("msal.cache.\(name)", [("client_id", clientID)]).lastValue
    }

    /// How often something was given up.
    private func evictions(_ clientID: String) throws -> Int64 {
        try processMetrics.expectCounter("msal.cache.evictions", [("client_id", clientID)]).totalValue
    }

    private func person(_ number: Int) -> Service.Person {
        Service.Person(name: "person-\(number)", object: "11111111-2222-4333-8444-2000000000\(10 + number)")
    }

    @Test func theGaugesFollowWhatComesAndGoes() async throws {
        let client = "00000000-0000-4000-8000-000000000001"
        let application = try makeApplication(clientID: client)
        let ada = try await service.signIn(at: application)
        #expect(try gauge("partitions", client) == 1)
        let alone = try #require(try gauge("bytes", client))
        #expect(alone > 500 && alone == Double(application.cache.totals.byteCount))
        try await service.signIn(.bob, at: application)
        _ = try await application.acquireTokenForClient(scopes: ["api://one/.default"])
        #expect(try gauge("partitions", client) == 3)
        // More of one person is more bytes, and no more people.
        let before = try #require(try gauge("bytes", client))
        _ = try await application.acquireTokenSilently(scopes: ["api://new/Read"], account: ada)
        #expect(try gauge("partitions", client) == 3)
        #expect(try #require(try gauge("bytes", client)) > before)
        for account in try await application.accounts() { try await application.removeAccount(account) }
        #expect(try gauge("partitions", client) == 1)
        try await application.removeTokensForClient()
        #expect(try gauge("partitions", client) == 0)
        #expect(try gauge("bytes", client) == 0)
        #expect(try evictions(client) == 0)
    }

    @Test func whatHasEndedIsSweptAndIsNoEviction() async throws {
        let client = "00000000-0000-4000-8000-000000000002"
        let application = try makeApplication(clientID: client)
        _ = try await application.acquireTokenForClient(scopes: ["api://one/.default"])
        #expect(try gauge("partitions", client) == 1)
        service.time.advance(by: .seconds(3_601))
        try await application.keepInOrder(includingStore: false)
        #expect(try gauge("partitions", client) == 0)
        #expect(try gauge("bytes", client) == 0)
        #expect(try evictions(client) == 0)
    }

    @Test func whoeverGoesForALimitOnTheirNumberIsAnEviction() async throws {
        let client = "00000000-0000-4000-8000-000000000003"
        let application = try makeApplication(clientID: client, limits: CacheLimits(maximumCount: 2))
        for number in 0..<5 {
            try await service.signIn(person(number), at: application)
            #expect(try gauge("partitions", client) == Double(min(number + 1, 2)))
            #expect(try evictions(client) == Int64(max(0, number - 1)))
        }
        #expect(try gauge("bytes", client) == Double(application.cache.totals.byteCount))
        for account in try await application.accounts() { try await application.removeAccount(account) }
        #expect(try gauge("bytes", client) == 0)
        #expect(try evictions(client) == 3)
    }

    @Test func whoeverGoesForALimitOnTheBytesIsAnEviction() async throws {
        let client = "00000000-0000-4000-8000-000000000004"
        let measured = try makeApplication(clientID: client)
        try await service.signIn(person(0), at: measured)
        let bytes = try #require(try gauge("bytes", client))
        let other = "00000000-0000-4000-8000-000000000005"
        // Room for two and a half.
        let limits = CacheLimits(maximumBytes: Int(bytes) * 5 / 2)
        let application = try makeApplication(clientID: other, limits: limits)
        for number in 0..<4 { try await service.signIn(person(number), at: application) }
        #expect(try gauge("partitions", other) == 2)
        #expect(try #require(try gauge("bytes", other)) <= Double(limits.maximumBytes))
        #expect(try evictions(other) == 2)
        #expect(try evictions(client) == 0)
    }
}
