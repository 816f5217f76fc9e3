// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CryptoExtras

/// A certificate followed by those that lead to its root.
struct CertificateChain {
    /// The certificate itself.
    let leaf: X509Certificate
    /// Its key.
    let publicKey: _RSA.Signing.PublicKey
    /// All of them as DER, the certificate itself first.
    let derEncoded: [[UInt8]]

    /// Finds the certificate among others and puts them in order.
    ///
    /// - Parameters:
    ///   - certificates: certificates in any order, as DER.
    ///   - key: whose certificate is meant; without one it is the certificate that issued no other.
    ///   - origin: where they came from.
    /// - Throws: ``AuthenticationError`` with the code `certificateInvalid`.
    init(
        _ certificates: [[UInt8]],
        of key: _RSA.Signing.PublicKey?,
        _ origin: CertificateOrigin
    ) throws(AuthenticationError) {
        var rest: [X509Certificate] = []
        for bytes in certificates where !rest.contains(where: { $0.derEncoded == bytes }) {
            rest.append(try Self.read(bytes, origin))
        }
        guard !rest.isEmpty else {
            throw origin.refusal("holds no certificate.", cure: "Give the certificate together with its private key.")
        }
        let index = try Self.leaf(of: rest, with: key, origin)
        publicKey = try Self.key(of: rest[index], origin)
        var chain = [rest.remove(at: index)]
        while let last = chain.last, last.issuer != last.subject,
            let issuer = rest.firstIndex(where: { $0.subject == last.issuer })
        {
            chain.append(rest.remove(at: issuer))
        }
        leaf = chain[0]
        derEncoded = chain.map(\.derEncoded)
    }

    /// Reads one certificate.
    private static func read(
        _ bytes: [UInt8],
        _ origin: CertificateOrigin
    ) throws(AuthenticationError) -> X509Certificate {
        do {
            return try X509Certificate(derEncoded: bytes)
        } catch {
            throw origin.refusal("holds a damaged certificate.", cure: "Export it again.", underlying: error)
        }
    }

    /// Where the certificate stands that is meant.
    private static func leaf(
        of certificates: [X509Certificate],
        with key: _RSA.Signing.PublicKey?,
        _ origin: CertificateOrigin
    ) throws(AuthenticationError) -> Int {
        let wanted = key.map { [UInt8]($0.pkcs1DERRepresentation) }
        let found = certificates.indices.filter { index in
            let certificate = certificates[index]
            guard let wanted else {
                return !certificates.contains { $0.issuer == certificate.subject && $0.subject != certificate.subject }
            }
            return certificate.keyAlgorithm == .rsaEncryption && certificate.key == wanted
        }
        // A renewed certificate may keep its key: the one that lasts longest is meant.
        let longest = found.max { certificates[$0].notValidAfter < certificates[$1].notValidAfter }
        if let longest, wanted != nil || found.count == 1 { return longest }
        guard wanted == nil else {
            throw origin.refusal(
                "holds a private key and a certificate that do not belong together.",
                cure: "Give the key that the certificate was made with."
            )
        }
        throw origin.refusal(
            "holds several certificates that do not lead to one another.",
            cure: "Give one certificate, with those that issued it."
        )
    }

    /// The key of the certificate that is meant.
    private static func key(
        of certificate: X509Certificate,
        _ origin: CertificateOrigin
    ) throws(AuthenticationError) -> _RSA.Signing.PublicKey {
        guard certificate.keyAlgorithm == .rsaEncryption else {
            throw origin.refusal(
                "holds a certificate whose key is not RSA, and the platform takes RSA only.",
                cure: PrivateKeyReader.newKey
            )
        }
        guard let key = try? _RSA.Signing.PublicKey(derRepresentation: certificate.key) else {
            throw origin.refusal(
                "holds a certificate whose RSA key is damaged, or shorter than 2048 bits.",
                cure: PrivateKeyReader.newKey
            )
        }
        return key
    }
}
