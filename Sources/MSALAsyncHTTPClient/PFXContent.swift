// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import SwiftASN1

/// What can be seen of a PFX file without its passphrase (PKCS #12, RFC 7292 §4).
///
/// BoringSSL's reader is only asked about a file that has what it takes for granted.
struct PFXContent {
    /// Private keys, encrypted ones among them.
    private var keys: [(bytes: [UInt8], isEncrypted: Bool)] = []
    /// Certificates that are not encrypted.
    private var certificates: [[UInt8]] = []
    /// Encrypted parts, as algorithm and octets.
    private var encrypted: [[UInt8]] = []
    /// Whether something is in it that is not known here.
    private var isWhole = true
    /// Whether a code authenticates it, by its passphrase.
    private(set) var isAuthenticated = false

    /// Whether a private key is in it, itself encrypted or not.
    var hasKey: Bool { !keys.isEmpty }
    /// Whether certificates are in it, or something encrypted that may be certificates.
    var mayHaveCertificates: Bool { !certificates.isEmpty || !encrypted.isEmpty || !isWhole }

    /// Looks at a file; nil if it is no PFX.
    init?(_ bytes: [UInt8]) {
        do {
            try BER.sequence(try BER.parse(bytes), identifier: .sequence) { nodes in
                _ = try Int(berEncoded: &nodes)
                let content = try Self.contentInfo(nodes.next())
                isAuthenticated = nodes.next() != nil
                guard content.type == .data else {
                    throw ASN1Error.invalidASN1Object(reason: "Not authenticated by code")
                }
                for part in try Self.elements(of: Self.octets(content.value)) {
                    try note(part)
                }
            }
        } catch {
            return nil
        }
    }

    /// Notes what a part holds.
    private mutating func note(_ part: ASN1Node) throws {
        let (type, value) = try Self.contentInfo(part)
        guard type == .data else {
            if type == .encryptedData, let content = try? Self.encryptedContent(value) {
                encrypted.append(content)
            } else {
                isWhole = false
            }
            return
        }
        try noteBags(try Self.octets(value))
    }

    /// Notes the keys and certificates of a part that is not encrypted, or no longer.
    private mutating func noteBags(_ bytes: [UInt8]) throws {
        for bag in try Self.elements(of: bytes) {
            do {
                try note(bag: bag)
            } catch {
                // It may be fine all the same: BoringSSL has the last word.
                isWhole = false
            }
        }
    }

    /// Notes the key or the certificate in a bag.
    private mutating func note(bag: ASN1Node) throws {
        let (kind, value) = try BER.sequence(bag, identifier: .sequence) { nodes in
            let kind = try ASN1ObjectIdentifier(berEncoded: &nodes)
            let value = try BER.explicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { $0 }
            while nodes.next() != nil {}
            return (kind, value)
        }
        switch kind {
        case .keyBag, .shroudedKeyBag:
            keys.append((Array(value.encodedBytes), kind == .shroudedKeyBag))
        case .certificateBag:
            let (type, certificate) = try Self.contentInfo(value)
            if type == .x509Certificate { certificates.append(try Self.octets(certificate)) }
        default:
            break
        }
    }

    /// The key and the certificates of a file whose encryption is of today (AES).
    ///
    /// - Returns: nil where anything cannot be read: with a wrong passphrase, or a cipher of old.
    func opened(with passphrase: Secret) -> (key: [UInt8], certificates: [[UInt8]])? {
        guard isWhole, let key = keys.first, keys.count == 1 else { return nil }
        do {
            var content = self
            for part in encrypted {
                try content.noteBags(try PassphraseEncryption(derEncoded: part).decrypt(with: passphrase))
            }
            let plain =
                key.isEncrypted ? try PassphraseEncryption(derEncoded: key.bytes).decrypt(with: passphrase) : key.bytes
            // A wrong passphrase now and then leaves a padding that looks right.
            guard content.isWhole, content.keys.count == 1, Self.isPrivateKey(plain) else { return nil }
            return (plain, content.certificates)
        } catch {
            return nil
        }
    }

    /// Whether bytes are a private key in PKCS #8 (RFC 5958 §2), as far as its form goes.
    private static func isPrivateKey(_ bytes: [UInt8]) -> Bool {
        let members = try? elements(of: bytes)
        return members.map { $0.count >= 3 && $0[0].identifier == .integer && $0[2].identifier == .octetString }
            ?? false
    }

    /// The algorithm and the octets of encrypted data (RFC 5652 §8), in the form of an encrypted key.
    private static func encryptedContent(_ node: ASN1Node) throws -> [UInt8] {
        try BER.sequence(node, identifier: .sequence) { nodes in
            _ = try Int(berEncoded: &nodes)
            guard let content = nodes.next() else { throw ASN1Error.invalidASN1Object(reason: "A member is missing") }
            while nodes.next() != nil {}
            return try BER.sequence(content, identifier: .sequence) { nodes in
                _ = try ASN1ObjectIdentifier(berEncoded: &nodes)
                guard let algorithm = nodes.next(), let octets = nodes.next() else {
                    throw ASN1Error.invalidASN1Object(reason: "A member is missing")
                }
                let tag = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
                let ciphertext = try ASN1OctetString(berEncoded: octets, withIdentifier: tag)
                var serializer = DER.Serializer()
                try serializer.appendConstructedNode(identifier: .sequence) { serializer in
                    serializer.serialize(algorithm)
                    try serializer.serialize(ciphertext)
                }
                return serializer.serializedBytes
            }
        }
    }

    /// The type and the value of a `ContentInfo` (RFC 7292 §4).
    private static func contentInfo(_ node: ASN1Node?) throws -> (type: ASN1ObjectIdentifier, value: ASN1Node) {
        guard let node else { throw ASN1Error.invalidASN1Object(reason: "A member is missing") }
        return try BER.sequence(node, identifier: .sequence) { nodes in
            let type = try ASN1ObjectIdentifier(berEncoded: &nodes)
            let value = try BER.explicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { $0 }
            return (type, value)
        }
    }

    /// The content of an octet string.
    private static func octets(_ node: ASN1Node) throws -> [UInt8] {
        Array(try ASN1OctetString(berEncoded: node, withIdentifier: node.identifier).bytes)
    }

    /// The elements of an encoded sequence.
    private static func elements(of bytes: [UInt8]) throws -> [ASN1Node] {
        try BER.sequence(try BER.parse(bytes), identifier: .sequence) { nodes in
            var elements: [ASN1Node] = []
            while let node = nodes.next() { elements.append(node) }
            return elements
        }
    }
}

extension ASN1ObjectIdentifier {
    /// Plain content (RFC 5652 §4).
    fileprivate static let data: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 7, 1]
    /// Encrypted content (RFC 5652 §8).
    fileprivate static let encryptedData: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 7, 6]
    /// A certificate of X.509 (RFC 7292 §4.2.3).
    fileprivate static let x509Certificate: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 9, 22, 1]
    /// A private key (RFC 7292 §4.2.1).
    fileprivate static let keyBag: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 12, 10, 1, 1]
    /// An encrypted private key (RFC 7292 §4.2.2).
    fileprivate static let shroudedKeyBag: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 12, 10, 1, 2]
    /// A certificate (RFC 7292 §4.2.3).
    fileprivate static let certificateBag: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 12, 10, 1, 3]
}
