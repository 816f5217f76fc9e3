// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALSQLite

let usage = """
    Usage: StoreWriter write KIND PLACE WRITER [COUNT]
           StoreWriter check KIND PLACE

      write   writes entries until it is killed, or COUNT of them: entry n of the partition "writer-WRITER", and in turn an
              entry and a sum of the partition "shared". After the store has acknowledged one it prints
                  acknowledged PARTITION KEY LENGTH
      check   prints everything that is in the store, a line an entry:
                  entry PARTITION KEY LENGTH whole|broken
                  sum NUMBER

      KIND    file: PLACE is a path, beside which the keys are kept in PLACE.keys
              sqlite: PLACE is a path

    """

/// Opens a store by its kind and place; the one place that knows the kinds.
func makeStore(_ kind: String, _ place: String) async throws -> (any TokenStore)? {
    switch kind {
    case "file": EncryptedFileTokenStore(path: place, keys: try .file(at: place + ".keys"))
    case "sqlite": SQLiteTokenStore(database: try SQLiteDatabase(path: place))
    default: nil
    }
}

/// Prints a line at once, so that nothing that was printed is lost with the process.
func say(_ line: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
}

/// The value of an entry: its length changes with the number, and each byte can be told from the key.
func value(of key: String) -> [UInt8] {
    let seed = key.utf8.reduce(UInt32(17)) { $0 &* 31 &+ UInt32($1) }
    return (0..<UInt32(40 + seed % 400)).map { UInt8(truncatingIfNeeded: (seed &+ $0) &* 2_654_435_761 >> 24) }
}

/// An entry whose value tells whether it is whole.
func entry(_ key: String) -> StoredToken {
    StoredToken(key: key, value: value(of: key), endsOn: nil)
}

/// Where all writers meet.
let shared = TokenPartition(kind: .application, name: "shared")

/// Adds an entry and counts it, if nobody has written since the sum was read.
func addShared(_ key: String, to store: any TokenStore) async throws {
    while true {
        let found = try await store.read(shared, keys: ["sum", key])
        // Written by an earlier life of this writer, which did not come to count on: it must not be counted twice.
        if found.entries.contains(where: { $0.key == key }) { return }
        let sum = found.entries.first.flatMap { Int(String(decoding: $0.value, as: UTF8.self)) } ?? 0
        let counted = StoredToken(key: "sum", value: Array("\(sum + 1)".utf8), endsOn: nil)
        let changes = TokenChanges(put: [entry(key), counted])
        if try await store.write(changes, to: shared, if: .version(found.version)) != nil { return }
    }
}

/// Writes until it is killed, or has written as many as it was asked for.
func write(to store: any TokenStore, as writer: String, count: Int) async throws {
    let own = TokenPartition(kind: .user, name: "writer-\(writer)")
    var number = try await store.read(own, keys: nil).entries.compactMap { Int($0.key.dropFirst(2)) }.max() ?? 0
    for _ in 0..<count {
        number += 1
        let key = "n-\(number)"
        if number % 4 == 0 {
            let sharedKey = "w\(writer)-\(number)"
            try await addShared(sharedKey, to: store)
            try say("acknowledged shared \(sharedKey) \(value(of: sharedKey).count)")
        }
        try await store.write(TokenChanges(put: [entry(key)]), to: own, if: .none)
        try say("acknowledged \(own.name) \(key) \(value(of: key).count)")
    }
}

/// Prints everything that is in a store.
func check(_ store: any TokenStore) async throws {
    for kind in TokenPartition.Kind.allCases {
        for partition in try await store.partitions(kind, after: nil, limit: .max) {
            for entry in try await store.read(partition, keys: nil).entries {
                if entry.key == "sum" {
                    try say("sum \(String(decoding: entry.value, as: UTF8.self))")
                } else {
                    let state = entry.value == value(of: entry.key) ? "whole" : "broken"
                    try say("entry \(partition.name) \(entry.key) \(entry.value.count) \(state)")
                }
            }
        }
    }
}

let arguments = CommandLine.arguments.dropFirst()
let words = Array(arguments)
guard words.count >= 3, let store = try await makeStore(words[1], words[2]) else {
    FileHandle.standardError.write(Data(usage.utf8))
    exit(64)
}
switch (words[0], words.count) {
case ("write", 4): try await write(to: store, as: words[3], count: .max)
case ("write", 5): try await write(to: store, as: words[3], count: Int(words[4]) ?? 0)
case ("check", 3): try await check(store)
default:
    FileHandle.standardError.write(Data(usage.utf8))
    exit(64)
}
