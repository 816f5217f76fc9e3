// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Testing

/// Test data of other projects, read where it lies beside the package and never copied into it.
enum PeerData {
    /// Where the data is.
    private static let folder: String = {
        var parts = #filePath.split(separator: "/").dropLast(5)
        parts += ["shared", "peer-data"]
        return "/" + parts.joined(separator: "/")
    }()

    /// The notice where the data is absent.
    static let notice: Comment = "Skipped: the data of other projects (../shared/peer-data) is not here."

    /// Whether a file or folder is there.
    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/\(path)")
    }

    /// A file as it is.
    static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(filePath: "\(folder)/\(path)")))
    }

    /// A file as text, without the line break at its end.
    static func text(_ path: String) throws -> String {
        String(decoding: try bytes(path), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A file as JSON.
    static func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: strict(try bytes(path)))
    }

    /// A document without what only tolerant readers take: the mark before it and the commas too many.
    static func strict(_ bytes: [UInt8]) throws -> [UInt8] {
        var text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("\u{FEFF}") { text.removeFirst() }
        return Array(text.replacing(/,(\s*[}\]])/) { String($0.output.1) }.utf8)
    }
}
