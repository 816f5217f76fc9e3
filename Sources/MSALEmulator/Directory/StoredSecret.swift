// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// A password or client secret as the directory keeps it: salted and hashed.
struct StoredSecret: Sendable, CustomStringConvertible {
    /// Makes equal secrets look different.
    private let salt: [UInt8]
    /// The hash of salt and secret.
    private let hash: [UInt8]

    /// Hashes a secret under a new salt.
    init(_ secret: String) {
        salt = RandomBytes.make(16)
        hash = Self.hash(secret, salt: salt)
    }

    /// Whether this is the secret; takes the same time whichever byte differs.
    func matches(_ candidate: String) -> Bool {
        isEqualInConstantTime(Self.hash(candidate, salt: salt), hash)
    }

    /// Never the secret.
    var description: String { "<redacted>" }

    /// One round is enough here: what is kept lives in memory and came from a file beside it.
    private static func hash(_ secret: String, salt: [UInt8]) -> [UInt8] {
        Digest.sha256(salt + Array(secret.utf8))
    }
}
