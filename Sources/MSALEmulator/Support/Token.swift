// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// Opaque names with 256 bits of chance.
enum Token {
    /// A new one.
    static func make() -> String {
        Base64URL.encode(RandomBytes.make(32))
    }
}
