// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import MSALCore

@Suite struct KeyFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func write(_ text: String, mode: mode_t = 0o600) throws {
        try folder.write(Array(text.utf8), to: "keys")
        #expect(chmod(folder("keys"), mode) == 0)
    }

    private func ids(_ ring: KeyRing) -> [[UInt8]] {
        ring.keys.map(\.id)
    }

    @Test func aFileIsMadeOnceAndReadAgain() throws {
        let first = try KeyRing.file(at: folder("a/b/keys"))
        #expect(first.keys.count == 1)
        #expect(!first.isEphemeral)
        #expect(try ids(KeyRing.file(at: folder("a/b/keys"))) == ids(first))
        #expect(try folder.mode(of: "a/b/keys") == 0o600)
        #expect(try folder.mode(of: "a/b") == 0o700)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder("a/b")) == ["keys"])
        #expect(try ids(KeyRing.file(at: folder("other"))) != ids(first))
    }

    @Test func allWhoMakeItAtOnceEndUpWithTheSameKey() async throws {
        for round in 0..<10 {
            let path = folder("keys-\(round)")
            let found = try await withThrowingTaskGroup(of: [[UInt8]].self) { group in
                for _ in 0..<16 {
                    group.addTask { try KeyRing.file(at: path).keys.map(\.id) }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(found.count == 1)
        }
        #expect(try folder.names.count == 10)
    }

    @Test func aLineIsAKeyAndTheFirstSeals() throws {
        let old = [UInt8](repeating: 1, count: 32)
        let new = [UInt8](repeating: 2, count: 32)
        try write("# rotated in September\n\n\(Base64.encode(new))\r\n  \(Base64.encode(old))  \n")
        let ring = try KeyRing.file(at: folder("keys"))
        #expect(ids(ring) == [SealingKey(new)?.id, SealingKey(old)?.id])
        #expect(ring.sealing.id == SealingKey(new)?.id)
    }

    @Test(arguments: [0o640, 0o604, 0o660, 0o644, 0o610, 0o601] as [mode_t])
    func aFileThatOthersMayReadIsRefused(_ mode: mode_t) throws {
        try write(Base64.encode([UInt8](repeating: 1, count: 32)), mode: mode)
        let error = #expect(throws: AuthenticationError.self) { try KeyRing.file(at: folder("keys")) }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .configurationInvalid)
        #expect(error?.message.contains("chmod 600 '\(folder("keys"))'") == true)
    }

    @Test(arguments: ["", "\n# nothing\n"])
    func aFileWithoutAKeyIsRefused(_ text: String) throws {
        try write(text)
        let error = #expect(throws: AuthenticationError.self) { try KeyRing.file(at: folder("keys")) }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .configurationInvalid)
        #expect(error?.message.contains("holds no key") == true)
        #expect(try folder.bytes(of: "keys") == Array(text.utf8), "it is not replaced")
    }

    @Test func aLineThatIsNoKeyIsNamedByItsNumberAlone() throws {
        let good = Base64.encode([UInt8](repeating: 1, count: 32))
        try write("\(good)\n\(good.dropLast(9))\n")
        let error = #expect(throws: AuthenticationError.self) { try KeyRing.file(at: folder("keys")) }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .configurationInvalid)
        #expect(error?.message.contains("has no key in line 2") == true)
        #expect(error?.message.contains(good.prefix(8)) == false)
    }

    @Test func aLinkToAFileIsFollowed() throws {
        try write(Base64.encode([UInt8](repeating: 1, count: 32)))
        try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("keys"))
        #expect(try ids(KeyRing.file(at: folder("link"))) == ids(KeyRing.file(at: folder("keys"))))
    }
}
