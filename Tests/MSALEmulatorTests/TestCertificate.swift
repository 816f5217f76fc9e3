// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import MSALEmulator
import MSALJWT
import SwiftASN1
import X509

/// A key with a certificate, as somebody who registers one would make it.
struct TestCertificate: Sendable {
    /// The start of the tests' clock.
    static let start = Date(timeIntervalSince1970: 1_790_000_000)

    /// The key.
    let key: JWSSigner
    /// The certificate.
    let certificate: Certificate
    /// The certificate's bytes.
    let der: [UInt8]

    /// The certificate as a text.
    var pem: String { PEMDocument(type: "CERTIFICATE", derBytes: der).pemString }
    /// `x5t`, without padding.
    var sha1: String { Base64URL.encode(Array(Insecure.SHA1.hash(data: der))) }
    /// `x5t#S256`, without padding.
    var sha256: String { Base64URL.encode(Array(SHA256.hash(data: der))) }

    /// Makes one, signed by its own key or by an authority.
    init(
        _ name: String,
        issuer: TestCertificate? = nil,
        isAuthority: Bool = false,
        from: Date = start - 86_400,
        until: Date = start + 86_400
    ) throws {
        key = try JWSSigner.generateRSA(keyID: name)
        let privateKey = try Certificate.PrivateKey(pemEncoded: key.pemRepresentation)
        let subject = try DistinguishedName { CommonName(name) }
        certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: privateKey.publicKey,
            notValidBefore: from,
            notValidAfter: until,
            issuer: issuer?.certificate.subject ?? subject,
            subject: subject,
            signatureAlgorithm: .sha256WithRSAEncryption,
            extensions: try Certificate.Extensions {
                if isAuthority { Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil)) }
            },
            issuerPrivateKey: try issuer.map { try Certificate.PrivateKey(pemEncoded: $0.key.pemRepresentation) }
                ?? privateKey
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        der = serializer.serializedBytes
    }

    /// The daemon's, made once for all tests.
    static func daemon() throws -> TestCertificate { try madeOnce.get() }

    /// Another one, made once for all tests.
    static func stranger() throws -> TestCertificate { try otherMadeOnce.get() }

    private static let madeOnce = Result { try TestCertificate("daemon.harbourmutual.example") }
    private static let otherMadeOnce = Result { try TestCertificate("stranger.example") }
}

/// A client assertion, good unless told otherwise.
struct TestAssertion {
    /// The header, `alg` and `typ` left out.
    var header: [String: JSONValue] = [:]
    /// The claims.
    var claims: [String: JSONValue]
    /// The algorithm.
    var algorithm = JWSAlgorithm.ps256

    /// The claims that MSAL for Python writes.
    init(clientID: String = Harbour.nightly, at now: Date = TestCertificate.start) {
        let seconds = Int64(now.timeIntervalSince1970)
        claims = [
            "aud": .string("http://localhost:8400\(Harbour.token)"),
            "iss": .string(clientID),
            "sub": .string(clientID),
            "iat": .integer(seconds),
            "exp": .integer(seconds + 600),
            "jti": .string(UUID().uuidString),
        ]
    }

    /// The text, signed by a key whose thumbprint the header names, unless it names one already.
    func signed(by certificate: TestCertificate) throws -> String {
        var header = header
        if header["x5t"] == nil, header["x5t#S256"] == nil, header["x5c"] == nil {
            header["x5t#S256"] = .string(certificate.sha256)
        }
        header["alg"] = .string(algorithm.rawValue)
        header["typ"] = "JWT"
        let signer = try JWSSigner(pem: certificate.key.pemRepresentation, keyID: "none", algorithm: algorithm)
        return try signer.sign(
            header: JSONValue.object(header).serialized(),
            payload: JSONValue.object(claims).serialized()
        )
    }
}

extension Seeds {
    /// The built-in directory, whose nightly job has the daemon's certificate.
    static func withCertificate(_ certificate: TestCertificate) throws -> EmulatorSeed {
        var seed = EmulatorSeed.insurance
        try seed.register(certificate: certificate.pem, for: Harbour.nightly)
        return seed
    }
}

extension ClientCredentialsTests {
    /// The form of the nightly job with an assertion.
    static func form(assertion: String, _ changes: [String: String?] = [:]) -> [(String, String)] {
        let standard: [String: String?] = [
            "client_secret": nil, "client_assertion": assertion,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ]
        return form(standard.merging(changes) { _, new in new })
    }
}
