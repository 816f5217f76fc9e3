// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras

/// A private key for one of the supported families.
enum SigningKey: Sendable {
    /// An RSA key.
    case rsa(_RSA.Signing.PrivateKey)
    /// A key on P-256.
    case p256(P256.Signing.PrivateKey)
    /// A key on P-384.
    case p384(P384.Signing.PrivateKey)
    /// A key on P-521.
    case p521(P521.Signing.PrivateKey)

    /// Makes a new key for an algorithm.
    init(generatingFor algorithm: JWSAlgorithm, bits: Int) throws {
        switch algorithm {
        case .es256: self = .p256(P256.Signing.PrivateKey())
        case .es384: self = .p384(P384.Signing.PrivateKey())
        case .es512: self = .p521(P521.Signing.PrivateKey())
        default: self = .rsa(try _RSA.Signing.PrivateKey(keySize: .init(bitCount: bits)))
        }
    }

    /// Reads a PEM text that holds a key for an algorithm.
    init(pem: String, for algorithm: JWSAlgorithm) throws {
        switch algorithm {
        case .es256: self = .p256(try P256.Signing.PrivateKey(pemRepresentation: pem))
        case .es384: self = .p384(try P384.Signing.PrivateKey(pemRepresentation: pem))
        case .es512: self = .p521(try P521.Signing.PrivateKey(pemRepresentation: pem))
        default: self = .rsa(try _RSA.Signing.PrivateKey(pemRepresentation: pem))
        }
    }

    /// The key in PEM form: PKCS #8.
    var pemRepresentation: String {
        switch self {
        case .rsa(let key): key.pkcs8PEMRepresentation
        case .p256(let key): key.pemRepresentation
        case .p384(let key): key.pemRepresentation
        case .p521(let key): key.pemRepresentation
        }
    }

    /// The public half.
    func verificationKey() throws -> VerificationKey {
        switch self {
        case .rsa(let key):
            let numbers = try key.publicKey.getKeyPrimitives()
            return .rsa(
                key.publicKey,
                modulus: Array(numbers.modulus.drop { $0 == 0 }),
                exponent: Array(numbers.publicExponent.drop { $0 == 0 })
            )
        case .p256(let key): return .p256(key.publicKey)
        case .p384(let key): return .p384(key.publicKey)
        case .p521(let key): return .p521(key.publicKey)
        }
    }

    /// Signs a message.
    func signature(over message: [UInt8], with algorithm: JWSAlgorithm) throws -> [UInt8] {
        switch self {
        case .rsa(let key):
            let padding: _RSA.Signing.Padding = algorithm.isPSS ? .PSS : .insecurePKCS1v1_5
            switch algorithm {
            case .rs384, .ps384:
                return Array(try key.signature(for: SHA384.hash(data: message), padding: padding).rawRepresentation)
            case .rs512, .ps512:
                return Array(try key.signature(for: SHA512.hash(data: message), padding: padding).rawRepresentation)
            default:
                return Array(try key.signature(for: SHA256.hash(data: message), padding: padding).rawRepresentation)
            }
        case .p256(let key): return Array(try key.signature(for: SHA256.hash(data: message)).rawRepresentation)
        case .p384(let key): return Array(try key.signature(for: SHA384.hash(data: message)).rawRepresentation)
        case .p521(let key): return Array(try key.signature(for: SHA512.hash(data: message)).rawRepresentation)
        }
    }
}

extension JWSAlgorithm {
    /// Whether the padding is PSS.
    var isPSS: Bool { self == .ps256 || self == .ps384 || self == .ps512 }
}
