// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CryptoExtras

extension ClientCertificate {
    /// Reads a certificate and its private key from PEM text.
    ///
    /// The key may be PKCS #8, encrypted or not, or PKCS #1; it and the certificates may come in any order. Encrypted
    /// keys are those of today: PBES2 with PBKDF2 and AES.
    ///
    /// - Parameters:
    ///   - pem: the certificate, those that issued it if they are to be sent along, and the key.
    ///   - passphrase: what an encrypted key opens with.
    ///   - sendsX5C: whether assertions bring the chain along, for trust in a subject name and an issuer.
    /// - Throws: ``AuthenticationError`` with the code `certificateInvalid`, with what is wrong and how to mend it.
    public init(pem: Secret, passphrase: Secret? = nil, sendsX5C: Bool = false) throws(AuthenticationError) {
        try self.init(pem: [pem.reveal()], passphrase, sendsX5C, needsKey: true, .text)
    }

    /// Reads a certificate and its private key from PEM files.
    ///
    /// - Parameters:
    ///   - pemFile: the file of the certificate, and of the key if there is no second file.
    ///   - keyFile: the file of the key, if that is another.
    ///   - passphrase: what an encrypted key opens with.
    ///   - sendsX5C: whether assertions bring the chain along, for trust in a subject name and an issuer.
    /// - Throws: ``AuthenticationError`` with the code `certificateInvalid`, with the file, what is wrong and how to mend it.
    public init(
        pemFile: String,
        keyFile: String? = nil,
        passphrase: Secret? = nil,
        sendsX5C: Bool = false
    ) throws(AuthenticationError) {
        var texts: [String] = []
        for path in [pemFile, keyFile].compactMap({ $0 }) {
            texts.append(try Self.text(at: path))
        }
        try self.init(pem: texts, passphrase, sendsX5C, needsKey: true, .files([pemFile, keyFile].compactMap { $0 }))
    }

    /// Reads a certificate alone from PEM text, to be used with a key that stays in a vault or a hardware module.
    ///
    /// - Parameters:
    ///   - certificatePEM: the certificate, and those that issued it if they are to be sent along.
    ///   - sendsX5C: whether assertions bring the chain along, for trust in a subject name and an issuer.
    /// - Throws: ``AuthenticationError`` with the code `certificateInvalid`, with what is wrong and how to mend it.
    public init(certificatePEM: String, sendsX5C: Bool = false) throws(AuthenticationError) {
        try self.init(pem: [certificatePEM], nil, sendsX5C, needsKey: false, .text)
    }

    /// Reads certificates and a private key as DER.
    ///
    /// - Parameters:
    ///   - certificates: the certificate, and those that issued it, in any order.
    ///   - privateKey: the key as PKCS #8 or PKCS #1, not encrypted.
    ///   - sendsX5C: whether assertions bring the chain along, for trust in a subject name and an issuer.
    /// - Throws: ``AuthenticationError`` with the code `certificateInvalid`, with what is wrong and how to mend it.
    public init(
        certificates: [[UInt8]],
        privateKey: [UInt8],
        sendsX5C: Bool = false
    ) throws(AuthenticationError) {
        try self.init(certificates, key: privateKey, sendsX5C, .bytes)
    }

    /// Reads certificates and a private key that came out of a file of another form.
    package init(
        certificates: [[UInt8]],
        privateKey: [UInt8],
        sendsX5C: Bool,
        file: String
    ) throws(AuthenticationError) {
        try self.init(certificates, key: privateKey, sendsX5C, .files([file]))
    }

    private init(
        _ certificates: [[UInt8]],
        key: [UInt8],
        _ sendsX5C: Bool,
        _ origin: CertificateOrigin
    ) throws(AuthenticationError) {
        try self.init(
            certificates: certificates,
            privateKey: try PrivateKeyReader(origin: origin, passphrase: nil).key(derEncoded: key),
            sendsX5C: sendsX5C,
            origin: origin
        )
    }

    private init(
        pem texts: [String],
        _ passphrase: Secret?,
        _ sendsX5C: Bool,
        needsKey: Bool,
        _ origin: CertificateOrigin
    ) throws(AuthenticationError) {
        let reader = PrivateKeyReader(origin: origin, passphrase: passphrase)
        var certificates: [[UInt8]] = []
        var keys: [_RSA.Signing.PrivateKey] = []
        for block in try Self.blocks(texts, origin) {
            if ["CERTIFICATE", "X509 CERTIFICATE"].contains(block.label) {
                certificates.append(block.bytes)
            } else if needsKey, let key = try reader.key(in: block) {
                keys.append(key)
            }
        }
        guard keys.count <= 1 else {
            throw origin.refusal(
                "holds \(keys.count) private keys.",
                cure: "Leave only the one of the certificate in it."
            )
        }
        guard !needsKey || !keys.isEmpty else {
            throw origin.refusal(
                "holds no private key.",
                cure: "Add it, give its own file as keyFile, or sign elsewhere with ClientCredential.signing."
            )
        }
        try self.init(certificates: certificates, privateKey: keys.first, sendsX5C: sendsX5C, origin: origin)
    }

    private static func blocks(
        _ texts: [String],
        _ origin: CertificateOrigin
    ) throws(AuthenticationError) -> [PEMBlock] {
        var blocks: [PEMBlock] = []
        for text in texts {
            guard let found = PEMBlock.all(in: text) else {
                throw origin.refusal(
                    "is damaged: a block has no end, or is not base64.",
                    cure: "Copy it whole, with its line breaks and the lines that begin with five dashes."
                )
            }
            blocks += found
        }
        guard !blocks.isEmpty else {
            throw origin.refusal(
                "is not PEM: no line begins with '-----BEGIN '.",
                cure: "Read a PFX file with ClientCertificate.pfx of MSALAsyncHTTPClient; turn DER into PEM with "
                    + "openssl x509 -inform DER -in CERTFILE -out NEWFILE"
            )
        }
        return blocks
    }

    private static func text(at path: String) throws(AuthenticationError) -> String {
        do throws(CredentialFile.Failure) {
            return String(decoding: try CredentialFile.bytes(at: path), as: UTF8.self)
        } catch {
            throw CertificateOrigin.files([path]).refusal(error.problem, cure: error.cure)
        }
    }
}
