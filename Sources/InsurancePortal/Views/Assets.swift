// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files that browsers keep: each under an address that changes with its content.
struct Assets: Sendable {
    /// A file as it is sent.
    struct File: Sendable {
        /// The content.
        let bytes: [UInt8]
        /// The media type.
        let type: String
    }

    /// Media types by extension; other files are not served.
    private static let types = ["css": "text/css; charset=utf-8", "svg": "image/svg+xml"]

    /// Addresses by file name.
    private let paths: [String: String]
    /// Files by address.
    private let files: [String: File]

    /// Reads the files of a folder.
    init(folder: URL) throws {
        var paths: [String: String] = [:]
        var files: [String: File] = [:]
        for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
            guard let type = Self.types[file.pathExtension] else { continue }
            let bytes = [UInt8](try Data(contentsOf: file))
            let stem = file.deletingPathExtension().lastPathComponent
            let path = "/assets/\(stem)-\(Self.fingerprint(of: bytes)).\(file.pathExtension)"
            paths[file.lastPathComponent] = path
            files[path] = File(bytes: bytes, type: type)
        }
        self.paths = paths
        self.files = files
    }

    /// The address of a file by its name.
    func path(of name: String) -> String {
        paths[name] ?? "/assets/\(name)"
    }

    /// The file at an address.
    func file(at path: String) -> File? {
        files[path]
    }

    /// Sixteen digits that differ when the content does (FNV-1a; nobody is kept out by it).
    private static func fingerprint(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
