// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

extension TokenStoreSuite {
    /// Many at once.
    static let concurrencyChecks: [Check] = [
        Check("64 tasks that read, merge and write on condition of the version lose nothing.") { trial in
            let stores = [trial.store, try await trial.openAgain()]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<64 {
                    let store = stores[number % 2]
                    group.addTask { try await addOne(to: user("shared"), number, in: store, trial) }
                }
                try await group.waitForAll()
            }
            let expected = (0..<64).map { entry("task-\($0)") } + [entry("sum", "64")]
            try trial.expect("all entries", await trial.store.read(user("shared"), keys: nil), are: expected)
        },
        Check("Writers without a condition keep each other's entries.") { trial in
            let stores = [trial.store, try await trial.openAgain()]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<64 {
                    let store = stores[number % 2]
                    let changes = TokenChanges(put: [entry("task-\(number)", "v")])
                    group.addTask { _ = try await store.write(changes, to: user("shared"), if: .none) }
                }
                try await group.waitForAll()
            }
            let expected = (0..<64).map { entry("task-\($0)", "v") }
            try trial.expect("all entries", await trial.store.read(user("shared"), keys: nil), are: expected)
        },
        Check("Writers to many partitions do not disturb each other.") { trial in
            let stores = [trial.store, try await trial.openAgain()]
            let versions = try await withThrowingTaskGroup(of: [TokenVersion].self) { group in
                for number in 0..<16 {
                    let store = stores[number % 2]
                    group.addTask { try await chain(of: 8, in: user("partition-\(number)"), store, trial) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try trial.expect("how many different versions were given", Set(versions).count, is: 128)
            for number in 0..<16 {
                let expected = (0..<8).map { entry("write-\($0)", "\(number)") }
                let found = try await trial.store.read(user("partition-\(number)"), keys: nil)
                try trial.expect("partition \(number)", found, are: expected)
            }
        },
        Check("Nobody ever sees half a write.") { trial in
            let other = try await trial.openAgain()
            let value = { @Sendable (number: Int) in String(repeating: "\(number % 10)", count: 2000) }
            try await trial.put(entry("left", value(0)), entry("right", value(0)), to: user("a"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for number in 1...40 {
                        let both = TokenChanges(put: [entry("left", value(number)), entry("right", value(number))])
                        _ = try await trial.store.write(both, to: user("a"), if: .none)
                        await Task.yield()
                    }
                }
                for store in [trial.store, other, other] {
                    group.addTask {
                        for round in 0..<120 {
                            let keys = round % 2 == 0 ? nil : ["left", "right"]
                            let found = try await store.read(user("a"), keys: keys).entries
                            try trial.expect("how many entries there are", found.count, is: 2)
                            let values = Set(found.map(\.value))
                            try trial.expect("how many values two entries have that are equal", values.count, is: 1)
                            await Task.yield()
                        }
                    }
                }
                try await group.waitForAll()
            }
        },
        Check("Of many who make a partition on condition that there is none, one succeeds.") { trial in
            let stores = [trial.store, try await trial.openAgain()]
            let made = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<32 {
                    let store = stores[number % 2]
                    let changes = TokenChanges(put: [entry("maker", "\(number)")])
                    group.addTask {
                        try await store.write(changes, to: user("a"), if: .version(nil)) == nil ? nil : number
                    }
                }
                return try await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
            }
            try trial.expect("how many were told so", made.count, is: 1)
            try await trial.expect(user("a"), holds: entry("maker", "\(made[0])"))
        },
    ]

    /// Adds an entry and counts it, however often somebody else comes first.
    private static func addOne(
        to partition: TokenPartition,
        _ number: Int,
        in store: any TokenStore,
        _ trial: Trial
    ) async throws {
        // Each of the others can come first once; more than that, and nobody ever gets on.
        for _ in 0..<1000 {
            let found = try await store.read(partition, keys: ["sum"])
            let sum = found.entries.first.flatMap { Int(String(decoding: $0.value, as: UTF8.self)) } ?? 0
            let changes = TokenChanges(put: [entry("sum", "\(sum + 1)"), entry("task-\(number)")])
            // What another task does now must come to light by the version.
            await Task.yield()
            if try await store.write(changes, to: partition, if: .version(found.version)) != nil { return }
        }
        throw trial.failure("a write tried again and again", found: "never made", expected: "made in the end")
    }

    /// Writes on condition of the version before, which nobody else changes.
    private static func chain(
        of count: Int,
        in partition: TokenPartition,
        _ store: any TokenStore,
        _ trial: Trial
    ) async throws -> [TokenVersion] {
        var versions: [TokenVersion] = []
        for number in 0..<count {
            let text = partition.name.drop { $0 != "-" }.dropFirst()
            let changes = TokenChanges(put: [entry("write-\(number)", String(text))])
            let version = try await store.write(changes, to: partition, if: .version(versions.last))
            versions.append(try trial.require("the version after write \(number) to \(partition)", version))
        }
        return versions
    }
}
