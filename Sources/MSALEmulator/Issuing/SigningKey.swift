// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import SwiftASN1
import X509

/// A key that signs tokens, with the certificate that names it.
struct SigningKey: Sendable {
    /// The signer; its key ID is the thumbprint of the certificate, as on the platform.
    let signer: JWSSigner
    /// The certificate in DER.
    let certificate: [UInt8]

    /// A key that was kept.
    ///
    /// - Throws: when key or certificate is damaged, or they do not belong together.
    init(pem: String, certificate: [UInt8]) throws {
        let parsed = try Certificate(derEncoded: certificate)
        guard try parsed.publicKey == Certificate.PrivateKey(pemEncoded: pem).publicKey else {
            throw CocoaError(.coderInvalidValue)
        }
        self.certificate = certificate
        signer = try JWSSigner(pem: pem, keyID: Base64URL.encode(Digest.sha1(certificate)))
    }

    /// Makes a key and its certificate.
    init(now: Date) throws {
        let unnamed = try JWSSigner.generateRSA(keyID: "unnamed")
        let privateKey = try Certificate.PrivateKey(pemEncoded: unnamed.pemRepresentation)
        let name = try DistinguishedName { CommonName("accounts.accesscontrol.emulator") }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(bytes: [0x01] + RandomBytes.make(15)),
            publicKey: privateKey.publicKey,
            notValidBefore: now.addingTimeInterval(-3600),
            notValidAfter: now.addingTimeInterval(5 * 365 * 86_400),
            issuer: name,
            subject: name,
            signatureAlgorithm: .sha256WithRSAEncryption,
            extensions: Certificate.Extensions(),
            issuerPrivateKey: privateKey
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        try self.init(pem: unnamed.pemRepresentation, certificate: serializer.serializedBytes)
    }

    /// The entry of the key set, members in the platform's order, without `alg`.
    func json(issuer: String) -> OrderedJSON {
        let key = signer.publicKey.jsonRepresentation()
        return OrderedJSON([
            "kty": "RSA",
            "use": "sig",
            "kid": .string(signer.keyID),
            "x5t": .string(signer.keyID),
            "n": key["n"],
            "e": key["e"],
            "x5c": .array([.string(Data(certificate).base64EncodedString())]),
            "cloud_instance_name": "microsoftonline.com",
            "issuer": .string(issuer),
        ])
    }
}

/// The keys in use: the newest signs, the older ones are still published.
struct KeyRing: Sendable {
    /// How many keys are published at most.
    static let limit = 4

    /// The keys, newest first.
    private(set) var keys: [SigningKey]

    /// Starts with one key.
    init(now: Date) throws {
        keys = [try SigningKey(now: now)]
    }

    /// Keys that were kept, newest first; nil where there are none.
    init?(_ keys: [SigningKey]) {
        guard !keys.isEmpty else { return nil }
        self.keys = Array(keys.prefix(Self.limit))
    }

    /// The signer of new tokens.
    var signer: JWSSigner { keys[0].signer }

    /// What verifies the tokens of this emulator.
    var verifier: JSONWebKeySet { JSONWebKeySet(keys: keys.map { $0.signer.publicKey }) }

    /// Puts a new key first; without the old ones, tokens they signed are refused from now on.
    mutating func rotate(to key: SigningKey, keepingOldKeys: Bool) {
        keys = Array(([key] + (keepingOldKeys ? keys : [])).prefix(Self.limit))
    }
}
