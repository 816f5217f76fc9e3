// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import Testing

@testable import MSALAsyncHTTPClient

@Suite struct PFXTests {
    private let fixtures: Fixtures

    init() throws {
        fixtures = try Fixtures()
    }

    private func read(_ name: String, _ passphrase: Secret? = Fixtures.passphrase) async throws -> ClientCertificate {
        try await withFile(try fixtures.pfx(name)) { try ClientCertificate.pfx(file: $0, passphrase: passphrase) }
    }

    private func fault(_ content: Data, _ passphrase: Secret? = Fixtures.passphrase) async throws -> String {
        try await withFile(content) { path in
            let error = authenticationError { try ClientCertificate.pfx(file: path, passphrase: passphrase) }
            #expect(error?.kind == .misconfigured)
            #expect(error?.code == .certificateInvalid)
            #expect(error?.message.contains(path) == true)
            #expect(error?.message.contains("Harbour") == false)
            return error?.message ?? ""
        }
    }

    @Test(arguments: [("modern", 3), ("legacy", 3), ("rc2", 2)])
    func filesOfTodayAndOfOldAreReadWithTheWholeChain(_ name: String, _ count: Int) async throws {
        let certificate = try await read(name)
        let leaf = try fixtures.leaf()
        #expect(certificate.chain.prefix(2) == leaf.chain.prefix(2))
        #expect(certificate.chain.count == count)
        #expect(certificate.hasPrivateKey)
        #expect(certificate.subject == "CN=daemon.harbourmutual.example")
    }

    @Test(arguments: [nil, Secret("")]) func aFileWithoutAPassphraseIsRead(_ passphrase: Secret?) async throws {
        #expect(try await read("empty", passphrase).sha256Thumbprint == (try fixtures.leaf().sha256Thumbprint))
    }

    @Test(arguments: ["modern", "legacy", "rc2"])
    func aWrongOrMissingPassphraseIsSaid(_ name: String) async throws {
        let wrong = try await fault(try fixtures.pfx(name), Secret("Harbour-Pass-2"))
        #expect(wrong.contains("does not open with the passphrase"))
        let missing = try await fault(try fixtures.pfx(name), nil)
        #expect(missing.contains("is protected by a passphrase, and none was given"))
    }

    @Test func whatIsNotThereIsSaid() async throws {
        #expect(try await fault(try fixtures.pfx("nokey")).contains("holds no private key"))
        #expect(try await fault(try fixtures.pfx("nocert")).contains("holds no certificate"))
        #expect(try await fault(try fixtures.pfx("ec")).contains("takes RSA only"))
        #expect(try await fault(Data(try fixtures.pem("leaf").utf8)).contains("is no PFX file"))
        #expect(try await fault(Data()).contains("is no PFX file"))
        #expect(try await fault(try fixtures.pfx("nomac")).contains("is not protected by a passphrase's code"))
        let missing = authenticationError { try ClientCertificate.pfx(file: "/nowhere/daemon.pfx") }
        #expect(missing?.message.contains("'/nowhere/daemon.pfx' is not there") == true)
    }

    @Test func aKeyWithTheCertificateOfAnotherIsSaid() async throws {
        let message = try await fault(try fixtures.pfx("foreign"))
        #expect(message.contains("do not belong together"))
        #expect(try await fault(try fixtures.pfx("foreign"), Secret("Harbour-Pass-2")).contains("does not open"))
    }

    @Test func aDamagedFileIsAnError() async throws {
        let content = try fixtures.pfx("modern")
        for position in stride(from: 0, to: content.count, by: 61) {
            var damaged = content
            damaged[position] ^= 0xFF
            _ = PFXContent([UInt8](damaged))
            _ = PFXContent([UInt8](content.prefix(position)))
        }
        var altered = content
        altered[content.count / 2] ^= 0xFF
        #expect(try await !fault(altered).isEmpty)
    }
}
