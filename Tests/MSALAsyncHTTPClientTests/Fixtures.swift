// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALJWT
import Testing

/// Certificates, keys and PFX files that openssl made once; the file says how.
struct Fixtures {
    static let passphrase = Secret("Harbour-Pass-1")

    private let json: JSONValue

    init() throws {
        let folder = try #require(Bundle.module.resourceURL).appending(path: "Vectors")
        json = try JSONValue(parsing: [UInt8](Data(contentsOf: folder.appending(path: "certificates.json"))))
    }

    func pem(_ names: String...) throws -> String {
        try names.map { try #require(json["pem"]?[$0]?.stringValue) }.joined()
    }

    func pfx(_ name: String) throws -> Data {
        let text = try #require(json["pfx"]?[name]?.stringValue)
        return try #require(Data(base64Encoded: text))
    }

    /// The client certificate of most tests.
    func leaf() throws -> ClientCertificate {
        try ClientCertificate(pem: Secret(pem("leaf", "issuing", "leafKey")))
    }
}

/// Writes a file that is gone after the test.
func withFile<Result>(_ content: Data, _ body: (String) async throws -> Result) async throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try content.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try await body(url.path)
}

/// The error that an operation throws; nil when it throws none.
func authenticationError(_ operation: () throws -> some Any) -> AuthenticationError? {
    do {
        _ = try operation()
        return nil
    } catch {
        return error as? AuthenticationError
    }
}
