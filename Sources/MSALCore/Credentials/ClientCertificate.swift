// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import MSALJWT

#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A certificate that an application proves itself with, and its private key where that is not kept elsewhere.
///
/// The platform takes RSA keys only, of 2048 bits or more. The key never leaves this value: it prints, dumps and encodes
/// to nothing.
///
/// Read from PEM here; `MSALAsyncHTTPClient` reads PFX files.
public struct ClientCertificate: Sendable {
    /// The certificate and those that lead from it to its root, each signed by the next, as DER.
    public let chain: [[UInt8]]

    /// Whom the certificate names, such as `CN=daemon.contoso.com`.
    public let subject: String

    /// From when on it is valid.
    public let notValidBefore: Date

    /// Until when it is valid.
    public let notValidAfter: Date

    /// Whether assertions bring the chain along (`x5c`, RFC 7515 §4.1.6).
    ///
    /// For registrations that trust a subject name and an issuer instead of one certificate. Off unless set.
    public var sendsX5C: Bool

    /// The certificate's SHA-256, which assertions name it by.
    public let sha256Thumbprint: CertificateThumbprint

    /// The key; nil if it is kept elsewhere.
    let privateKey: _RSA.Signing.PrivateKey?

    /// The public half.
    let publicKey: _RSA.Signing.PublicKey

    /// Where it came from.
    let origin: CertificateOrigin

    /// Puts together what was read.
    ///
    /// - Parameters:
    ///   - certificates: certificates in any order, as DER.
    ///   - privateKey: the key of one of them; nil if it is kept elsewhere.
    ///   - sendsX5C: whether assertions bring the chain along.
    ///   - origin: where all that came from.
    /// - Throws: ``AuthenticationError`` with the code `certificateInvalid`.
    init(
        certificates: [[UInt8]],
        privateKey: _RSA.Signing.PrivateKey?,
        sendsX5C: Bool,
        origin: CertificateOrigin
    ) throws(AuthenticationError) {
        let chain = try CertificateChain(certificates, of: privateKey?.publicKey, origin)
        self.chain = chain.derEncoded
        sha256Thumbprint = CertificateThumbprint(bytes: Array(SHA256.hash(data: chain.derEncoded[0])))
        subject = chain.leaf.subjectName
        notValidBefore = chain.leaf.notValidBefore
        notValidAfter = chain.leaf.notValidAfter
        self.sendsX5C = sendsX5C
        self.privateKey = privateKey
        publicKey = chain.publicKey
        self.origin = origin
    }

    /// The certificate's SHA-1, which the portal shows and AD FS wants.
    public var sha1Thumbprint: CertificateThumbprint {
        CertificateThumbprint(bytes: Array(Insecure.SHA1.hash(data: chain[0])))
    }

    /// Whether the private key is here, and not elsewhere.
    public var hasPrivateKey: Bool { privateKey != nil }

    /// The private key for TLS, as PKCS #8; nil if it is kept elsewhere.
    package var privateKeyDER: [UInt8]? { privateKey.map { [UInt8]($0.pkcs8DERRepresentation) } }

    /// Checks that the certificate is valid at a time (RFC 5280 §4.1.2.5).
    ///
    /// - Throws: ``AuthenticationError`` with the code `certificateInvalid`, with the dates.
    package func check(at now: Date) throws(AuthenticationError) {
        let time = Self.text
        guard notValidBefore <= now else {
            throw origin.refusal(
                "holds the certificate '\(subject)', which is not valid before \(time(notValidBefore)); it is \(time(now)).",
                cure: "Set this machine's clock, or use the certificate from then on."
            )
        }
        guard now <= notValidAfter else {
            throw origin.refusal(
                "holds the certificate '\(subject)', which expired at \(time(notValidAfter)); it is \(time(now)).",
                cure:
                    "Make a new certificate, add it to the registration under Certificates & secrets, and use it here."
            )
        }
    }

    /// A moment as people read it, in UTC.
    private static func text(_ date: Date) -> String {
        date.formatted(.iso8601)
    }
}

extension ClientCertificate: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The subject and the SHA-1 thumbprint, by which the portal lists the certificate; nothing of the key.
    public var description: String { "certificate '\(subject)' (thumbprint \(sha1Thumbprint))" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// A mirror with nothing in it.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
