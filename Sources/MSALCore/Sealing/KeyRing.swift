// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import MSALJWT

/// A 256-bit key that seals cookies and stored sessions; it prints as redacted.
public struct SealingKey: Sendable {
    /// The key itself.
    let key: SymmetricKey
    /// The first four bytes of a hash of the key, which name it inside an envelope without telling anything about it.
    package let id: [UInt8]

    /// A key from its 32 bytes, or nil if there are more or fewer.
    public init?(_ bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 32 else { return nil }
        self.init(key: SymmetricKey(data: bytes))
    }

    /// A key from standard or URL-safe base64 text of 32 bytes, with or without padding.
    public init?(base64 text: some StringProtocol) {
        var urlSafe = text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            default: byte
            }
        }
        while urlSafe.last == UInt8(ascii: "=") { urlSafe.removeLast() }
        guard let bytes = Base64URL.decode(String(decoding: urlSafe, as: UTF8.self)) else { return nil }
        self.init(bytes)
    }

    /// A fresh random key.
    public static func random() -> SealingKey {
        SealingKey(key: SymmetricKey(size: .bits256))
    }

    /// A key and the name derived from it.
    private init(key: SymmetricKey) {
        self.key = key
        let digest = key.withUnsafeBytes { bytes in
            var hash = SHA256()
            hash.update(data: Array("swift-msal key id".utf8))
            hash.update(bufferPointer: bytes)
            return hash.finalize()
        }
        id = Array(digest.prefix(4))
    }
}

extension SealingKey: CustomStringConvertible, CustomReflectable {
    /// Never the key.
    public var description: String { "<redacted>" }
    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// The keys in use: the first seals, all of them open.
///
/// To rotate, put a new key in front and take the old one away when everything it sealed has expired.
public struct KeyRing: Sendable {
    /// The key that seals.
    let sealing: SealingKey
    /// All keys, the sealing one first.
    package let keys: [SealingKey]
    /// True for keys made at start, which nothing survives a restart with.
    public let isEphemeral: Bool

    /// A ring whose first key seals, with older keys that still open.
    public init(_ sealing: SealingKey, opening older: [SealingKey] = []) {
        self.sealing = sealing
        keys = [sealing] + older
        isEphemeral = false
    }

    /// A ring of one fresh key, for development: whatever it sealed is lost at the next start.
    public static func ephemeral() -> KeyRing {
        KeyRing(ephemeral: .random())
    }

    /// A ring of one key that was just made.
    private init(ephemeral key: SealingKey) {
        sealing = key
        keys = [key]
        isEphemeral = true
    }
}
