// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import NIOSSL

/// Whose certificates of servers a transport trusts.
///
/// Names and validity are checked in any case; nothing turns that off.
public struct ServerTrust: Sendable, Hashable {
    /// Where authorities stand.
    private enum Source: Hashable {
        case file(String)
        case text(String)
    }

    private let source: Source?
    /// Whether the system's authorities count too.
    private let withSystem: Bool

    private init(_ source: Source?, withSystem: Bool) {
        self.source = source
        self.withSystem = withSystem
    }

    /// The system's authorities.
    public static let system = ServerTrust(nil, withSystem: true)

    /// The system's authorities, and those of a PEM file: a company's own, or that of a proxy that opens TLS.
    ///
    /// - Parameter pemFile: the file of one or more certificates; it is read once, when a transport is made.
    /// - Returns: the trust.
    public static func system(and pemFile: String) -> ServerTrust {
        ServerTrust(.file(pemFile), withSystem: true)
    }

    /// The system's authorities, and those of a PEM text.
    ///
    /// - Parameter pem: the text of one or more certificates.
    /// - Returns: the trust.
    public static func system(andPEM pem: String) -> ServerTrust {
        ServerTrust(.text(pem), withSystem: true)
    }

    /// The authorities of a PEM file and no others.
    ///
    /// - Parameter pemFile: the file of one or more certificates; it is read once, when a transport is made.
    /// - Returns: the trust.
    public static func only(_ pemFile: String) -> ServerTrust {
        ServerTrust(.file(pemFile), withSystem: false)
    }

    /// The authorities of a PEM text and no others.
    ///
    /// - Parameter pem: the text of one or more certificates.
    /// - Returns: the trust.
    public static func only(pem: String) -> ServerTrust {
        ServerTrust(.text(pem), withSystem: false)
    }

    /// Puts the authorities into a configuration.
    ///
    /// - Throws: `AuthenticationError` with the code `configurationInvalid`.
    func apply(to tls: inout TLSConfiguration) throws(AuthenticationError) {
        guard let source else { return }
        let certificates = try Self.certificates(of: source)
        if withSystem {
            tls.additionalTrustRoots = [.certificates(certificates)]
        } else {
            tls.trustRoots = .certificates(certificates)
        }
    }

    private static func certificates(of source: Source) throws(AuthenticationError) -> [NIOSSLCertificate] {
        let bytes: [UInt8]
        let name: String
        switch source {
        case .text(let text):
            (bytes, name) = (Array(text.utf8), "The PEM text of trusted authorities")
        case .file(let path):
            name = "The file of trusted authorities '\(path)'"
            do throws(CredentialFile.Failure) {
                bytes = try CredentialFile.bytes(at: path)
            } catch {
                throw refusal("\(name) \(error.problem) \(error.cure)")
            }
        }
        // What it throws only says that there is no certificate.
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(bytes), !certificates.isEmpty else {
            throw refusal("\(name) holds no certificate that can be read. Give the authority's certificate as PEM.")
        }
        return certificates
    }

    private static func refusal(_ message: String) -> AuthenticationError {
        AuthenticationError(.misconfigured, .configurationInvalid, message)
    }
}
