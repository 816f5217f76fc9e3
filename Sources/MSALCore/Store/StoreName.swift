// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import MSALJWT

/// Names under which stores file things: short printable ASCII, whatever they were made of.
enum StoreName {
    /// The text itself where every store can take it as a name, else its hash.
    static func plain(_ text: String) -> String {
        let fits = !text.isEmpty && text.utf8.count <= 512 && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        // A hash has no slash, a tilde or a length that a plain name may have too: the mark keeps them apart.
        return fits && !text.hasPrefix("~") ? text : "~" + hash([text])
    }

    /// A hash of several parts that no other parts have.
    static func hash(_ parts: [String]) -> String {
        var bytes: [UInt8] = []
        for part in parts {
            bytes += Array("\(part.utf8.count):".utf8)
            bytes += Array(part.utf8)
        }
        return Base64URL.encode(Array(SHA256.hash(data: bytes)))
    }
}
