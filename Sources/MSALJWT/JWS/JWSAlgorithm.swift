// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A signature algorithm of JWS, by its registered name (RFC 7518 §3.1).
///
/// Every name can be held, as tokens may say anything; only the ones listed here can be signed and verified with.
/// `none` and the `HS` family are not among them and never will be.
public struct JWSAlgorithm: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// RSASSA-PKCS1-v1_5 with SHA-256, which the Microsoft identity platform uses.
    public static let rs256 = JWSAlgorithm(rawValue: "RS256")
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    public static let rs384 = JWSAlgorithm(rawValue: "RS384")
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    public static let rs512 = JWSAlgorithm(rawValue: "RS512")
    /// RSASSA-PSS with SHA-256.
    public static let ps256 = JWSAlgorithm(rawValue: "PS256")
    /// RSASSA-PSS with SHA-384.
    public static let ps384 = JWSAlgorithm(rawValue: "PS384")
    /// RSASSA-PSS with SHA-512.
    public static let ps512 = JWSAlgorithm(rawValue: "PS512")
    /// ECDSA on P-256 with SHA-256.
    public static let es256 = JWSAlgorithm(rawValue: "ES256")
    /// ECDSA on P-384 with SHA-384.
    public static let es384 = JWSAlgorithm(rawValue: "ES384")
    /// ECDSA on P-521 with SHA-512.
    public static let es512 = JWSAlgorithm(rawValue: "ES512")

    /// All algorithms this library signs and verifies with.
    public static let supported: Set<JWSAlgorithm> = rsa.union([.es256, .es384, .es512])

    /// The algorithms of RSA keys.
    static let rsa: Set<JWSAlgorithm> = [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]

    /// The name as it stands in headers and keys.
    ///
    /// Case counts.
    public let rawValue: String

    /// Makes an algorithm of a name, known or not.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name.
    public var description: String { rawValue }

    /// Whether the name says, in any case, that there is no signature.
    var isNone: Bool {
        isEqualIgnoringASCIICase(rawValue, "none")
    }
}
