// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

extension TokenStoreSuite {
    /// Versions change with every write and never come back.
    static let versionChecks: [Check] = [
        Check("Every write gives the partition a version that it never had, and reading gives that one.") { trial in
            var seen: Set<TokenVersion> = []
            let writes = [
                TokenChanges(put: [entry("a", "1")]),
                TokenChanges(put: [entry("a", "1")]),
                TokenChanges(put: [entry("a", "2"), entry("b", "3")]),
                TokenChanges(remove: ["b"]),
                TokenChanges(remove: ["b"]),
                TokenChanges(put: [entry("b", "3")], remove: ["a"]),
            ]
            for (number, changes) in writes.enumerated() {
                let written = try await trial.store.write(changes, to: user("a"), if: .none)
                let version = try trial.require("the version after write \(number + 1)", written)
                let read = try await trial.store.read(user("a"), keys: nil).version
                try trial.expect("the version read after write \(number + 1)", read, is: version)
                let isNew = seen.insert(version).inserted
                try trial.expect("whether the version of write \(number + 1) is new", isNew, is: true)
            }
        },
        Check("A write leaves the versions of other partitions alone.") { trial in
            let version = try await trial.put(entry("k", "v"), to: user("a"))
            let other = TokenPartition(kind: .application, name: "a")
            try await trial.put(entry("k", "v"), to: user("b"))
            try await trial.put(entry("k", "v"), to: other)
            try await trial.remove("k", from: other)
            try trial.expect("its version", await trial.store.read(user("a"), keys: nil).version, is: version)
        },
        Check("A partition is gone with its last entry: it has no version and is not listed.") { trial in
            try await trial.put(entry("a"), entry("b"), to: user("a"))
            try await trial.remove("a", from: user("a"))
            try trial.expect(
                "the partitions",
                await trial.store.partitions(.user, after: nil, limit: 9),
                is: [user("a")]
            )
            try await trial.remove("b", from: user("a"))
            let nothing = StoredTokens(entries: [], version: nil)
            for store in [trial.store, try await trial.openAgain()] {
                try trial.expect("what is left", await store.read(user("a"), keys: nil), is: nothing)
                try trial.expect("the partitions", await store.partitions(.user, after: nil, limit: 9), is: [])
            }
        },
        Check("Taking out what is not there makes no partition.") { trial in
            try await trial.remove("k", from: user("a"))
            let nothing = StoredTokens(entries: [], version: nil)
            try trial.expect("what there is", await trial.store.read(user("a"), keys: nil), is: nothing)
            try trial.expect("the partitions", await trial.store.partitions(.user, after: nil, limit: 9), is: [])
        },
        Check("No version is given twice, not even to a partition that was gone and is made again.") { trial in
            var seen: Set<TokenVersion> = []
            var first: TokenVersion?
            for round in 1...5 {
                // Through a new opening each time: a counter in memory would begin anew.
                let store = try await trial.openAgain()
                for partition in [user("a"), user("b")] {
                    let made = try await store.write(TokenChanges(put: [entry("k")]), to: partition, if: .none)
                    let version = try trial.require("the version of a new partition", made)
                    first = first ?? version
                    let isNew = seen.insert(version).inserted
                    try trial.expect("whether version \(version.rawValue) of round \(round) is new", isNew, is: true)
                }
                for partition in [user("a"), user("b")] {
                    let gone = try await store.write(TokenChanges(remove: ["k"]), to: partition, if: .none)
                    if let gone { seen.insert(gone) }
                }
            }
            try await trial.put(entry("k", "kept"), to: user("a"))
            let late = try await trial.store.write(
                TokenChanges(put: [entry("k", "late")]),
                to: user("a"),
                if: .version(first)
            )
            try trial.expect("a write on condition of the first version", late, is: nil)
            try await trial.expect(user("a"), holds: entry("k", "kept"))
        },
    ]

    /// Conditions hold or nothing happens.
    static let conditionChecks: [Check] = [
        Check("A write on condition of a version is made while the partition has it, and once only.") { trial in
            let version = try await trial.put(entry("k", "1"), to: user("a"))
            let changes = TokenChanges(put: [entry("k", "2")])
            let next = try await trial.store.write(changes, to: user("a"), if: .version(version))
            try trial.expect("whether the version has changed", next != nil && next != version, is: true)
            let again = TokenChanges(put: [entry("k", "3")])
            try trial.expect(
                "a second write",
                await trial.store.write(again, to: user("a"), if: .version(version)),
                is: nil
            )
            try await trial.expect(user("a"), holds: entry("k", "2"))
            let third = try await trial.store.write(again, to: user("a"), if: .version(next))
            _ = try trial.require("the version after a write with the new version", third)
            try await trial.expect(user("a"), holds: entry("k", "3"))
        },
        Check("A write whose condition does not hold changes nothing at all.") { trial in
            let stale = try await trial.put(entry("a", "0"), to: user("a"))
            let version = try await trial.put(entry("a", "1"), entry("b", "2"), to: user("a"))
            let changes = TokenChanges(put: [entry("a", "9"), entry("c", "9")], remove: ["b"])
            let other = TokenVersion(rawValue: version.rawValue &+ 1000)
            for condition: TokenWriteCondition in [.version(stale), .version(nil), .version(other)] {
                let result = try await trial.store.write(changes, to: user("a"), if: condition)
                try trial.expect("the result of the write if \(condition)", result, is: nil)
                let after = try await trial.expect(user("a"), holds: entry("a", "1"), entry("b", "2"))
                try trial.expect("the version afterwards", after, is: version)
            }
        },
        Check("A write on condition that there is no partition makes one, and leaves one alone.") { trial in
            let changes = TokenChanges(put: [entry("k", "1")])
            let made = try await trial.store.write(changes, to: user("a"), if: .version(nil))
            let version = try trial.require("the version of the new partition", made)
            let second = try await trial.store.write(
                TokenChanges(put: [entry("k", "2")]),
                to: user("a"),
                if: .version(nil)
            )
            try trial.expect("a second write", second, is: nil)
            let after = try await trial.expect(user("a"), holds: entry("k", "1"))
            try trial.expect("the version afterwards", after, is: version)
            try await trial.remove("k", from: user("a"))
            let third = try await trial.store.write(changes, to: user("a"), if: .version(nil))
            _ = try trial.require("the version of a partition made again", third)
        },
        Check("A write on condition of a version makes no partition where there is none.") { trial in
            let version = try await trial.put(entry("k", "1"), to: user("a"))
            try await trial.remove("k", from: user("a"))
            for partition in [user("a"), user("never there")] {
                let changes = TokenChanges(put: [entry("k", "2")])
                let result = try await trial.store.write(changes, to: partition, if: .version(version))
                try trial.expect("the result of the write", result, is: nil)
                let nothing = StoredTokens(entries: [], version: nil)
                try trial.expect("what there is", await trial.store.read(partition, keys: nil), is: nothing)
            }
            try trial.expect("the partitions", await trial.store.partitions(.user, after: nil, limit: 9), is: [])
        },
        Check("Changing nothing succeeds where the condition holds, and makes no partition.") { trial in
            let nothing = TokenChanges()
            let none = try await trial.store.write(nothing, to: user("a"), if: .version(nil))
            _ = try trial.require("a version where there is no partition", none)
            let missing = StoredTokens(entries: [], version: nil)
            try trial.expect("what there is", await trial.store.read(user("a"), keys: nil), is: missing)
            let version = try await trial.put(entry("k", "v"), to: user("a"))
            let some = try await trial.store.write(nothing, to: user("a"), if: .version(version))
            _ = try trial.require("a version where there is one", some)
            try trial.expect(
                "the result if it does not hold",
                await trial.store.write(nothing, to: user("a"), if: .version(nil)),
                is: nil
            )
            let after = try await trial.expect(user("a"), holds: entry("k", "v"))
            try trial.expect("the version afterwards", after, is: some)
        },
        Check("A write of one opening makes the version of another stale.") { trial in
            let other = try await trial.openAgain()
            let version = try await trial.put(entry("k", "1"), to: user("a"))
            let read = try await other.read(user("a"), keys: ["k"]).version
            try trial.expect("the version the other sees", read, is: version)
            let taken = try await other.write(TokenChanges(put: [entry("k", "2")]), to: user("a"), if: .version(read))
            _ = try trial.require("the version after the other's write", taken)
            let late = try await trial.store.write(
                TokenChanges(put: [entry("k", "3")]),
                to: user("a"),
                if: .version(version)
            )
            try trial.expect("the late write", late, is: nil)
            try await trial.expect(user("a"), holds: entry("k", "2"))
        },
    ]
}
