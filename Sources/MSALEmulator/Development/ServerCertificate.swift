// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509

/// A certificate for the names of this machine, with its key; made at each start and never stored.
struct ServerCertificate: Sendable {
    /// How long it is good for.
    static let lifetime: TimeInterval = 90 * 86_400

    /// The certificate and its issuer's, as PEM.
    let pemChain: [[UInt8]]
    /// The key, as PEM.
    let pemKey: String

    /// Makes a key and lets a CA sign it.
    init(now: Date, issuer: Certificate, issuerKey: Certificate.PrivateKey) throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(bytes: [0x01] + RandomBytes.make(15)),
            publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-86_400),
            notValidAfter: now.addingTimeInterval(Self.lifetime),
            issuer: issuer.subject,
            subject: try DistinguishedName { CommonName("localhost") },
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([
                    .dnsName("localhost"),
                    .dnsName("*.localhost"),
                    .ipAddress(.init(contentBytes: [127, 0, 0, 1])),
                    .ipAddress(.init(contentBytes: ArraySlice([UInt8](repeating: 0, count: 15) + [1]))),
                ])
                SubjectKeyIdentifier(hash: key.publicKey)
                if let identifier = try issuer.extensions.subjectKeyIdentifier {
                    AuthorityKeyIdentifier(keyIdentifier: identifier.keyIdentifier)
                }
            },
            issuerPrivateKey: issuerKey
        )
        pemChain = try [certificate, issuer].map { Array(try $0.serializeAsPEM().pemString.utf8) }
        pemKey = try key.serializeAsPEM().pemString
    }
}
