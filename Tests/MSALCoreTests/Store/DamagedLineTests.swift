// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import InMemoryLogging
import Logging
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// Token files that somebody or something has altered.
@Suite struct DamagedLineTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private let keys = KeyRing(.random())
    private let person = TokenPartition(kind: .user, name: "person")
    private let neighbour = TokenPartition(kind: .user, name: "neighbour")
    private let front = Array("msal-tokens 1\n".utf8)

    /// What is found when nothing is damaged.
    private let whole = [
        "user/person/a": "first", "user/person/b": "second", "user/neighbour/a": "third", "lease": "holder",
    ]

    init() throws {
        folder = try TemporaryFolder()
    }

    private func store(_ keys: KeyRing? = nil, logger: Logger? = nil) -> EncryptedFileTokenStore {
        let logger = logger ?? Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
        return EncryptedFileTokenStore(path: folder("tokens"), keys: keys ?? self.keys, time: time, logger: logger)
    }

    private func envelope(_ keys: KeyRing? = nil) -> FileEnvelope {
        FileEnvelope(path: "tokens", keys: keys ?? self.keys)
    }

    private func token(_ key: String, _ value: String) -> StoredToken {
        StoredToken(key: key, value: Array(value.utf8), endsOn: time.now)
    }

    /// Three entries of two people, and a lease.
    private func content(lastVersion: Int64 = 40) -> StoredPartitions {
        var content = StoredPartitions(lastVersion: lastVersion)
        _ = content.write(TokenChanges(put: [token("a", "first"), token("b", "second")]), to: person, if: .none)
        _ = content.write(TokenChanges(put: [token("a", "third")]), to: neighbour, if: .none)
        _ = content.takeLease(on: person, as: "holder", until: time.now.adding(.seconds(9)), at: time.now)
        return content
    }

    /// Entries by partition and key, and the lease's holder.
    private func facts(of content: StoredPartitions) -> [String: String] {
        var facts: [String: String] = [:]
        for (partition, found) in content.partitions {
            for (key, entry) in found.entries {
                facts["\(partition)/\(key)"] = String(decoding: entry.value, as: UTF8.self)
            }
        }
        for lease in content.leases.values { facts["lease"] = lease.holder }
        return facts
    }

    /// The lines of a file without its first.
    private func lines(of bytes: [UInt8]) -> [[UInt8]] {
        bytes.dropFirst(front.count).split(separator: 0x0A).map(Array.init)
    }

    /// A file of some lines.
    private func file(_ lines: [[UInt8]]) -> [UInt8] {
        front + lines.flatMap { $0 + [0x0A] }
    }

    /// What there was and is not there any more; nothing else may differ.
    private func lost(in content: FileEnvelope.Content, _ comment: Comment) -> Int {
        let found = facts(of: content.partitions)
        for (name, value) in found where whole[name] != value {
            Issue.record("\(name) was changed to \(value): \(comment)")
        }
        return whole.count - found.count
    }

    @Test func everythingComesBack() throws {
        let content = content()
        let opened = try envelope().open(envelope().seal(content))
        #expect(opened.damagedLines == 0)
        #expect(facts(of: opened.partitions) == whole)
        #expect(opened.partitions.partitions == content.partitions)
        #expect(opened.partitions.leases == content.leases)
        #expect(opened.partitions.lastVersion == 42)
        let empty = try envelope().open(envelope().seal(StoredPartitions(lastVersion: 7)))
        #expect(empty.damagedLines == 0)
        #expect(empty.partitions.lastVersion == 7)
    }

    @Test(arguments: [UInt8(0x01), 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF])
    func aFlippedByteCostsNoMoreThanTheLinesItTouches(_ mask: UInt8) throws {
        let envelope = envelope()
        let bytes = try envelope.seal(content())
        for index in bytes.indices {
            var altered = bytes
            altered[index] ^= mask
            guard index >= front.count else {
                #expect(throws: AuthenticationError.self, "byte \(index)") { try envelope.open(altered) }
                continue
            }
            let opened = try envelope.open(altered)
            // Without its end a line and the next one are one.
            let touched = bytes[index] == 0x0A && index < bytes.count - 1 ? 2 : 1
            #expect(lost(in: opened, "byte \(index)") <= touched)
            // A byte that becomes the end of a line leaves two pieces.
            let pieces = altered[index] == 0x0A ? 2 : touched
            #expect((1...pieces).contains(opened.damagedLines), "byte \(index)")
            #expect(opened.partitions.lastVersion == 42, "byte \(index)")
        }
    }

    @Test func aByteOfAnyValueDoesNoMoreHarm() throws {
        let envelope = envelope()
        let bytes = try envelope.seal(content())
        for index in [front.count, front.count + 1, front.count + 60, bytes.count - 1] {
            for value in UInt8.min...UInt8.max where value != bytes[index] {
                var altered = bytes
                altered[index] = value
                let opened = try envelope.open(altered)
                #expect(lost(in: opened, "byte \(index) is \(value)") <= 1)
                #expect(opened.damagedLines >= 1)
            }
        }
    }

    @Test func aCutCostsWhatIsBehindItAndIsSeen() throws {
        let envelope = envelope()
        let bytes = try envelope.seal(content())
        for length in 0..<bytes.count {
            let opened = try envelope.open(Array(bytes.prefix(length)))
            let behind = bytes.indices.filter { $0 >= max(length, front.count) && bytes[$0] == 0x0A }
            // A line that lacks nothing but its end is whole.
            let gone = behind.first == length && length > front.count ? behind.count - 1 : behind.count
            #expect(lost(in: opened, "cut to \(length)") <= gone)
            // How many there were can be told by any line, but not by none.
            #expect(opened.damagedLines == (gone == 5 ? 1 : gone), "cut to \(length)")
        }
    }

    @Test func linesOfTwoWritingsGiveEntriesOfOneAlone() throws {
        let envelope = envelope()
        var content = content()
        let older = try lines(of: envelope.seal(content))
        _ = content.write(TokenChanges(put: [token("a", "FIRST"), token("b", "SECOND")]), to: person, if: .none)
        _ = content.write(TokenChanges(put: [token("a", "THIRD")]), to: neighbour, if: .none)
        let newer = try lines(of: envelope.seal(content))
        #expect(older.count == 5)
        for choice in 0..<(1 << 5) {
            let chosen = (0..<5).map { choice >> $0 & 1 == 0 ? older[$0] : newer[$0] }
            let opened = try envelope.open(file(chosen))
            let values = facts(of: opened.partitions).filter { $0.key != "lease" }.values
            let isNew = choice != 0
            #expect(values.allSatisfy { ($0 == $0.uppercased()) == isNew }, "choice \(choice)")
            #expect(opened.partitions.lastVersion == (isNew ? 44 : 42))
            #expect((opened.damagedLines == 0) == (choice == 0 || choice == 31))
        }
        let both = try envelope.open(file(older + newer))
        #expect(facts(of: both.partitions)["user/person/a"] == "FIRST")
        #expect(both.damagedLines == 5)
    }

    @Test func twoWritingsWithOneVersionDoNotMixEither() throws {
        let envelope = envelope()
        var other = StoredPartitions(lastVersion: 40)
        _ = other.write(TokenChanges(put: [token("a", "OTHER")]), to: person, if: .none)
        _ = other.write(TokenChanges(put: [token("a", "OTHER")]), to: neighbour, if: .none)
        let mixed = try lines(of: envelope.seal(content())) + lines(of: envelope.seal(other))
        for lines in [mixed, mixed.reversed()] {
            let opened = try envelope.open(file(lines))
            let values = Set(facts(of: opened.partitions).values)
            #expect(values == Set(whole.values) || values == ["OTHER"])
            #expect(opened.damagedLines > 0)
        }
    }

    @Test func whereALineStandsAndHowOftenChangesNothing() throws {
        let envelope = envelope()
        let lines = try lines(of: envelope.seal(content()))
        let turned = try envelope.open(file(lines.reversed()))
        #expect(facts(of: turned.partitions) == whole)
        #expect(turned.damagedLines == 0)
        let doubled = try envelope.open(file(lines + [lines[1], [], lines[1]]))
        #expect(facts(of: doubled.partitions) == whole)
        #expect(doubled.damagedLines == 3)
    }

    @Test func whatIsSealedForSomethingElseIsNoLine() throws {
        let line = FileLine(
            writing: FileWriting(lastVersion: 99, count: 1, nonce: Array(repeating: 0, count: 16)),
            index: 0,
            record: .entry(person, version: 99, token("a", "forged"))
        )
        let sealed = try Sealer(keys: keys).seal(line.encoded(), purpose: "something else")
        let lines = try lines(of: envelope().seal(content()))
        let opened = try envelope().open(file(lines + [Array(Base64URL.encode(sealed).utf8)]))
        #expect(facts(of: opened.partitions) == whole)
        #expect(opened.damagedLines == 1)
    }

    @Test func sealedBytesThatAreNoLineAreNil() {
        let line = FileLine(
            writing: FileWriting(lastVersion: 1, count: 3, nonce: Array(repeating: 7, count: 16)),
            index: 2,
            record: .entry(person, version: 1, token("a", "value"))
        )
        let bytes = line.encoded()
        #expect(FileLine(decoding: bytes) == line)
        #expect(FileLine(decoding: bytes + [0]) == nil)
        for length in bytes.indices { #expect(FileLine(decoding: Array(bytes.prefix(length))) == nil) }
        for index in bytes.indices {
            var altered = bytes
            altered[index] = 0xFF
            _ = FileLine(decoding: altered)
        }
    }

    @Test func aLineOfAnUnknownKeyIsDamageBesideOthersAndAnErrorAlone() throws {
        let foreign = envelope(KeyRing(.random()))
        let ours = try lines(of: envelope().seal(content()))
        let theirs = try lines(of: foreign.seal(content()))
        let mixed = try envelope().open(file(ours + [theirs[0]]))
        #expect(facts(of: mixed.partitions) == whole)
        #expect(mixed.damagedLines == 1)
        var broken = ours[0]
        broken[broken.count / 2] ^= 1
        let error = #expect(throws: AuthenticationError.self) { try envelope().open(file([broken, theirs[0]])) }
        #expect(error?.message.contains("key that is not in the key ring") == true)
        let nothing = try envelope().open(file([broken]))
        #expect(nothing.damagedLines == 1)
        #expect(nothing.partitions.partitions.isEmpty)
    }

    @Test func theStoreServesTheNeighboursAndKeepsTheFileBeforeItDropsALine() async throws {
        try await store().write(TokenChanges(put: [token("a", "mine")]), to: person, if: .none)
        try await store().write(TokenChanges(put: [token("a", "theirs")]), to: neighbour, if: .none)
        let log = InMemoryLogHandler()
        let store = store(logger: Logger(label: "test") { _ in log })
        var altered = try folder.bytes(of: "tokens")
        altered[altered.count - 9] ^= 1
        try folder.write(altered, to: "tokens")
        for _ in 0..<2 {
            let people = try await store.partitions(.user, after: nil, limit: 9)
            #expect(people.count == 1)
            let found = try await store.read(try #require(people.first), keys: nil)
            #expect(found.entries == [token("a", people == [person] ? "mine" : "theirs")])
        }
        #expect(log.entries.map(\.level) == [.warning], "said once")
        #expect(store.damagedLines == 1)
        #expect(store.damagedFiles == [])
        #expect(try folder.bytes(of: "tokens") == altered, "a reader changes nothing")

        try await store.write(TokenChanges(put: [token("b", "new")]), to: person, if: .none)
        #expect(store.damagedFiles == [folder("tokens.damaged-20260901T100000Z")])
        #expect(try folder.bytes(of: "tokens.damaged-20260901T100000Z") == altered)
        let after = self.store()
        #expect(try await after.read(person, keys: ["b"]).entries == [token("b", "new")])
        #expect(after.damagedLines == 0, "the new file is whole")
        #expect(log.entries.map(\.level) == [.warning, .info])
        for entry in log.entries {
            #expect(!"\(entry)".contains("person") && !"\(entry)".contains("neighbour"))
        }

        try folder.write(altered, to: "tokens")
        try await store.write(TokenChanges(put: [token("b", "newer")]), to: person, if: .none)
        #expect(store.damagedFiles.last == folder("tokens.damaged-20260901T100000Z-2"))
        #expect(store.damagedLines == 2)
    }

    @Test func aWriterKilledAfterItKeptTheFileHasNotToBeRepeated() async throws {
        try await store().write(TokenChanges(put: [token("a", "v")]), to: person, if: .none)
        let damaged = try folder.bytes(of: "tokens") + [0]
        try folder.write(damaged, to: "tokens")
        try FileManager.default.linkItem(atPath: folder("tokens"), toPath: folder("tokens.damaged-before"))
        let store = store()
        try await store.write(TokenChanges(put: [token("b", "w")]), to: person, if: .none)
        #expect(try folder.names == ["tokens", "tokens.damaged-before", "tokens.lock"])
        #expect(try folder.bytes(of: "tokens.damaged-before") == damaged)
        #expect(try await self.store().read(person, keys: nil).entries.count == 2)
    }

    @Test func versionsGoOnWhereLinesWereLost() async throws {
        var given: Set<TokenVersion> = []
        let store = store()
        for number in 0..<12 {
            let changes = TokenChanges(put: [token("k\(number)", "v")])
            let version = try #require(try await store.write(changes, to: person, if: .none))
            #expect(given.insert(version).inserted)
            // Each line in turn is broken, the last time all of them.
            var bytes = try folder.bytes(of: "tokens")
            var place = front.count
            for (index, line) in lines(of: bytes).enumerated() {
                if number == 11 || index == number % 3 { bytes[place + line.count / 2] ^= 1 }
                place += line.count + 1
            }
            try folder.write(bytes, to: "tokens")
        }
        #expect(try await store.read(person, keys: nil).entries == [])
        let last = try #require(try await store.write(TokenChanges(put: [token("k", "v")]), to: person, if: .none))
        #expect(given.insert(last).inserted)
    }

    @Test func aLeaseAloneMakesANewerWriting() async throws {
        let store = store()
        try await store.write(TokenChanges(put: [token("a", "v")]), to: person, if: .none)
        let before = try envelope().open(folder.bytes(of: "tokens")).partitions
        #expect(try await store.takeLease(on: person, as: "me", for: .seconds(9)))
        let after = try envelope().open(folder.bytes(of: "tokens")).partitions
        #expect(after.lastVersion > before.lastVersion)
        #expect(after.partitions == before.partitions, "and no new version of a partition")
    }
}
