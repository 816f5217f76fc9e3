// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

extension TokenStoreSuite {
    /// Every printable ASCII character except the space.
    private static let printable = String(decoding: UInt8(0x21)...0x7E, as: UTF8.self)

    /// Keys and partitions are told apart by every character of their names.
    static let nameChecks: [Check] = [
        Check("Keys of up to 128 printable characters are kept, and told apart to the last.") { trial in
            let long = String(repeating: "k", count: 127)
            let keys = [
                printable, long + "1", long + "2", long, "k", "%", "_", "'", "\"", "\\", "\\0", "k.*", "/", "null",
            ]
            for key in keys { try await trial.put(entry(key, "of \(key)"), to: user("a")) }
            for key in keys {
                let found = try await trial.store.read(user("a"), keys: [key])
                try trial.expect("the entry of \"\(key)\"", found, are: [entry(key, "of \(key)")])
            }
            let found = try await trial.store.read(user("a"), keys: nil).entries
            try trial.expect("all keys", found.map(\.key).sorted(), is: keys.sorted())
        },
        Check("Partitions with names of up to 512 printable characters are kept, and told apart to the last.") {
            trial in
            let long = String(repeating: "n", count: 511)
            let names = [
                printable, long + "1", long + "2", long, "n", "%", "_", "'", "\"", "\\", "\\0", "n.*", "/", "..",
            ]
            for name in names { try await trial.put(entry("k", name), to: user(name)) }
            for name in names { try await trial.expect(user(name), holds: entry("k", name)) }
            let found = try await trial.store.partitions(.user, after: nil, limit: 100)
            try trial.expect("all partitions", Set(found), is: Set(names.map(user)))
        },
        Check("Keys and partitions that differ in the case of letters are different ones.") { trial in
            try await trial.put(entry("key", "1"), entry("KEY", "2"), to: user("name"))
            try await trial.put(entry("key", "3"), to: user("NAME"))
            try await trial.expect(user("name"), holds: entry("key", "1"), entry("KEY", "2"))
            try await trial.expect(user("NAME"), holds: entry("key", "3"))
            try await trial.remove("KEY", from: user("name"))
            try await trial.expect(user("name"), holds: entry("key", "1"))
            try await trial.expect(user("NAME"), holds: entry("key", "3"))
        },
        Check("A name that was replaced by its hash is listed as what it was replaced by.") { trial in
            let partition = user("a person with spaces, and ü")
            try await trial.put(entry("k", "v"), to: partition)
            let listed = try await trial.store.partitions(.user, after: nil, limit: 10)
            try trial.expect("the partitions (TokenPartition(kind:stored:) makes them)", listed, is: [partition])
        },
        Check("Partitions of one name and several kinds have nothing to do with each other.") { trial in
            let kinds = TokenPartition.Kind.allCases
            let partitions = kinds.map { TokenPartition(kind: $0, name: "same") }
            for partition in partitions { try await trial.put(entry("k", partition.kind.rawValue), to: partition) }
            for partition in partitions {
                try await trial.expect(partition, holds: entry("k", partition.kind.rawValue))
                let listed = try await trial.store.partitions(partition.kind, after: nil, limit: 10)
                try trial.expect("the partitions of kind \(partition.kind)", listed, is: [partition])
            }
            try await trial.remove("k", from: partitions[0])
            try await trial.expect(partitions[0])
            for partition in partitions.dropFirst() {
                try await trial.expect(partition, holds: entry("k", partition.kind.rawValue))
            }
        },
    ]
}
