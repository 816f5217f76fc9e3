// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import SwiftASN1

/// What can be seen of a PFX file without its passphrase (PKCS #12, RFC 7292 §4).
///
/// BoringSSL's reader is only asked about a file that has what it takes for granted.
struct PFXContent {
    /// Whether a private key is in it, itself encrypted or not.
    private(set) var hasKey = false
    /// Whether certificates are in it, or something encrypted that may be certificates.
    private(set) var mayHaveCertificates = false
    /// Whether a code authenticates it, by its passphrase.
    private(set) var isAuthenticated = false

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
            mayHaveCertificates = true
            return
        }
        for bag in try Self.elements(of: Self.octets(value)) {
            let kind = try BER.sequence(bag, identifier: .sequence) { nodes in
                let kind = try ASN1ObjectIdentifier(berEncoded: &nodes)
                while nodes.next() != nil {}
                return kind
            }
            hasKey = hasKey || kind == .keyBag || kind == .shroudedKeyBag
            mayHaveCertificates = mayHaveCertificates || kind == .certificateBag
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
    /// A private key (RFC 7292 §4.2.1).
    fileprivate static let keyBag: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 12, 10, 1, 1]
    /// An encrypted private key (RFC 7292 §4.2.2).
    fileprivate static let shroudedKeyBag: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 12, 10, 1, 2]
    /// A certificate (RFC 7292 §4.2.3).
    fileprivate static let certificateBag: ASN1ObjectIdentifier = [1, 2, 840, 113_549, 1, 12, 10, 1, 3]
}
