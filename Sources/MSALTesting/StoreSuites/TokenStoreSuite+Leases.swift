// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

extension TokenStoreSuite {
    /// One holder at a time, and nobody for ever.
    static let leaseChecks: [Check] = [
        Check("A lease is taken on what need not exist, and refused to everybody else.") { trial in
            let other = try await trial.openAgain()
            try trial.expect("the first", await trial.store.takeLease(on: user("a"), as: "one", for: hour), is: true)
            try trial.expect("another", await trial.store.takeLease(on: user("a"), as: "two", for: hour), is: false)
            try trial.expect("from elsewhere", await other.takeLease(on: user("a"), as: "two", for: hour), is: false)
            try trial.expect("the first again", await other.takeLease(on: user("a"), as: "one", for: hour), is: true)
            try trial.expect("the other still", await other.takeLease(on: user("a"), as: "two", for: hour), is: false)
            let nothing = StoredTokens(entries: [], version: nil)
            try trial.expect("the partition", await trial.store.read(user("a"), keys: nil), is: nothing)
            try trial.expect("the partitions", await trial.store.partitions(.user, after: nil, limit: 9), is: [])
        },
        Check("A lease on one partition is none on another, of another name or kind.") { trial in
            let partitions = [user("a"), user("A"), user("b"), TokenPartition(kind: .application, name: "a")]
            for (index, partition) in partitions.enumerated() {
                let isTaken = try await trial.store.takeLease(on: partition, as: "\(index)", for: hour)
                try trial.expect("the lease on \(partition)", isTaken, is: true)
            }
            for partition in partitions {
                let isTaken = try await trial.store.takeLease(on: partition, as: "late", for: hour)
                try trial.expect("a second lease on \(partition)", isTaken, is: false)
            }
        },
        Check("A lease that was given back can be taken at once; a stranger gives back nothing.") { trial in
            try await trial.store.releaseLease(on: user("a"), as: "one")
            try trial.expect("the first", await trial.store.takeLease(on: user("a"), as: "one", for: hour), is: true)
            try await trial.store.releaseLease(on: user("a"), as: "two")
            try await trial.store.releaseLease(on: user("a"), as: "ONE")
            try await trial.store.releaseLease(on: user("b"), as: "one")
            try trial.expect("the second", await trial.store.takeLease(on: user("a"), as: "two", for: hour), is: false)
            try await trial.openAgain().releaseLease(on: user("a"), as: "one")
            try trial.expect("the next", await trial.store.takeLease(on: user("a"), as: "two", for: hour), is: true)
            try await trial.store.releaseLease(on: user("a"), as: "one")
            try trial.expect("the former", await trial.store.takeLease(on: user("a"), as: "one", for: hour), is: false)
        },
        Check("A lease for no time is taken and ends at once.") { trial in
            try trial.expect("for no time", await trial.store.takeLease(on: user("a"), as: "one", for: .zero), is: true)
            try trial.expect("the next", await trial.store.takeLease(on: user("a"), as: "two", for: hour), is: true)
            try trial.expect("refused", await trial.store.takeLease(on: user("a"), as: "one", for: .zero), is: false)
            try trial.expect("the end", await trial.store.takeLease(on: user("a"), as: "two", for: .zero), is: true)
            try trial.expect("the last", await trial.store.takeLease(on: user("a"), as: "one", for: hour), is: true)
        },
        Check("A lease ends with its time, and lasts longer when its holder takes it again.") { trial in
            guard let time = trial.time else { return }
            func take(_ holder: String, _ seconds: Int) async throws -> Bool {
                try await trial.store.takeLease(on: user("a"), as: holder, for: .seconds(seconds))
            }
            try trial.expect("the first", await take("one", 10), is: true)
            time.advance(by: .seconds(9))
            try trial.expect("another shortly before its end", await take("two", 10), is: false)
            try trial.expect("the first again", await take("one", 10), is: true)
            time.advance(by: .seconds(9))
            try trial.expect("another shortly before the new end", await take("two", 10), is: false)
            time.advance(by: .seconds(1))
            try trial.expect("another at the end", await take("two", 10), is: true)
            try trial.expect("the first, too late", await take("one", 10), is: false)
            try await trial.store.releaseLease(on: user("a"), as: "one")
            try trial.expect("the first, who gave back what it lost", await take("one", 10), is: false)
            try trial.expect("the other for a shorter time", await take("two", 1), is: true)
            time.advance(by: .seconds(1))
            try trial.expect("the first after that", await take("one", 10), is: true)
        },
        Check("Writing to a partition, and its end, do nothing to its lease.") { trial in
            try trial.expect("the lease", await trial.store.takeLease(on: user("a"), as: "one", for: hour), is: true)
            try await trial.put(entry("k", endsOn: future(-1)), to: user("a"))
            try trial.expect(
                "after a write",
                await trial.store.takeLease(on: user("a"), as: "two", for: hour),
                is: false
            )
            try await trial.remove("k", from: user("a"))
            try trial.expect(
                "after its end",
                await trial.store.takeLease(on: user("a"), as: "two", for: hour),
                is: false
            )
            try await trial.put(entry("k", endsOn: future(-1)), to: user("a"))
            _ = try await trial.store.removeEntries(endingBefore: future())
            try trial.expect(
                "after a sweep",
                await trial.store.takeLease(on: user("a"), as: "two", for: hour),
                is: false
            )
            let version = try await trial.put(entry("k"), to: user("a"))
            try await trial.store.releaseLease(on: user("a"), as: "one")
            _ = try await trial.store.takeLease(on: user("a"), as: "two", for: hour)
            try trial.expect("the version", await trial.store.read(user("a"), keys: nil).version, is: version)
        },
        Check("Of many who want a lease at once, one gets it.") { trial in
            let stores = [trial.store, try await trial.openAgain()]
            for round in 1...5 {
                let count = try await withThrowingTaskGroup(of: Bool.self) { group in
                    for number in 0..<32 {
                        let store = stores[number % 2]
                        group.addTask {
                            try await store.takeLease(on: user("round \(round)"), as: "\(number)", for: hour)
                        }
                    }
                    return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
                }
                try trial.expect("how many got it", count, is: 1)
            }
        },
    ]

    /// Longer than any run.
    private static let hour = Duration.seconds(3600)
}
