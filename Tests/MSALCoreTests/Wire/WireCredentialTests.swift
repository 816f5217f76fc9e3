// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// What each credential adds to a token request, and what the assertions say that a certificate signs.
@Suite struct WireCredentialTests {
    /// One row: a credential, and what it becomes.
    struct Row: Sendable, CustomTestStringConvertible {
        /// What the client proves itself with.
        let name: String
        /// The header of the assertion without the thumbprint's value and the certificates; nil where none is signed.
        var header: [String]?
        /// How many certificates go along.
        var certificates = 0
        /// The parameters, where nothing is signed.
        var parameters: [String] = []
        /// Where this differs from MSAL for Python, and why.
        var difference = ""
        /// Makes the credential.
        let make: @Sendable (CertificateFixtures) throws -> ClientCredential

        var testDescription: String { name }
    }

    private static let pss = ["alg=PS256", "typ=JWT", "x5t#S256"]
    private static let type = "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

    private static let rows = [
        Row(name: "secret", parameters: ["client_secret=s"]) { _ in .secret(Secret("s")) },
        Row(
            name: "PEM",
            header: pss,
            difference: "Python always sends the leaf along; ours when subject name and issuer shall count."
        ) { .certificate(try $0.leaf()) },
        Row(
            name: "PEM with its chain",
            header: pss + ["x5c"],
            certificates: 3,
            difference: "Python drops the chain of a PFX and breaks the lines of x5c; ours sends all in one line each."
        ) { .certificate(try $0.leaf(sendsX5C: true)) },
        Row(name: "RS256 on request", header: ["alg=RS256", "typ=JWT", "x5t"]) {
            .certificate(try $0.leaf(), options: ClientAssertionOptions(algorithm: .rs256))
        },
        Row(name: "certificate by callback", header: pss) {
            let leaf = try $0.leaf()
            return .certificate { leaf }
        },
        Row(name: "signed elsewhere", header: pss) {
            let vault = try $0.vault()
            return .signing(try ClientCertificate(certificatePEM: try $0.certificate("leaf"))) {
                try vault.sign($0, $1)
            }
        },
        Row(name: "assertion by callback", parameters: ["client_assertion=ready-made", type]) { _ in
            .assertion { _ in Secret("ready-made") }
        },
        Row(
            name: "TLS client certificate",
            difference: "Python has no such credential; RFC 8705 §2 wants the identifier and nothing else."
        ) { _ in .tlsClientCertificate },
    ]

    @Test(arguments: rows)
    func aCredentialAddsThisAndNothingElse(_ row: Row) async throws {
        let provider = ScriptedProvider()
        let credential = try row.make(CertificateFixtures())
        let application = try provider.makeApplication { $0.credential = credential }
        _ = try await application.acquireTokenForClient(scopes: ["api://x/.default"])
        let form = try wireForm(try provider.lastTokenRequest())
        let usual = [
            "client_id=\(ScriptedProvider.clientID)", "client_info=1", "grant_type=client_credentials",
            "scope=api://x/.default",
        ]
        let assertion = form.first { $0.hasPrefix("client_assertion=") }
        guard let expected = row.header else {
            #expect(form == (usual + row.parameters).sorted())
            return
        }
        #expect(form.filter { $0 != assertion } == (usual + [Self.type]).sorted())
        let parts = try #require(assertion).dropFirst("client_assertion=".count).split(separator: ".")
        let bytes = try #require(Base64URL.decode(parts[0]))
        let header = try #require(try JSONValue(parsing: bytes).objectValue)
        #expect(
            header.map { ["alg", "typ"].contains($0) ? "\($0)=\($1.stringValue ?? "")" : $0 }.sorted()
                == expected.sorted()
        )
        let thumbprint = try #require((header["x5t#S256"] ?? header["x5t"])?.stringValue)
        #expect(!thumbprint.isEmpty && !thumbprint.contains("="))
        let certificates = header["x5c"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(certificates.count == row.certificates)
        #expect(certificates.allSatisfy { !$0.contains("\n") && Data(base64Encoded: $0) != nil })
        let payload = try #require(Base64URL.decode(parts[1]))
        try check(try JSONValue(parsing: payload), at: provider.time.now)
    }

    /// The claims are those of RFC 7523 §3, in whole seconds; Python leaves `nbf` out and writes fractions.
    private func check(_ claims: JSONValue, at now: Date) throws {
        let second = Int64(now.timeIntervalSince1970)
        #expect(claims.objectValue?.keys.sorted() == ["aud", "exp", "iat", "iss", "jti", "nbf", "sub"])
        #expect(claims["aud"]?.stringValue?.hasSuffix("/\(ScriptedProvider.tenant)/oauth2/v2.0/token") == true)
        #expect(claims["iss"]?.stringValue == ScriptedProvider.clientID)
        #expect(claims["sub"]?.stringValue == ScriptedProvider.clientID)
        #expect(claims["iat"]?.integerValue == second && claims["nbf"]?.integerValue == second)
        #expect(claims["exp"]?.integerValue == second + 600)
        #expect(claims["jti"]?.stringValue?.isEmpty == false)
    }
}
