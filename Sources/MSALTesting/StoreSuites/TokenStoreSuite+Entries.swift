// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension TokenStoreSuite {
    /// A megabyte in which no part is like another.
    private static let largeValue: [UInt8] = {
        var random = SeededGenerator(seed: 1)
        return random.bytes(1 << 20)
    }()

    /// What goes in comes out.
    static let entryChecks: [Check] = [
        Check("A partition that nobody has written to has no entries and no version.") { trial in
            let nothing = StoredTokens(entries: [], version: nil)
            try await trial.expect("all of it", trial.store.read(user("nobody"), keys: nil), is: nothing)
            try await trial.expect("a key of it", trial.store.read(user("nobody"), keys: ["k"]), is: nothing)
            try await trial.put(entry("k", "v"), to: user("somebody"))
            try await trial.expect("another one", trial.store.read(user("nobody"), keys: nil), is: nothing)
        },
        Check("What was written through one opening is there for all others, earlier and later ones.") { trial in
            let earlier = try await trial.openAgain()
            _ = try await earlier.read(user("a"), keys: nil)
            let version = try await trial.put(entry("k", "v"), to: user("a"))
            let later = try await trial.openAgain()
            for store in [earlier, later] {
                let found = try await store.read(user("a"), keys: nil)
                try trial.expect(
                    "what another opening sees (it must open the same storage)",
                    found,
                    are: [entry("k", "v")]
                )
                try trial.expect("the version it sees", found.version, is: version)
            }
            _ = try await earlier.write(TokenChanges(put: [entry("k", "w")]), to: user("a"), if: .none)
            try await trial.expect(user("a"), holds: entry("k", "w"))
            try await trial.expect(user("a"), holds: entry("k", "w"), in: later)
        },
        Check("Bytes come back as they went in, whatever and however many they are.") { trial in
            let values: [String: [UInt8]] = [
                "empty": [], "zero": [0], "all": Array(0...255), "backwards": (0...255).reversed(),
                "text": Array("'; \\ % _ \" \r\n \u{0} é".utf8), "large": largeValue,
            ]
            let entries = values.map { StoredToken(key: $0.key, value: $0.value, endsOn: nil) }
            _ = try await trial.store.write(TokenChanges(put: entries), to: user("a"), if: .none)
            for store in [trial.store, try await trial.openAgain()] {
                let found = try await store.read(user("a"), keys: nil).entries
                try trial.expect("how many entries there are", found.count, is: values.count)
                for found in found {
                    let expected = values[found.key]
                    try trial.expect("the size of \"\(found.key)\"", found.value.count, is: expected?.count ?? -1)
                    // Not printed whole: one of them is large.
                    try trial.expect("whether \"\(found.key)\" is what it was", found.value == expected, is: true)
                }
            }
        },
        Check("Ends are kept to the millisecond, and so is that there is none.") { trial in
            let ends = ["whole": 0, "half": 0.5, "last": 0.999, "first": 0.001, "odd": 7.123]
            let entries = ends.map { entry($0.key, endsOn: future($0.value)) } + [entry("never")]
            _ = try await trial.store.write(TokenChanges(put: entries), to: user("a"), if: .none)
            for found in try await trial.store.read(user("a"), keys: nil).entries {
                guard let expected = ends[found.key] else {
                    try trial.expect("the end of what has none", found.endsOn, is: nil)
                    continue
                }
                let end = try trial.require("the end of \"\(found.key)\"", found.endsOn)
                let difference = abs(end.timeIntervalSince(future(expected)))
                try trial.expect(
                    "how far the end of \"\(found.key)\" has moved",
                    difference < 0.001,
                    expected: "less than a millisecond",
                    found: "\(difference) s"
                )
            }
        },
        Check("What is put in replaces the entry of the same key, with its end.") { trial in
            try await trial.put(entry("k", "old", endsOn: future()), entry("other", "o"), to: user("a"))
            try await trial.put(entry("k", "new"), to: user("a"))
            try await trial.expect(user("a"), holds: entry("k", "new"), entry("other", "o"))
            try await trial.put(entry("k", "newer", endsOn: future(1)), to: user("a"))
            try await trial.expect(user("a"), holds: entry("k", "newer", endsOn: future(1)), entry("other", "o"))
        },
        Check("What is taken out is gone, the rest stays, and what is not there may be taken out.") { trial in
            try await trial.put(entry("a", "1"), entry("b", "2"), entry("c", "3"), to: user("a"))
            try await trial.remove("a", "never there", "c", "c", from: user("a"))
            try await trial.expect(user("a"), holds: entry("b", "2"))
        },
        Check("One write puts in and takes out.") { trial in
            try await trial.put(entry("a", "1"), entry("b", "2"), to: user("a"))
            let changes = TokenChanges(put: [entry("b", "3"), entry("c", "4")], remove: ["a"])
            _ = try await trial.store.write(changes, to: user("a"), if: .none)
            try await trial.expect(user("a"), holds: entry("b", "3"), entry("c", "4"))
        },
        Check("A key that is both put in and taken out stays in.") { trial in
            let changes = TokenChanges(put: [entry("k", "in")], remove: ["k"])
            _ = try await trial.store.write(changes, to: user("a"), if: .none)
            try await trial.expect(user("a"), holds: entry("k", "in"))
            let again = TokenChanges(put: [entry("k", "still in")], remove: ["k"])
            _ = try await trial.store.write(again, to: user("a"), if: .none)
            try await trial.expect(user("a"), holds: entry("k", "still in"))
        },
        Check("Of several entries of one key in one write the last stays.") { trial in
            try await trial.put(
                entry("k", "first", endsOn: future()),
                entry("other", "o"),
                entry("k", "second"),
                entry("k", "last", endsOn: future(1)),
                to: user("a")
            )
            try await trial.expect(user("a"), holds: entry("k", "last", endsOn: future(1)), entry("other", "o"))
        },
        Check("Asked for by key, those that are there come, each once, with the version.") { trial in
            let version = try await trial.put(entry("a", "1"), entry("b", "2"), entry("c", "3"), to: user("a"))
            let table: [([String], [StoredToken])] = [
                (["b"], [entry("b", "2")]),
                (["a", "c"], [entry("a", "1"), entry("c", "3")]),
                (["c", "missing", "c", "c"], [entry("c", "3")]),
                (["missing"], []),
                (["A"], []),
                ([], []),
                ((0..<1500).map { "k\($0)" } + ["a"], [entry("a", "1")]),
            ]
            for (keys, expected) in table {
                let found = try await trial.store.read(user("a"), keys: keys)
                try trial.expect("the entries of the keys \(keys)", found, are: expected)
                try trial.expect("the version that comes with them", found.version, is: version)
            }
        },
        Check("Many entries fit into a partition and into a write.") { trial in
            let entries = (0..<2500).map { entry("key-\($0)", "value \($0)", endsOn: future(Double($0))) }
            _ = try await trial.store.write(TokenChanges(put: entries), to: user("a"), if: .none)
            try trial.expect("all of them", await trial.store.read(user("a"), keys: nil), are: entries)
            let keys = entries.map(\.key)
            try trial.expect("each by its key", await trial.store.read(user("a"), keys: keys), are: entries)
            _ = try await trial.store.write(TokenChanges(remove: Array(keys.dropLast())), to: user("a"), if: .none)
            try trial.expect("the last", await trial.store.read(user("a"), keys: nil), are: [entries[2499]])
        },
    ]
}
