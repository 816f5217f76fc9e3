// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALTesting
import MetricsTestKit
import Testing

@testable import MSALCore

/// The published catalogue of metrics: what is told is in it, and the page shows it.
@Suite struct MSALMetricsTests {
    @Test func everyNameIsThereOnce() {
        #expect(Set(MSALMetrics.all.map(\.name)).count == MSALMetrics.all.count)
        #expect(MSALMetrics.all.allSatisfy { $0.name.hasPrefix("msal.") })
    }

    @Test func whatIsToldIsInTheCatalogueWithItsTags() async throws {
        let listener = Listener()
        let provider = ScriptedProvider()
        let store = SwitchedTokenStore(time: provider.time)
        let tokens = TokenPersistence(store: store, keys: KeyRing(.random()))
        let application = try listener.makeApplication(on: provider, tokens: tokens)
        let account = try #require(try await provider.signIn(application).account)
        _ = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        _ = try await application.acquireTokenForClient(scopes: ["api://one/.default"])
        store.switchOff(Set(SwitchedTokenStore.Operation.allCases))
        _ = await authenticationError { try await application.acquireTokenForClient(scopes: ["wrong"]) }
        try await application.keepInOrder(includingStore: true)
        let metrics = listener.metrics
        let told =
            metrics.counters.map { ($0.label, $0.dimensions) } + metrics.timers.map { ($0.label, $0.dimensions) }
            + metrics.recorders.map { ($0.label, $0.dimensions) }
        for (name, dimensions) in told {
            let metric = try #require(MSALMetrics.all.first { $0.name == name }, "\(name) is not in the catalogue")
            #expect(dimensions.map(\.0) == metric.tags.map(\.rawValue), "\(name)")
        }
        // All but what needs damage, a renewal or a full cache.
        #expect(Set(told.map(\.0)).count >= MSALMetrics.all.count - 2)
    }

    @Test func thePageShowsTheCatalogue() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../docs/observability.md").standardized
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n").map(String.init)
        let kinds: [MSALMetric.Kind] = [.counter, .gauge, .timer]
        let rows = lines.filter { line in
            line.hasPrefix("| `msal.") && kinds.contains { line.contains("` | \($0.rawValue) |") }
        }
        let expected = MSALMetrics.all.map { metric in
            let tags = metric.tags.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            let counterpart = metric.counterpart.map { "`\($0)`" } ?? "–"
            return
                "| `\(metric.name)` | \(metric.kind.rawValue) | \(metric.unit.rawValue) | \(tags.isEmpty ? "–" : tags) "
                + "| \(counterpart) |"
        }
        #expect(rows.count == expected.count)
        for (row, start) in zip(rows, expected) { #expect(row.hasPrefix(start), "\(row)") }
    }
}
