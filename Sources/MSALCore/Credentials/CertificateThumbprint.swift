// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// The hash of a certificate, by which a registration knows it.
public struct CertificateThumbprint: Sendable, Hashable, CustomStringConvertible {
    /// The hash itself.
    public let bytes: [UInt8]

    /// Wraps a hash.
    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a thumbprint as portals and tools show it: hexadecimal in either case, with colons or spaces or without.
    ///
    /// - Parameter hex: 20 bytes for SHA-1, 32 for SHA-256; nil for any other count, or anything that is not hexadecimal.
    public init?(hex: String) {
        // Windows puts an invisible mark before a thumbprint that is copied from its certificate window.
        let digits = hex.unicodeScalars.filter { $0 != ":" && $0 != " " && $0 != "\u{200E}" }.map { scalar in
            scalar.isASCII ? Character(scalar).hexDigitValue : nil
        }
        guard digits.count == 40 || digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[index], let low = digits[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        self.bytes = bytes
    }

    /// The hash as `x5t` and `x5t#S256` have it: base64url without padding (RFC 7515 §4.1.7 and §4.1.8).
    public var base64URL: String { Base64URL.encode(bytes) }

    /// The hash in hexadecimal, upper case, as the portal shows it.
    public var description: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}
