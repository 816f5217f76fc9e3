// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// An empty folder that goes when nobody uses it any more.
final class TemporaryFolder: Sendable {
    /// Where it is.
    let path: String

    /// Makes one.
    init() throws {
        let url = FileManager.default.temporaryDirectory.appending(path: "swift-msal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path(percentEncoded: false)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A path in it.
    func callAsFunction(_ name: String) -> String {
        path + "/" + name
    }

    /// The names of what is in it, in order.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }

    /// The bytes of a file in it.
    func bytes(of name: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: self(name))))
    }

    /// Writes a file.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        try Data(bytes).write(to: URL(filePath: self(name)))
    }

    /// The permissions of a file.
    func mode(of name: String) throws -> Int {
        let found = try FileManager.default.attributesOfItem(atPath: self(name))[.posixPermissions] as? NSNumber
        return found?.intValue ?? -1
    }
}
