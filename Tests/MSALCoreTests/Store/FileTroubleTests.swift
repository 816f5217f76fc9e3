// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALTesting
import Testing

@testable import MSALCore

/// What stands in the way of a file.
@Suite struct FileTroubleTests {
    private let folder: TemporaryFolder
    private let time = ManualTime()
    private let keys = KeyRing(.random())
    private let person = TokenPartition(kind: .user, name: "person")
    private let changes = TokenChanges(put: [StoredToken(key: "k", value: [1], endsOn: nil)])

    init() throws {
        folder = try TemporaryFolder()
    }

    private func store(_ name: String = "tokens") -> EncryptedFileTokenStore {
        EncryptedFileTokenStore(path: folder(name), keys: keys, lockTimeout: .seconds(3), time: time)
    }

    /// Holds the lock as another process would: the lock belongs to a descriptor, not to a process.
    private func holdLock() -> Int32 {
        let descriptor = open(folder("tokens.lock"), O_RDWR | O_CREAT, 0o600)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return descriptor
    }

    @Test func aWriterWaitsForTheLockAndThenWrites() async throws {
        let held = holdLock()
        let store = store()
        let writer = Task { [person, changes] in try await store.write(changes, to: person, if: .none) }
        while time.sleeperCount == 0 { await Task.yield() }
        #expect(try await store.read(person, keys: nil).version == nil, "readers need no lock")
        close(held)
        time.advance(by: .seconds(1))
        #expect(try await writer.value != nil)
        #expect(try await store.read(person, keys: nil).entries.count == 1)
    }

    @Test func aWriterGivesUpWhenTheLockIsHeldForTooLong() async throws {
        let held = holdLock()
        defer { close(held) }
        let store = store()
        let writer = Task { [person, changes] in try await store.write(changes, to: person, if: .none) }
        let clock = Task { [time] in
            while !Task.isCancelled {
                if time.sleeperCount > 0 { time.advance(by: .milliseconds(25)) }
                await Task.yield()
            }
        }
        let error = await #expect(throws: AuthenticationError.self) { try await writer.value }
        clock.cancel()
        #expect(error?.kind == .transient)
        #expect(error?.code == .storeUnavailable)
        #expect(error?.message.contains(folder("tokens.lock")) == true)
        #expect(time.now.timeIntervalSince(ManualTime().now) >= 3)
        #expect(try folder.names == ["tokens.lock"])
    }

    @Test func aCancelledWriterLeavesAndWhoWaitsBehindItGetsItsTurn() async throws {
        let held = holdLock()
        let store = store()
        let first = Task { [person, changes] in try await store.write(changes, to: person, if: .none) }
        while time.sleeperCount == 0 { await Task.yield() }
        let second = Task { [person, changes] in try await store.write(changes, to: person, if: .none) }
        let third = Task { [person, changes] in try await store.write(changes, to: person, if: .none) }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        close(held)
        while time.sleeperCount > 0 { time.advance(by: .milliseconds(25)) }
        // The third may only now try for the lock, which is free.
        #expect(try await third.value != nil)
    }

    @Test func aFullDiskIsSaidWithItsCureAndLeavesWhatWasThere() throws {
        guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
        let descriptor = open("/dev/full", O_WRONLY)
        defer { close(descriptor) }
        let error = #expect(throws: AuthenticationError.self) {
            try PrivateFile.write([1, 2, 3], to: descriptor, "the file")
        }
        #expect(error?.kind == .transient)
        #expect(error?.message.contains("Free some space") == true)
        #expect((error?.underlying as? FileFailure)?.number == ENOSPC)
    }

    @Test func aReplacementThatFailsLeavesTheOldFileAndNothingElse() async throws {
        try await store().write(changes, to: person, if: .none)
        let before = try folder.bytes(of: "tokens")
        // Nothing can take the place of a folder that is not empty.
        try FileManager.default.createDirectory(atPath: folder("other/inside"), withIntermediateDirectories: true)
        #expect(throws: AuthenticationError.self) { _ = try PrivateFile(path: folder("other")).replace(with: [1]) }
        #expect(try folder.names == ["other", "tokens", "tokens.lock"])
        #expect(try folder.bytes(of: "tokens") == before)
    }

    @Test func aSymbolicLinkIsRefused() async throws {
        try await store().write(changes, to: person, if: .none)
        try FileManager.default.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("tokens"))
        let error = await #expect(throws: AuthenticationError.self) {
            try await store("link").write(changes, to: person, if: .none)
        }
        #expect(error?.kind == .misconfigured)
        #expect(error?.message.contains("symbolic link") == true)
        try FileManager.default.createSymbolicLink(atPath: folder("b.lock"), withDestinationPath: folder("victim"))
        await #expect(throws: AuthenticationError.self) { try await store("b").write(changes, to: person, if: .none) }
        #expect(try !folder.names.contains("victim"))
    }

    @Test func whatIsNoFileIsRefused() async throws {
        try FileManager.default.createDirectory(atPath: folder("tokens"), withIntermediateDirectories: true)
        #expect(mkfifo(folder("pipe"), 0o600) == 0)
        for name in ["tokens", "pipe", "tokens.lock/below"] {
            let error = await #expect(throws: AuthenticationError.self) {
                try await store(name).write(changes, to: person, if: .none)
            }
            #expect(error?.kind == .misconfigured, "\(name)")
            #expect(error?.message.contains(folder.path) == true, "\(name)")
        }
    }

    @Test(.enabled(if: geteuid() != 0, "The superuser may do everything."))
    func aFileOrFolderOfSomebodyElseIsAnErrorWithItsCure() async throws {
        try await store().write(changes, to: person, if: .none)
        chmod(folder("tokens"), 0)
        let read = await #expect(throws: AuthenticationError.self) { try await store().read(person, keys: nil) }
        #expect(read?.kind == .misconfigured)
        #expect(read?.message.contains("own the file") == true)
        chmod(folder("tokens"), 0o600)
        chmod(folder.path, 0o500)
        await #expect(throws: AuthenticationError.self) { try await store().write(changes, to: person, if: .none) }
        #expect(try await store().read(person, keys: nil).entries.count == 1)
        chmod(folder.path, 0o700)
    }

    @Test func everySystemErrorHasAKindAndACure() {
        let table: [(Int32, AuthenticationError.Kind)] = [
            (ENOSPC, .transient), (EDQUOT, .transient), (EACCES, .misconfigured), (EROFS, .misconfigured),
            (ELOOP, .misconfigured), (ENOTDIR, .misconfigured), (EMFILE, .transient), (EIO, .transient),
        ]
        for (number, kind) in table {
            let error = FileFailure.error(FileFailure(number: number), "open", "/some/file")
            #expect(error.kind == kind)
            #expect(error.code == .storeUnavailable)
            #expect(error.message.hasPrefix("Could not open \"/some/file\": "))
            #expect(error.message.hasSuffix("."))
        }
    }
}
