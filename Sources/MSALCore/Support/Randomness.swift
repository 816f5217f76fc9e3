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
}
