// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// Certificates and keys that openssl made once; the file says how.
struct CertificateFixtures {
    static let passphrase = Secret("Harbour-Pass-1")

    let json: JSONValue

    init() throws {
        json = try VectorFile("certificates").json
    }

    func certificate(_ name: String) throws -> String {
        try #require(json["certificates"]?[name]?.stringValue)
    }

    func key(_ name: String, _ kind: String = "keys") throws -> String {
        try #require(json[kind]?[name]?.stringValue)
    }

    /// A certificate with its key.
    func pem(_ name: String) throws -> Secret {
        Secret(try certificate(name) + key(name))
    }

    /// The certificate that most tests use, with those that issued it.
    func leaf(sendsX5C: Bool = false) throws -> ClientCertificate {
        let chain = try certificate("leaf") + certificate("issuing") + certificate("root")
        return try ClientCertificate(pem: Secret(chain + key("leaf")), sendsX5C: sendsX5C)
    }
}

/// A folder that is gone after a test.
func withTemporaryFile(_ content: String, _ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString + ".pem")
    try Data(content.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
}

/// The error that reading throws; nil when it throws none.
func certificateFault(_ read: () throws -> some Any) -> AuthenticationError? {
    do {
        _ = try read()
        return nil
    } catch {
        return error as? AuthenticationError
    }
}

/// The error of a text with a certificate and a key.
func certificateFault(of text: String) -> AuthenticationError? {
    certificateFault { try ClientCertificate(pem: Secret(text)) }
}
