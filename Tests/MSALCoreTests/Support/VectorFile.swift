// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Testing

/// A file of vectors that lies beside these tests.
struct VectorFile {
    let json: JSONValue

    init(_ name: String) throws {
        let folder = try #require(Bundle.module.resourceURL).appending(path: "Vectors")
        json = try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appending(path: name + ".json"))))
    }

    /// The list of cases.
    var cases: [[String: JSONValue]] { json["cases"]?.arrayValue?.compactMap(\.objectValue) ?? [] }
}
