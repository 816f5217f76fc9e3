// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import AllocationCounter
import Foundation
import MSALCore

/// Writing all users to a document.
struct Export: Workload {
    let users: ApplicationWithUsers

    func sample(_ round: Int) async throws -> [Double] {
        try await Batches(count: 3, calls: 1).time(round) { _ in
            consume(try await users.application.exportCache())
        }
    }

    func facts() async throws -> [String: Double] {
        ["document": Double(try await users.application.exportCache().count)]
    }
}

/// Reading ten thousand users from a document.
struct Import: Workload {
    private static let users = 10_000

    private let document = UserDocument.json(0..<Self.users)

    func sample(_ round: Int) async throws -> [Double] {
        var figures: [Double] = []
        for _ in 0..<3 {
            let application = try makeApplication(InstantPlatform())
            let clock = ContinuousClock()
            let begin = clock.now
            let report = try await application.importCache(document)
            figures.append((clock.now - begin).microseconds)
            guard report.skipped.isEmpty, report.accessTokens == Self.users else {
                throw WrongAnswer("only \(report.accessTokens) users were read")
            }
        }
        return figures
    }

    func facts() async throws -> [String: Double] {
        ["document": Double(document.count)]
    }
}

/// What ten thousand users take, against the bytes of their secrets.
struct Memory: Workload {
    private let users: ConfidentialClientApplication
    private let resident: UInt64
    private let inUse: UInt64
    private let secrets: Int

    /// Reads a document that another process wrote, so that this one's memory was not used for making it.
    init() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "users-\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        let writer = Process()
        writer.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        writer.arguments = ["write-document", file.path]
        try writer.run()
        writer.waitUntilExit()
        // Once with few, so that what the code itself takes is not counted.
        let warm = try makeApplication(InstantPlatform())
        _ = try await warm.importCache(UserDocument.json(0..<10))
        let users = try makeApplication(InstantPlatform())
        allocation_counter_trim()
        let before = (allocation_counter_resident_bytes(), allocation_counter_bytes_in_use())
        secrets = try await Self.fill(users, from: file)
        allocation_counter_trim()
        resident = allocation_counter_resident_bytes() - before.0
        inUse = allocation_counter_bytes_in_use() - before.1
        self.users = users
    }

    /// Writes the document, in a process of its own.
    static func writeDocument(to path: String) throws {
        try Data(UserDocument.json(0..<10_000)).write(to: URL(filePath: path))
    }

    func sample(_ round: Int) async throws -> [Double] {
        guard try await users.accounts().count == 10_000 else { throw WrongAnswer("users are missing") }
        return []
    }

    func facts() async throws -> [String: Double] {
        ["resident": Double(resident), "in use": Double(inUse), "secrets": Double(secrets)]
    }

    /// Reads the document, which is gone when this returns.
    ///
    /// - Returns: how many bytes of secrets it holds.
    private static func fill(_ application: ConfidentialClientApplication, from file: URL) async throws -> Int {
        let bytes = Array(try Data(contentsOf: file))
        let report = try await application.importCache(bytes)
        guard report.skipped.isEmpty, report.accessTokens == 10_000 else { throw WrongAnswer("users were skipped") }
        return secretBytes(in: bytes)
    }

    /// How many bytes the members called `secret` hold.
    private static func secretBytes(in document: [UInt8]) -> Int {
        let name = Array(#""secret": ""#.utf8)
        var total = 0
        var position = 0
        while let found = document[position...].firstRange(of: name)?.upperBound {
            let end = document[found...].firstIndex(of: UInt8(ascii: "\"")) ?? document.endIndex
            total += end - found
            position = end
        }
        return total
    }
}
