// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import SwiftASN1

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The members of an X.509 certificate that matter to whom it belongs (RFC 5280 §4.1).
///
/// Nothing is verified: the provider does that. swift-certificates would do more, and bring all of Foundation along.
struct X509Certificate {
    /// The whole certificate, as DER.
    let derEncoded: [UInt8]
    /// Who signed it, as DER.
    let issuer: ArraySlice<UInt8>
    /// Whom it names, as DER.
    let subject: ArraySlice<UInt8>
    /// Whom it names, as text.
    let subjectName: String
    /// From when on it is valid.
    let notValidBefore: Date
    /// Until when it is valid.
    let notValidAfter: Date
    /// What kind of key it has.
    let keyAlgorithm: ASN1ObjectIdentifier
    /// The key, in the form of its kind; PKCS #1 for RSA (RFC 3279 §2.3.1).
    let key: [UInt8]

    /// Reads a certificate.
    init(derEncoded bytes: [UInt8]) throws {
        let signed = try DER.sequence(try DER.parse(bytes), identifier: .sequence) { nodes in
            let signed = try Self.next(&nodes)
            // The signature and its algorithm.
            while nodes.next() != nil {}
            return signed
        }
        self = try DER.sequence(signed, identifier: .sequence) { nodes in
            // The version, then the serial number and the algorithm of the signature.
            _ = try DER.optionalExplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) { $0 }
            _ = try Self.next(&nodes)
            _ = try Self.next(&nodes)
            let certificate = try X509Certificate(derEncoded: bytes, membersFrom: &nodes)
            // Identifiers and extensions.
            while nodes.next() != nil {}
            return certificate
        }
    }

    private init(derEncoded bytes: [UInt8], membersFrom nodes: inout ASN1NodeCollection.Iterator) throws {
        derEncoded = bytes
        issuer = try Self.next(&nodes).encodedBytes
        (notValidBefore, notValidAfter) = try DER.sequence(try Self.next(&nodes), identifier: .sequence) { nodes in
            (try Self.time(try Self.next(&nodes)), try Self.time(try Self.next(&nodes)))
        }
        let subject = try Self.next(&nodes)
        self.subject = subject.encodedBytes
        subjectName = try DistinguishedName.text(of: subject)
        (keyAlgorithm, key) = try DER.sequence(try Self.next(&nodes), identifier: .sequence) { nodes in
            (try AlgorithmIdentifier(from: &nodes).algorithm, Array(try ASN1BitString(derEncoded: &nodes).bytes))
        }
    }

    /// The next node, which must be there.
    private static func next(_ nodes: inout ASN1NodeCollection.Iterator) throws -> ASN1Node {
        guard let node = nodes.next() else { throw ASN1Error.invalidASN1Object(reason: "A member is missing") }
        return node
    }

    /// A moment in either form (RFC 5280 §4.1.2.5).
    private static func time(_ node: ASN1Node) throws -> Date {
        let parts: (Int, Int, Int, Int, Int, Int)
        if node.identifier == .utcTime {
            let time = try UTCTime(derEncoded: node)
            parts = (time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
        } else {
            let time = try GeneralizedTime(derEncoded: node)
            parts = (time.year, time.month, time.day, time.hours, time.minutes, time.seconds)
        }
        let (year, month, day, hours, minutes, seconds) = parts
        let digits = { (number: Int, count: Int) in
            String(repeating: "0", count: max(0, count - String(number).count)) + String(number)
        }
        let date = "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
        return try Date("\(date)T\(digits(hours, 2)):\(digits(minutes, 2)):\(digits(seconds, 2))Z", strategy: .iso8601)
    }
}

/// Writes the names in certificates as text.
private enum DistinguishedName {
    /// The short names of attributes (RFC 4514 §3).
    private static let shortNames: [ASN1ObjectIdentifier: String] = [
        [2, 5, 4, 3]: "CN", [2, 5, 4, 6]: "C", [2, 5, 4, 7]: "L", [2, 5, 4, 8]: "ST", [2, 5, 4, 10]: "O",
        [2, 5, 4, 11]: "OU", [0, 9, 2342, 19_200_300, 100, 1, 25]: "DC",
    ]

    /// A name with its most specific part first (RFC 4514 §2.1), for people to read.
    static func text(of name: ASN1Node) throws -> String {
        let parts = try DER.sequence(name, identifier: .sequence) { sets in
            var parts: [String] = []
            while let set = sets.next() {
                guard case .constructed(let attributes) = set.content else { continue }
                parts.append(try attributes.map(attribute).joined(separator: "+"))
            }
            return parts
        }
        return parts.reversed().joined(separator: ",")
    }

    /// One attribute with its value.
    private static func attribute(_ node: ASN1Node) throws -> String {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let kind = try ASN1ObjectIdentifier(derEncoded: &nodes)
            guard let value = nodes.next(), case .primitive(let bytes) = value.content else { return "\(kind)=" }
            // Most are UTF-8 or a part of it; whatever else there is shows as replacement characters.
            let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isNewline }
            return "\(shortNames[kind] ?? "\(kind)")=\(text)"
        }
    }
}
