// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import SwiftASN1

/// Something under a passphrase, by PBES2 of PBKDF2 and AES-CBC (RFC 8018 §6.2): an algorithm and what was encrypted by it, as
/// a private key is written (PKCS #8, RFC 5958 §3).
package struct PassphraseEncryption {
    /// Why it cannot be decrypted.
    package enum Refusal: Error {
        /// It is not of the form it must have.
        case malformed
        /// It is encrypted in a way that is not supported.
        case scheme
        /// The passphrase is another.
        case passphrase
    }

    /// The most rounds that are computed: a few seconds' worth.
    private static let maximumRounds = 10_000_000

    private let salt: [UInt8]
    private let rounds: Int
    private let hash: KDF.Insecure.PBKDF2.HashFunction
    private let keyByteCount: Int
    private let initializationVector: [UInt8]
    private let ciphertext: [UInt8]

    /// Reads what was encrypted, and how.
    package init(derEncoded bytes: [UInt8]) throws(Refusal) {
        do {
            let (scheme, ciphertext) = try DER.sequence(try DER.parse(bytes), identifier: .sequence) { nodes in
                (try AlgorithmIdentifier(from: &nodes), try ASN1OctetString(derEncoded: &nodes))
            }
            guard scheme.algorithm == .pbes2 else { throw Refusal.scheme }
            let (derivation, cipher) = try scheme.parameters { nodes in
                (try AlgorithmIdentifier(from: &nodes), try AlgorithmIdentifier(from: &nodes))
            }
            guard derivation.algorithm == .pbkdf2, let keyByteCount = Self.keySizes[cipher.algorithm] else {
                throw Refusal.scheme
            }
            let (salt, rounds, keyLength, hash) = try derivation.parameters { nodes in
                let salt = try ASN1OctetString(derEncoded: &nodes)
                let rounds = try Int(derEncoded: &nodes)
                let length: Int? = try DER.optionalImplicitlyTagged(&nodes)
                return (salt, rounds, length, try nodes.next().map { try AlgorithmIdentifier($0).algorithm })
            }
            // hmacWithSHA1 unless another is named (RFC 8018 §A.2).
            guard let function = Self.hashes[hash ?? .hmacWithSHA1] else { throw Refusal.scheme }
            guard (1...Self.maximumRounds).contains(rounds), keyLength == nil || keyLength == keyByteCount else {
                throw Refusal.malformed
            }
            self.salt = Array(salt.bytes)
            self.rounds = rounds
            self.hash = function
            self.keyByteCount = keyByteCount
            initializationVector = Array(try ASN1OctetString(derEncoded: try cipher.parameter()).bytes)
            self.ciphertext = Array(ciphertext.bytes)
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw .malformed
        }
    }

    /// Decrypts it.
    ///
    /// - Parameter passphrase: what it was encrypted with.
    /// - Returns: what was encrypted. With a wrong passphrase it may also be anything else.
    /// - Throws: `passphrase`, when the passphrase is seen to be wrong.
    package func decrypt(with passphrase: Secret) throws(Refusal) -> [UInt8] {
        do {
            let key = try KDF.Insecure.PBKDF2.deriveKey(
                from: Array(passphrase.reveal().utf8),
                salt: salt,
                using: hash,
                outputByteCount: keyByteCount,
                unsafeUncheckedRounds: rounds
            )
            let vector = try AES._CBC.IV(ivBytes: initializationVector)
            return [UInt8](try AES._CBC.decrypt(ciphertext, using: key, iv: vector))
        } catch {
            // The padding does not come out right.
            throw .passphrase
        }
    }

    /// The bytes in the key of each supported cipher.
    private static let keySizes: [ASN1ObjectIdentifier: Int] = [.aes128CBC: 16, .aes192CBC: 24, .aes256CBC: 32]

    /// The hash function of each supported pseudorandom function.
    private static let hashes: [ASN1ObjectIdentifier: KDF.Insecure.PBKDF2.HashFunction] = [
        .hmacWithSHA1: .insecureSHA1, .hmacWithSHA256: .sha256, .hmacWithSHA384: .sha384, .hmacWithSHA512: .sha512,
    ]
}

/// An algorithm with its parameters (RFC 5280 §4.1.1.2).
struct AlgorithmIdentifier {
    /// Which algorithm.
    let algorithm: ASN1ObjectIdentifier
    private let node: ASN1Node?

    /// Reads the next node of a sequence.
    init(from nodes: inout ASN1NodeCollection.Iterator) throws {
        guard let node = nodes.next() else { throw PassphraseEncryption.Refusal.malformed }
        try self.init(node)
    }

    /// Reads a node.
    init(_ node: ASN1Node) throws {
        (algorithm, self.node) = try DER.sequence(node, identifier: .sequence) { nodes in
            (try ASN1ObjectIdentifier(derEncoded: &nodes), nodes.next())
        }
    }

    /// The parameter, which must be there.
    func parameter() throws -> ASN1Node {
        guard let node else { throw PassphraseEncryption.Refusal.malformed }
        return node
    }

    /// The parameters, which must be a sequence.
    func parameters<Result>(_ body: (inout ASN1NodeCollection.Iterator) throws -> Result) throws -> Result {
        try DER.sequence(try parameter(), identifier: .sequence, body)
    }
}

extension ASN1ObjectIdentifier {
    /// The key of RSA (RFC 8017 §A.1).
    static let rsaEncryption: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 1, 1]
    /// Encryption under a passphrase, version 2 (RFC 8018 §A.4).
    fileprivate static let pbes2: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 5, 13]
    /// The derivation of a key from a passphrase (RFC 8018 §A.2).
    fileprivate static let pbkdf2: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 5, 12]
    /// HMAC with SHA-1 (RFC 8018 §B.1.1).
    fileprivate static let hmacWithSHA1: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 2, 7]
    /// HMAC with SHA-256 (RFC 8018 §B.1.2).
    fileprivate static let hmacWithSHA256: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 2, 9]
    /// HMAC with SHA-384 (RFC 8018 §B.1.2).
    fileprivate static let hmacWithSHA384: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 2, 10]
    /// HMAC with SHA-512 (RFC 8018 §B.1.2).
    fileprivate static let hmacWithSHA512: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 2, 11]
    /// AES-CBC with a key of 128 bits (RFC 8018 §B.2.5).
    fileprivate static let aes128CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 2]
    /// AES-CBC with a key of 192 bits (RFC 8018 §B.2.5).
    fileprivate static let aes192CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 22]
    /// AES-CBC with a key of 256 bits (RFC 8018 §B.2.5).
    fileprivate static let aes256CBC: ASN1ObjectIdentifier = [2, 16, 840, 1, 101, 3, 4, 1, 42]
}
