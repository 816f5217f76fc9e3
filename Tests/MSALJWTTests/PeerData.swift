// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Test data of other projects, read where it lies beside the package and never copied into it.
enum PeerData {
    /// Where the data is.
    private static let folder: String = {
        var parts = #filePath.split(separator: "/").dropLast(4)
        parts += ["shared", "peer-data"]
        return "/" + parts.joined(separator: "/")
    }()

    /// Whether a file is there.
    static func has(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/\(path)")
    }

    /// A file, as JSON.
    static func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: URL(filePath: "\(folder)/\(path)"))))
    }

    /// The notice where the data is absent.
    static let notice: Comment = "Skipped: the data of other projects (../shared/peer-data) is not here."
}
