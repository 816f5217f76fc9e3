// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CryptoExtras
import SwiftASN1

/// Reads the RSA keys that come with certificates, and says of every other key how to make one that can be read.
struct PrivateKeyReader {
    /// Where the keys came from.
    let origin: CertificateOrigin
    /// What encrypted ones open with.
    let passphrase: Secret?

    /// The key in a block; nil if the block holds none.
    func key(in block: PEMBlock) throws(AuthenticationError) -> _RSA.Signing.PrivateKey? {
        switch block.label {
        case "PRIVATE KEY": return try key(pkcs8: block.bytes)
        case "ENCRYPTED PRIVATE KEY": return try key(encrypted: block.bytes)
        case "RSA PRIVATE KEY":
            guard !block.isLegacyEncrypted else {
                throw origin.refusal(
                    "holds a key that is encrypted in an outdated way, hardly better than not.",
                    cure: Self.rewrite
                )
            }
            return try key(rsa: block.bytes)
        case "EC PRIVATE KEY", "DSA PRIVATE KEY": throw notRSA
        case "OPENSSH PRIVATE KEY":
            throw origin.refusal(
                "holds a key in OpenSSH's own form.",
                cure: "Rewrite it: ssh-keygen -p -m PKCS8 -f KEYFILE"
            )
        default: return nil
        }
    }

    /// Reads PKCS #8, or PKCS #1 where it is not that.
    func key(derEncoded bytes: [UInt8]) throws(AuthenticationError) -> _RSA.Signing.PrivateKey {
        guard Self.algorithm(ofPKCS8: bytes) == nil else { return try key(pkcs8: bytes) }
        guard !Self.isEllipticCurve(bytes) else { throw notRSA }
        return try key(rsa: bytes)
    }

    /// Reads PKCS #8 (RFC 5958 §2).
    private func key(pkcs8 bytes: [UInt8]) throws(AuthenticationError) -> _RSA.Signing.PrivateKey {
        guard let algorithm = Self.algorithm(ofPKCS8: bytes) else { throw damaged }
        guard algorithm == .rsaEncryption else { throw notRSA }
        return try key(rsa: bytes)
    }

    /// Decrypts PKCS #8 and reads it.
    private func key(encrypted bytes: [UInt8]) throws(AuthenticationError) -> _RSA.Signing.PrivateKey {
        guard let passphrase else {
            throw origin.refusal(
                "holds an encrypted private key, and no passphrase was given.",
                cure: "Give the passphrase that it was encrypted with."
            )
        }
        let decrypted: [UInt8]
        do throws(PassphraseEncryption.Refusal) {
            decrypted = try PassphraseEncryption(derEncoded: bytes).decrypt(with: passphrase)
            // A wrong passphrase now and then leaves a padding that looks right.
            guard Self.algorithm(ofPKCS8: decrypted) != nil else { throw .passphrase }
        } catch {
            switch error {
            case .malformed: throw damaged
            case .scheme:
                throw origin.refusal("holds a key that is not encrypted by PBES2 with AES.", cure: Self.rewrite)
            case .passphrase:
                throw origin.refusal(
                    "holds an encrypted private key that the passphrase does not open.",
                    cure: "Give the passphrase that it was encrypted with."
                )
            }
        }
        return try key(pkcs8: decrypted)
    }

    /// Reads the numbers of an RSA key, in PKCS #8 or PKCS #1 (RFC 8017 §A.1.2).
    private func key(rsa bytes: [UInt8]) throws(AuthenticationError) -> _RSA.Signing.PrivateKey {
        // Shorter keys are read too, to be refused with the right words; below 1024 bits they are not.
        guard let key = try? _RSA.Signing.PrivateKey(unsafeDERRepresentation: bytes) else { throw damaged }
        guard key.keySizeInBits >= 2_048 else {
            throw origin.refusal(
                "holds an RSA key of \(key.keySizeInBits) bits, which is too short.",
                cure: Self.newKey
            )
        }
        return key
    }

    /// The refusal of a key of another kind.
    private var notRSA: AuthenticationError {
        origin.refusal(
            "holds a private key that is not RSA, and the platform takes RSA only.",
            cure: Self.newKey
        )
    }

    /// The refusal of what is no key at all.
    private var damaged: AuthenticationError {
        origin.refusal(
            "holds a private key that cannot be read: it is damaged, or too short.",
            cure: "Export it again, as PKCS #8 or PKCS #1."
        )
    }

    /// How to make a certificate with a key that can be used.
    static let newKey =
        "Make a certificate with a new key: openssl req -x509 -newkey rsa:3072 -keyout KEYFILE -out CERTFILE"

    /// How to encrypt a key in the way of today.
    private static let rewrite =
        "Rewrite it: openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in KEYFILE -out NEWFILE"

    /// What kind of key a PKCS #8 text holds; nil if it is none.
    private static func algorithm(ofPKCS8 bytes: [UInt8]) -> ASN1ObjectIdentifier? {
        try? DER.sequence(try DER.parse(bytes), identifier: .sequence) { nodes in
            _ = try Int(derEncoded: &nodes)
            let algorithm = try AlgorithmIdentifier(from: &nodes).algorithm
            _ = try ASN1OctetString(derEncoded: &nodes)
            // Attributes and a public key may follow.
            while nodes.next() != nil {}
            return algorithm
        }
    }
    /// Whether bytes are a key on a curve in a form of its own (RFC 5915 §3), which begins with the number 1.
    private static func isEllipticCurve(_ bytes: [UInt8]) -> Bool {
        let version = try? DER.sequence(try DER.parse(bytes), identifier: .sequence) { nodes in
            let version = try Int(derEncoded: &nodes)
            while nodes.next() != nil {}
            return version
        }
        return version == 1
    }
}
