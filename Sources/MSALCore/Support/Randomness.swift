// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import MSALJWT

/// Where unguessable bytes come from: the system's generator, or a fixed sequence in a test.
public struct Randomness: Sendable {
    private let generate: @Sendable (Int) -> [UInt8]

    /// Creates a source from a function that returns as many bytes as it is asked for.
    public init(_ generate: @escaping @Sendable (_ count: Int) -> [UInt8]) {
        self.generate = generate
    }

    /// The system's cryptographic generator.
    public static let system = Randomness { count in
        SymmetricKey(size: SymmetricKeySize(bitCount: count * 8)).withUnsafeBytes { [UInt8]($0) }
    }

    /// Fresh random bytes.
    package func bytes(_ count: Int) -> [UInt8] {
        generate(count)
    }

    /// Fresh random bytes as base64url text, which is safe in URLs, forms and cookies.
    package func token(byteCount: Int = 32) -> String {
        Base64URL.encode(generate(byteCount))
    }

    /// A random UUID as text (version 4, RFC 9562 §5.4).
    func uuid() -> String {
        var bytes = bytes(16)
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let digits = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
            .map { $0.joined() }.joined(separator: "-")
    }
}
