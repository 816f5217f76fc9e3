// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CryptoExtras
import Foundation
import MSALJWT
import SwiftASN1
@_spi(FixedExpiryValidationTime) import X509

/// A certificate with an RSA key, by which an application proves who it is.
struct ClientCertificate: Sendable {
    /// Why a text or some bytes are no such certificate.
    struct Fault: Error {
        /// What is wrong, to go after the place of the fault.
        let reason: String
    }

    /// The certificate.
    let certificate: Certificate
    /// The SHA-1 thumbprint, `x5t`.
    let sha1: [UInt8]
    /// The SHA-256 thumbprint, `x5t#S256`.
    let sha256: [UInt8]
    /// The modulus of the key, without leading zeros.
    private let modulus: [UInt8]
    /// The exponent of the key, without leading zeros.
    private let exponent: [UInt8]

    /// Reads the first certificate of a PEM text, which may hold a key and a chain as well.
    init(pem: String) throws(Fault) {
        guard let documents = try? PEMDocument.parseMultiple(pemString: pem),
            let document = documents.first(where: { $0.discriminator == Certificate.defaultPEMDiscriminator })
        else { throw Fault(reason: "must hold a certificate in PEM") }
        try self.init(der: document.derBytes)
    }

    /// Reads a certificate in DER.
    init(der: [UInt8]) throws(Fault) {
        guard let certificate = try? Certificate(derEncoded: der) else { throw Fault(reason: "is no certificate") }
        guard let numbers = try? _RSA.Signing.PublicKey(certificate.publicKey)?.getKeyPrimitives() else {
            throw Fault(reason: "must be for an RSA key")
        }
        self.certificate = certificate
        sha1 = Digest.sha1(der)
        sha256 = Digest.sha256(der)
        modulus = Array(numbers.modulus.drop { $0 == 0 })
        exponent = Array(numbers.publicExponent.drop { $0 == 0 })
        guard (try? key(named: nil, for: .rs256)) != nil else {
            throw Fault(reason: "must be for an RSA key of 2048 to 8192 bits")
        }
    }

    /// Whether the certificate's own time is now.
    func isValid(at date: Date) -> Bool {
        certificate.notValidBefore <= date && date <= certificate.notValidAfter
    }

    /// Whether the certificate's key signed a token.
    func isSigner(of token: UnverifiedJWT) -> Bool {
        guard let key = try? key(named: token.header.keyID, for: token.header.algorithm) else { return false }
        return (try? JSONWebKeySet(keys: [key]).verify(token, allowing: ClientAssertion.algorithms)) != nil
    }

    /// The key under the name and for the algorithm that a token says: the thumbprint is what chose it.
    private func key(named name: String?, for algorithm: JWSAlgorithm) throws(JWTError) -> JSONWebKey {
        var members: [String: JSONValue] = [
            "kty": "RSA", "n": .string(Base64URL.encode(modulus)), "e": .string(Base64URL.encode(exponent)),
            "alg": .string(algorithm.rawValue),
        ]
        members["kid"] = name.map { .string($0) }
        return try JSONWebKey(.object(members))
    }
}

/// A subject name and the authority that must have issued its certificates.
struct TrustedSubject: Sendable {
    /// The common name or DNS name.
    let subjectName: String
    /// The authority.
    let authority: Certificate

    /// Reads the certificate of an authority; nil when the text holds none.
    static func authority(pem: String) -> Certificate? {
        (try? PEMDocument.parseMultiple(pemString: pem))?
            .first { $0.discriminator == Certificate.defaultPEMDiscriminator }
            .flatMap { try? Certificate(pemDocument: $0) }
    }

    /// Whether a certificate bears the name and leads to the authority, through others that came with it.
    func covers(_ leaf: Certificate, intermediates: [Certificate], at date: Date) async -> Bool {
        guard Self.names(of: leaf).contains(subjectName) else { return false }
        var verifier = Verifier(rootCertificates: X509.CertificateStore([authority])) {
            // The emulator's clock is not always that of the machine.
            RFC5280Policy(fixedExpiryValidationTime: date)
        }
        switch await verifier.validate(leaf: leaf, intermediates: X509.CertificateStore(intermediates)) {
        case .validCertificate: return true
        case .couldNotValidate: return false
        }
    }

    /// The common names and DNS names of a certificate.
    static func names(of certificate: Certificate) -> [String] {
        let common = certificate.subject.flatMap { name in
            name.filter { $0.type == .RDNAttributeType.commonName }.compactMap { String($0.value) }
        }
        let alternatives = try? certificate.extensions.subjectAlternativeNames
        let dns = (alternatives ?? SubjectAlternativeNames([])).compactMap { name -> String? in
            guard case .dnsName(let text) = name else { return nil }
            return text
        }
        return common + dns
    }
}
