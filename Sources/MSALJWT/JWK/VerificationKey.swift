// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras

/// A public key, ready to verify with.
enum VerificationKey: Sendable {
    /// An RSA key, with its numbers as big-endian bytes without leading zeros.
    case rsa(_RSA.Signing.PublicKey, modulus: [UInt8], exponent: [UInt8])
    /// A key on P-256.
    case p256(P256.Signing.PublicKey)
    /// A key on P-384.
    case p384(P384.Signing.PublicKey)
    /// A key on P-521.
    case p521(P521.Signing.PublicKey)

    /// Whether a signature over a message is this key's.
    func isValid(_ signature: [UInt8], over message: ArraySlice<UInt8>, with algorithm: JWSAlgorithm) -> Bool {
        switch self {
        case .rsa(let key, let modulus, _):
            // Exactly as long as the modulus (RFC 8017 §8.2.2), whatever the cryptography below would take.
            guard signature.count == modulus.count else { return false }
            let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
            let padding: _RSA.Signing.Padding = algorithm.isPSS ? .PSS : .insecurePKCS1v1_5
            switch algorithm {
            case .rs256, .ps256:
                return key.isValidSignature(signature, for: SHA256.hash(data: message), padding: padding)
            case .rs384, .ps384:
                return key.isValidSignature(signature, for: SHA384.hash(data: message), padding: padding)
            case .rs512, .ps512:
                return key.isValidSignature(signature, for: SHA512.hash(data: message), padding: padding)
            default:
                return false
            }
        case .p256(let key):
            guard algorithm == .es256,
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: message))
        case .p384(let key):
            guard algorithm == .es384,
                let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA384.hash(data: message))
        case .p521(let key):
            guard algorithm == .es512,
                let signature = try? P521.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: SHA512.hash(data: message))
        }
    }

    /// The key's own members of a JWK.
    var members: [String: JSONValue] {
        switch self {
        case .rsa(_, let modulus, let exponent):
            [
                "kty": "RSA",
                "n": .string(Base64URL.encode(modulus)),
                "e": .string(Base64URL.encode(exponent)),
            ]
        case .p256(let key): Self.members(curve: "P-256", point: Array(key.rawRepresentation))
        case .p384(let key): Self.members(curve: "P-384", point: Array(key.rawRepresentation))
        case .p521(let key): Self.members(curve: "P-521", point: Array(key.rawRepresentation))
        }
    }

    /// The members of a key on a curve; the point is both coordinates behind each other.
    private static func members(curve: String, point: [UInt8]) -> [String: JSONValue] {
        [
            "kty": "EC",
            "crv": .string(curve),
            "x": .string(Base64URL.encode(point.prefix(point.count / 2))),
            "y": .string(Base64URL.encode(point.suffix(point.count / 2))),
        ]
    }
}
