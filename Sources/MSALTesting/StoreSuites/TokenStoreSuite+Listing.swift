// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

extension TokenStoreSuite {
    /// Partitions are listed a page at a time.
    static let listingChecks: [Check] = [
        Check("Partitions are listed by kind, ordered by the bytes of their names.") { trial in
            let names = ["b", "a", "B", "_", "a.b", "a-b", "aa", "a/b", "10", "9", "Z", "z", "{", "!"]
            for name in names { try await trial.put(entry("k"), entry("l"), to: user(name)) }
            try await trial.put(entry("k"), to: TokenPartition(kind: .application, name: "c"))
            let found = try await trial.store.partitions(.user, after: nil, limit: 100).map(\.name)
            let expected = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            try trial.expect("the names", found, is: expected)
            let applications = try await trial.store.partitions(.application, after: nil, limit: 100)
            try trial.expect("the applications", applications, is: [TokenPartition(kind: .application, name: "c")])
            try trial.expect("the foreign", await trial.store.partitions(.foreign, after: nil, limit: 100), is: [])
        },
        Check("A page of partitions starts after a name, there or not, and is no longer than its limit.") { trial in
            for name in ["a", "c", "e", "g"] { try await trial.put(entry("k"), to: user(name)) }
            let table: [(after: String?, limit: Int, expected: [String])] = [
                (nil, 2, ["a", "c"]), (nil, 4, ["a", "c", "e", "g"]), (nil, 1, ["a"]), (nil, 0, []),
                ("a", 2, ["c", "e"]), ("b", 2, ["c", "e"]), ("", 2, ["a", "c"]), ("e", 9, ["g"]), ("g", 9, []),
                ("z", 9, []), ("a", 0, []),
            ]
            for (after, limit, expected) in table {
                let found = try await trial.store.partitions(.user, after: after, limit: limit).map(\.name)
                try trial.expect("at most \(limit) names after \(after ?? "nothing")", found, is: expected)
            }
        },
        Check("Page after page, every partition comes once.") { trial in
            let names = (0..<103).map { "person-\($0)" }
            for name in names { try await trial.put(entry("k"), to: user(name)) }
            var found: [String] = []
            var last: String?
            repeat {
                let page = try await trial.store.partitions(.user, after: last, limit: 10).map(\.name)
                found += page
                last = page.last
            } while last != nil && found.count <= names.count
            try trial.expect("the names in order", found, is: names.sorted())
        },
    ]

    /// What has ended goes.
    static let removalChecks: [Check] = [
        Check("Entries that end before a moment go; those that end then or later or never stay.") { trial in
            try await trial.put(
                entry("long before", endsOn: future(-86_400)),
                entry("before", endsOn: future(-0.001)),
                entry("then", endsOn: future()),
                entry("after", endsOn: future(0.001)),
                entry("never"),
                to: user("a")
            )
            try trial.expect("how many went", await trial.store.removeEntries(endingBefore: future()), is: 2)
            try await trial.expect(
                user("a"),
                holds: entry("then", endsOn: future()),
                entry("after", endsOn: future(0.001)),
                entry("never")
            )
            try trial.expect("how many went then", await trial.store.removeEntries(endingBefore: future()), is: 0)
            try trial.expect("how many at last", await trial.store.removeEntries(endingBefore: future(9)), is: 2)
            try await trial.expect(user("a"), holds: entry("never"))
        },
        Check("Ended entries go from partitions of every kind, and are counted over all of them.") { trial in
            let partitions = TokenPartition.Kind.allCases.flatMap { kind in
                ["a", "b"].map { TokenPartition(kind: kind, name: $0) }
            }
            for partition in partitions {
                try await trial.put(entry("1", endsOn: future(-1)), entry("2", endsOn: future(-2)), to: partition)
                try await trial.put(entry("3", endsOn: future(1)), to: partition)
            }
            let count = try await trial.store.removeEntries(endingBefore: future())
            try trial.expect("how many went", count, is: 2 * partitions.count)
            for partition in partitions { try await trial.expect(partition, holds: entry("3", endsOn: future(1))) }
        },
        Check("Where there is nothing that ends, nothing goes.") { trial in
            try trial.expect("how many went", await trial.store.removeEntries(endingBefore: future()), is: 0)
            let version = try await trial.put(entry("k", "v"), to: user("a"))
            try trial.expect("how many went then", await trial.store.removeEntries(endingBefore: future()), is: 0)
            let after = try await trial.expect(user("a"), holds: entry("k", "v"))
            try trial.expect("the version afterwards", after, is: version)
        },
        Check("Removing ended entries changes the versions of their partitions, and of no others.") { trial in
            let before = try await trial.put(entry("a", endsOn: future(-1)), entry("b"), to: user("touched"))
            let other = try await trial.put(entry("c", endsOn: future(1)), to: user("untouched"))
            try trial.expect("how many went", await trial.store.removeEntries(endingBefore: future()), is: 1)
            let after = try await trial.store.read(user("touched"), keys: nil).version
            try trial.expect("whether the version has changed", after != nil && after != before, is: true)
            let late = try await trial.store.write(
                TokenChanges(put: [entry("b", "late")]),
                to: user("touched"),
                if: .version(before)
            )
            try trial.expect("a write on condition of the version before", late, is: nil)
            let untouched = try await trial.store.read(user("untouched"), keys: nil).version
            try trial.expect("the version of the other", untouched, is: other)
        },
        Check("A partition whose last entry has ended is gone when that is removed.") { trial in
            let version = try await trial.put(entry("k", endsOn: future(-1)), to: user("a"))
            try await trial.put(entry("k"), to: user("b"))
            try trial.expect("how many went", await trial.store.removeEntries(endingBefore: future()), is: 1)
            let nothing = StoredTokens(entries: [], version: nil)
            try trial.expect("what is left of it", await trial.store.read(user("a"), keys: nil), is: nothing)
            try trial.expect(
                "the partitions",
                await trial.store.partitions(.user, after: nil, limit: 9),
                is: [user("b")]
            )
            let again = try await trial.put(entry("k"), to: user("a"))
            try trial.expect("whether it has a new version when made again", again != version, is: true)
        },
    ]
}
