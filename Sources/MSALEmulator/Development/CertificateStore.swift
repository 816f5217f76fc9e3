// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import NIOCore
import NIOSSL
import SwiftASN1
import X509

/// The development CA that is kept in a directory, and the server certificates it signs.
///
/// The CA is constrained to the names of this machine: trusting it lets nobody impersonate another site. Its key and
/// certificate stand together in one file that only the user may read; beside it, the certificate alone is for clients.
struct CertificateStore: Sendable {
    /// Where the files are.
    let directory: URL
    /// The current time.
    let now: Date

    /// Where clients find the certificate.
    var certificateURL: URL { directory.appending(path: "ca.pem") }
    /// Where key and certificate are.
    private var secretURL: URL { directory.appending(path: "ca-key.pem") }

    /// A CA.
    private struct Authority {
        /// The key.
        let key: Certificate.PrivateKey
        /// The certificate.
        let certificate: Certificate
    }

    /// The directory to use when nobody named one.
    static func standardDirectory(environment: [String: String] = ProcessInfo.processInfo.environment) -> URL {
        #if os(macOS)
            let base = URL.applicationSupportDirectory
        #else
            let named = { environment[$0].flatMap { $0.hasPrefix("/") ? URL(filePath: $0) : nil } }
            let home = named("HOME") ?? URL.homeDirectory
            let base = named("XDG_DATA_HOME") ?? home.appending(path: ".local/share")
        #endif
        return base.appending(path: "swift-msal/emulator")
    }

    /// A configuration for a server on this machine, from a CA that is made when there is no usable one.
    func serverConfiguration() throws -> TLSConfiguration {
        do {
            let authority = try load() ?? create()
            try write(try authority.certificate.serializeAsPEM().pemString, to: certificateURL, mode: 0o644)
            let leaf = try ServerCertificate(now: now, issuer: authority.certificate, issuerKey: authority.key)
            let chain = try leaf.pemChain.map {
                NIOSSLCertificateSource.certificate(try .init(bytes: $0, format: .pem))
            }
            let key = try NIOSSLPrivateKey(bytes: Array(leaf.pemKey.utf8), format: .pem)
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain,
                privateKey: .privateKey(key)
            )
            // A client that keeps its connection open may never answer the farewell, and would hold up the end.
            configuration.shutdownTimeout = .milliseconds(250)
            return configuration
        } catch {
            throw EmulatorError(
                code: .certificates,
                message: "The development CA in \(directory.path()) cannot be used: \(error)"
            )
        }
    }

    /// The CA that is there, unless it is damaged or will soon expire.
    private func load() throws -> Authority? {
        guard let text = try? String(contentsOf: secretURL, encoding: .utf8) else { return nil }
        guard let documents = try? PEMDocument.parseMultiple(pemString: text),
            let keyDocument = documents.first(where: { $0.discriminator != Certificate.defaultPEMDiscriminator }),
            let certificateDocument = documents.first(where: { $0.discriminator == Certificate.defaultPEMDiscriminator }
            ),
            let key = try? Certificate.PrivateKey(pemDocument: keyDocument),
            let certificate = try? Certificate(pemDocument: certificateDocument),
            certificate.publicKey == key.publicKey,
            certificate.notValidBefore <= now,
            certificate.notValidAfter > now.addingTimeInterval(ServerCertificate.lifetime)
        else {
            try FileManager.default.removeItem(at: secretURL)
            return nil
        }
        return Authority(key: key, certificate: certificate)
    }

    /// Makes a CA; when another process is faster, takes that one's.
    private func create() throws -> Authority {
        try FileManager.default.createDirectory(
            at: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let authority = try makeAuthority()
        let text =
            try authority.key.serializeAsPEM().pemString + "\n"
            + (try authority.certificate.serializeAsPEM().pemString) + "\n"
        let temporary = directory.appending(path: ".\(Token.make())")
        try write(text, to: temporary, mode: 0o600)
        defer { try? FileManager.default.removeItem(at: temporary) }
        do {
            // A hard link is made whole or not at all, and never replaces a file.
            try FileManager.default.linkItem(at: temporary, to: secretURL)
        } catch {
            guard let other = try load() else { throw error }
            return other
        }
        return authority
    }

    /// Signs a new CA certificate, good for ten years and for this machine only.
    private func makeAuthority() throws -> Authority {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName {
            OrganizationName("swift-msal emulator")
            CommonName("swift-msal emulator development CA \(Hexadecimal.encode(RandomBytes.make(4)))")
        }
        let certificate = try Certificate(
            version: .v3,
            serialNumber: .init(bytes: [0x01] + RandomBytes.make(15)),
            publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-86_400),
            notValidAfter: now.addingTimeInterval(3650 * 86_400),
            issuer: name,
            subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                Critical(
                    NameConstraints(
                        permittedDNSDomains: ["localhost"],
                        permittedIPRanges: [
                            .init(contentBytes: [127, 0, 0, 0, 255, 0, 0, 0]),
                            .init(
                                contentBytes: ArraySlice(
                                    [UInt8](repeating: 0, count: 15) + [1]
                                        + [UInt8](repeating: 255, count: 16)
                                )
                            ),
                        ]
                    )
                )
                SubjectKeyIdentifier(hash: key.publicKey)
            },
            issuerPrivateKey: key
        )
        return Authority(key: key, certificate: certificate)
    }

    /// Writes a file beside its place and moves it there, so that nobody ever reads half of it.
    private func write(_ text: String, to url: URL, mode: Int) throws {
        if let present = try? String(contentsOf: url, encoding: .utf8), present == text { return }
        let temporary = url.deletingLastPathComponent().appending(path: ".\(Token.make())")
        let isWritten = FileManager.default.createFile(
            atPath: temporary.path(percentEncoded: false),
            contents: Data(text.utf8),
            attributes: [.posixPermissions: mode]
        )
        guard isWritten else { throw CocoaError(.fileWriteUnknown) }
        guard rename(temporary.path(percentEncoded: false), url.path(percentEncoded: false)) == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
    }
}
