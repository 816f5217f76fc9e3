// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TokenStoreSuite {
    /// Long random sequences, compared with a plain dictionary after every step.
    static let randomChecks: [Check] = [1, 2, 3].map { seed in
        Check("After any sequence of calls there is what a dictionary would hold (seed \(seed)).") { trial in
            var random = SeededGenerator(seed: UInt64(seed))
            var model = Model()
            var store = trial.store
            for step in 1...150 {
                if Int.random(in: 0..<25, using: &random) == 0 { store = try await trial.openAgain() }
                try await model.step(step, on: store, using: &random, in: trial)
            }
            for partition in Model.partitions { try await model.compare(partition, with: store, in: trial) }
            try await model.compareListings(with: store, in: trial)
        }
    }

    /// What a store should hold.
    private struct Model {
        /// The entries by partition and key.
        var entries: [TokenPartition: [String: StoredToken]] = [:]
        /// The version each partition should have.
        var versions: [TokenPartition: TokenVersion] = [:]
        /// All versions that were given.
        var given: [TokenVersion] = []

        /// Few partitions, so that they often come and go.
        static let partitions = TokenPartition.Kind.allCases.flatMap { kind in
            ["a", "b", "c"].map { TokenPartition(kind: kind, name: $0) }
        }

        /// Makes one random call and compares what comes of it.
        mutating func step(
            _ step: Int,
            on store: any TokenStore,
            using random: inout SeededGenerator,
            in trial: Trial
        ) async throws {
            let partition = Self.partitions[Int.random(in: 0..<Self.partitions.count, using: &random)]
            switch Int.random(in: 0..<20, using: &random) {
            case 0: try await sweep(future(Double.random(in: 0..<10, using: &random).rounded()), store, trial)
            case 1: try await compareListings(with: store, in: trial)
            case 2...6: try await compare(partition, with: store, in: trial)
            default:
                let changes = Self.changes(using: &random)
                let condition = condition(for: partition, using: &random)
                try await write(changes, to: partition, if: condition, step, store, trial)
            }
        }

        /// Random changes of few keys.
        private static func changes(using random: inout SeededGenerator) -> TokenChanges {
            var changes = TokenChanges()
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                let end = Int.random(in: 0..<12, using: &random)
                let entry = StoredToken(
                    key: "k\(Int.random(in: 0..<4, using: &random))",
                    value: random.bytes(Int.random(in: 0..<40, using: &random)),
                    endsOn: end > 9 ? nil : future(Double(end))
                )
                changes.put.append(entry)
            }
            for _ in 0..<Int.random(in: 0..<4, using: &random) {
                changes.remove.append("k\(Int.random(in: 0..<4, using: &random))")
            }
            return changes
        }

        /// A condition that often holds.
        private func condition(
            for partition: TokenPartition,
            using random: inout SeededGenerator
        ) -> TokenWriteCondition {
            switch Int.random(in: 0..<6, using: &random) {
            case 0: .version(nil)
            case 1: .version(given.randomElement(using: &random))
            case 2...3: .version(versions[partition])
            default: .none
            }
        }

        /// Writes to the store and to the model.
        private mutating func write(
            _ changes: TokenChanges,
            to partition: TokenPartition,
            if condition: TokenWriteCondition,
            _ step: Int,
            _ store: any TokenStore,
            _ trial: Trial
        ) async throws {
            let result = try await store.write(changes, to: partition, if: condition)
            var holds = true
            if case .version(let expected) = condition { holds = expected == versions[partition] }
            try trial.expect("whether write \(step) was made", result != nil, is: holds)
            guard let result else { return }
            if !changes.isEmpty {
                try trial.expect("whether write \(step) has a new version", !given.contains(result), is: true)
                given.append(result)
                for key in changes.remove { entries[partition]?[key] = nil }
                for entry in changes.put { entries[partition, default: [:]][entry.key] = entry }
                versions[partition] = entries[partition]?.isEmpty ?? true ? nil : result
            }
            try await compare(partition, with: store, in: trial)
        }

        /// Removes what has ended from the store and from the model.
        private mutating func sweep(_ moment: Date, _ store: any TokenStore, _ trial: Trial) async throws {
            let count = try await store.removeEntries(endingBefore: moment)
            var expected = 0
            for partition in Self.partitions {
                let ended = entries[partition, default: [:]].values.filter { $0.endsOn.map { $0 < moment } ?? false }
                guard !ended.isEmpty else { continue }
                expected += ended.count
                for entry in ended { entries[partition]?[entry.key] = nil }
                let version = try await store.read(partition, keys: []).version
                if let version {
                    try trial.expect("whether a sweep gives a new version", !given.contains(version), is: true)
                    given.append(version)
                }
                versions[partition] = entries[partition]?.isEmpty ?? true ? nil : version
            }
            try trial.expect("how many entries had ended", count, is: expected)
        }

        /// Compares one partition.
        func compare(_ partition: TokenPartition, with store: any TokenStore, in trial: Trial) async throws {
            let found = try await store.read(partition, keys: nil)
            try trial.expect("all entries of \(partition)", found, are: Array(entries[partition, default: [:]].values))
            try trial.expect("the version of \(partition)", found.version, is: versions[partition])
        }

        /// Compares which partitions there are.
        func compareListings(with store: any TokenStore, in trial: Trial) async throws {
            for kind in TokenPartition.Kind.allCases {
                let found = try await store.partitions(kind, after: nil, limit: 100).map(\.name)
                let expected = entries.filter { $0.key.kind == kind && !$0.value.isEmpty }.map(\.key.name).sorted()
                try trial.expect("the partitions of kind \(kind)", found, is: expected)
            }
        }
    }
}
