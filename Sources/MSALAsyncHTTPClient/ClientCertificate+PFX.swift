// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import MSALCore
import NIOSSL

extension ClientCertificate {
    /// Reads a certificate with its private key from a PFX file (PKCS #12), with the whole chain that is in it.
    ///
    /// Files of today (AES) and of old (3DES, RC2) are both read: the passphrase is all that protects either. A file of old
    /// whose certificates belong to another key, which no exporter makes, ends the process in the library below.
    ///
    /// - Parameters:
    ///   - file: the file, also known by the endings `.pfx` and `.p12`.
    ///   - passphrase: what it opens with; none unless told otherwise.
    ///   - sendsX5C: whether assertions bring the chain along, for trust in a subject name and an issuer.
    /// - Returns: the certificate.
    /// - Throws: `AuthenticationError` with the code `certificateInvalid`, with the file, what is wrong and how to
    ///   mend it.
    public static func pfx(
        file: String,
        passphrase: Secret? = nil,
        sendsX5C: Bool = false
    ) throws(AuthenticationError) -> ClientCertificate {
        let bytes: [UInt8]
        do throws(CredentialFile.Failure) {
            bytes = try CredentialFile.bytes(at: file)
        } catch {
            throw refusal(file, "\(error.problem) \(error.cure)")
        }
        let bundle = try bundle(bytes, passphrase, file)
        let certificates: [[UInt8]]
        let key: [UInt8]
        do {
            certificates = try bundle.certificateChain.map { try $0.toDERBytes() }
            key = try bundle.privateKey.derBytes
        } catch {
            throw refusal(file, "holds a certificate or a key that cannot be read. Export it again.")
        }
        return try ClientCertificate(certificates: certificates, privateKey: key, sendsX5C: sendsX5C, file: file)
    }

    private static func bundle(
        _ bytes: [UInt8],
        _ passphrase: Secret?,
        _ file: String
    ) throws(AuthenticationError) -> NIOSSLPKCS12Bundle {
        guard let content = PFXContent(bytes) else {
            throw refusal(file, "is no PFX file. Read PEM with ClientCertificate(pemFile:).")
        }
        guard content.isAuthenticated else {
            throw refusal(file, "is not protected by a passphrase's code. Export it again, with a passphrase.")
        }
        guard content.hasKey else {
            throw refusal(file, "holds no private key. Export the certificate together with its key.")
        }
        guard content.mayHaveCertificates else {
            throw refusal(file, "holds no certificate. Export the key together with its certificate.")
        }
        // BoringSSL's reader takes for granted that a certificate belongs to the key, and ends the process where none does.
        if let pair = content.opened(with: passphrase ?? Secret("")) {
            _ = try ClientCertificate(
                certificates: pair.certificates,
                privateKey: pair.key,
                sendsX5C: false,
                file: file
            )
        }
        // No passphrase is written in two ways (RFC 7292 §B.1): as nothing, and as an empty text.
        let spellings: [[UInt8]?] = passphrase.map { [Array($0.reveal().utf8)] } ?? [[], nil]
        var isPassphraseWrong = true
        for spelling in spellings {
            do {
                return try NIOSSLPKCS12Bundle(buffer: bytes, passphrase: spelling)
            } catch {
                isPassphraseWrong = isPassphraseWrong && "\(error)".contains("INCORRECT_PASSWORD")
            }
        }
        guard isPassphraseWrong else {
            throw refusal(file, "is damaged, or protected in a way that is not supported. Export it again, with AES.")
        }
        throw passphrase == nil
            ? refusal(file, "is protected by a passphrase, and none was given. Give the one it was exported with.")
            : refusal(file, "does not open with the passphrase. Give the one it was exported with.")
    }

    private static func refusal(_ file: String, _ problem: String) -> AuthenticationError {
        AuthenticationError(.misconfigured, .certificateInvalid, "The file '\(file)' \(problem)")
    }
}
