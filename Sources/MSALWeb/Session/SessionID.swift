// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import MSALCore
import MSALJWT

/// What the browser holds: 256 random bits in base64url.
///
/// The server keeps only its hash.
struct SessionID: Sendable, Hashable {
    /// The 43 characters that go into the cookie.
    let text: String

    /// A fresh one.
    static func random() -> SessionID {
        SessionID(unchecked: Randomness.system.token(byteCount: 32))
    }

    /// One that a browser sent; nil if it cannot be one of ours.
    init?(_ text: String) {
        guard text.utf8.count == 43, Base64URL.decode(text)?.count == 32 else { return nil }
        self.text = text
    }

    /// A text made here.
    private init(unchecked text: String) {
        self.text = text
    }

    /// What the store files it under.
    var key: SessionKey { SessionKey(hashing: text) }
}

/// What a session store files a session under: the hash of what the browser holds, so that somebody who reads the
/// store cannot take over a session.
public struct SessionKey: Sendable, Hashable, Codable, RawRepresentable {
    /// The SHA-256 in base64url.
    public let rawValue: String

    /// A key that a store has kept.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The key for a secret text.
    init(hashing text: String) {
        rawValue = Base64URL.encode(Array(SHA256.hash(data: Array(text.utf8))))
    }
}
