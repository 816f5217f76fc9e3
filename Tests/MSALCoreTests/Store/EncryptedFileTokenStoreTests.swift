// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import InMemoryLogging
import Logging
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct EncryptedFileTokenStoreTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private let keys = KeyRing(.random())
    private let person = TokenPartition(kind: .user, name: "person-in-the-file")

    init() throws {
        folder = try TemporaryFolder()
    }

    private func store(_ keys: KeyRing? = nil, logger: Logger? = nil) -> EncryptedFileTokenStore {
        let logger = logger ?? Logger(label: "quiet") { _ in SwiftLogNoOpLogHandler() }
        return EncryptedFileTokenStore(path: folder("tokens"), keys: keys ?? self.keys, time: time, logger: logger)
    }

    private func put(_ text: String, in store: EncryptedFileTokenStore) async throws {
        let entry = StoredToken(key: "key-in-the-file", value: Array(text.utf8), endsOn: nil)
        try await store.write(TokenChanges(put: [entry]), to: person, if: .none)
    }

    private func text(in store: EncryptedFileTokenStore) async throws -> String? {
        try await store.read(person, keys: nil).entries.first.map { String(decoding: $0.value, as: UTF8.self) }
    }

    @Test(arguments: TokenStoreSuite.checks)
    func keepsItsPromises(_ check: TokenStoreSuite.Check) async throws {
        // The machine's own time where tasks wait for each other: nobody moves the manual one on.
        try await check.run(time: nil) { [folder, keys] in
            EncryptedFileTokenStore(path: folder("tokens"), keys: keys)
        }
        #expect(try folder.names.allSatisfy { ["tokens", "tokens.lock"].contains($0) })
    }

    @Test func leasesEndByTheTimeItIsGiven() async throws {
        let check = try #require(TokenStoreSuite.checks.first { $0.name.hasPrefix("A lease ends with its time") })
        try await check.run(time: time) { [folder, keys, time] in
            EncryptedFileTokenStore(path: folder("tokens"), keys: keys, time: time)
        }
    }

    @Test func nothingIsMadeUntilSomethingIsWritten() async throws {
        let store = EncryptedFileTokenStore(path: folder("deep/er/tokens"), keys: keys, time: time)
        #expect(try await store.read(person, keys: nil).version == nil)
        #expect(try folder.names == [])
        try await put("v", in: store)
        #expect(try folder.mode(of: "deep") == 0o700)
        #expect(try folder.mode(of: "deep/er") == 0o700)
        #expect(try folder.mode(of: "deep/er/tokens") == 0o600)
        #expect(try folder.mode(of: "deep/er/tokens.lock") == 0o600)
    }

    @Test func noNameAndNoValueCanBeReadInTheFile() async throws {
        let store = store()
        try await put("value-in-the-file", in: store)
        _ = try await store.takeLease(on: person, as: "holder-in-the-file", for: .seconds(9))
        let bytes = try Data(folder.bytes(of: "tokens"))
        #expect(bytes.range(of: Data("in-the-file".utf8)) == nil)
        #expect(bytes.range(of: Data("user".utf8)) == nil)
        for line in bytes.split(separator: 0x0A).dropFirst() {
            let line = try #require(Base64URL.decode(String(decoding: line, as: UTF8.self)), "nothing but base64url")
            #expect(Data(line).range(of: Data("in-the-file".utf8)) == nil)
        }
    }

    @Test func aKeyThatIsNotInTheRingIsAnErrorAndLeavesTheFileAlone() async throws {
        try await put("v", in: store())
        let before = try folder.bytes(of: "tokens")
        let other = store(KeyRing(.random()))
        let read = await #expect(throws: AuthenticationError.self) { try await text(in: other) }
        #expect(read?.kind == .misconfigured)
        #expect(read?.message.contains("key that is not in the key ring") == true)
        let written = await #expect(throws: AuthenticationError.self) { try await put("w", in: other) }
        #expect(written?.kind == .misconfigured)
        #expect(try folder.bytes(of: "tokens") == before)
        #expect(other.damagedFiles == [])
        #expect(try await text(in: store()) == "v")
    }

    @Test func aNewKeyInFrontSealsWithTheNextWriteAndOldOnesStillOpen() async throws {
        let old = SealingKey.random()
        let new = SealingKey.random()
        try await put("v", in: store(KeyRing(old)))
        let both = store(KeyRing(new, opening: [old]))
        #expect(try await text(in: both) == "v")
        try await put("w", in: both)
        #expect(try await text(in: store(KeyRing(new))) == "w")
        await #expect(throws: AuthenticationError.self) { try await text(in: store(KeyRing(old))) }
    }

    @Test func versionsDoNotComeBackWithANewFile() async throws {
        let store = store()
        try await put("v", in: store)
        let before = try await store.read(person, keys: nil).version
        try FileManager.default.removeItem(atPath: folder("tokens"))
        #expect(try await store.read(person, keys: nil).version == nil)
        try await put("w", in: store)
        #expect(try await store.read(person, keys: nil).version != before)
    }

    @Test(arguments: [
        ("Dear diary, ", "is no token file"), ("msal-token 1\n", "is no token file"),
        ("msal-tokens 2\nof a later format", "was written by a later version"),
        ("msal-tokens 1\r\n", "was written by a later version"),
    ]) func aFileThatIsNotOursIsAnErrorAndStaysAsItIs(_ content: String, _ words: String) async throws {
        try folder.write(Array(content.utf8), to: "tokens")
        let store = store()
        for _ in 0..<2 {
            let error = await #expect(throws: AuthenticationError.self) { try await put("v", in: store) }
            #expect(error?.kind == .misconfigured)
            #expect(error?.code == .storeUnavailable)
            #expect(error?.message.contains("\"\(folder("tokens"))\" \(words)") == true)
        }
        #expect(try folder.bytes(of: "tokens") == Array(content.utf8))
    }

    @Test func whatAKilledWriterLeftIsReplaced() async throws {
        try folder.write([1, 2, 3], to: "tokens.new")
        let store = store()
        try await put("v", in: store)
        #expect(try folder.names == ["tokens", "tokens.lock"])
        #expect(try await text(in: self.store()) == "v")
    }

    @Test func whatAnotherWroteIsSeenEvenIfSizeAndTimeAreTheSame() async throws {
        let first = store()
        let second = store()
        for number in 0..<200 {
            try await put("\(number % 10)", in: number % 2 == 0 ? first : second)
            #expect(try await text(in: first) == "\(number % 10)")
            #expect(try await text(in: second) == "\(number % 10)")
        }
    }
}
