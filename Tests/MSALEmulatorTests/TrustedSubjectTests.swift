// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALEmulator
import MSALJWT
import Testing

/// Certificates that are trusted by subject name and issuer, so that they can be renewed.
@Suite struct TrustedSubjectTests {
    static let name = "daemon.harbourmutual.example"

    /// The answer to an assertion with a chain, where the nightly job trusts the name of an authority.
    private func post(
        _ leaf: TestCertificate,
        chain: [TestCertificate],
        trusting authority: TestCertificate
    ) async throws -> TestBrowser.Page {
        var seed = EmulatorSeed.insurance
        seed.applications[1].trustedSubjects = [EmulatorSeed.TrustedSubject(Self.name, authority: authority.pem)]
        var assertion = TestAssertion()
        assertion.header["x5t#S256"] = .string(leaf.sha256)
        if !chain.isEmpty {
            assertion.header["x5c"] = .array(chain.map { .string(Data($0.der).base64EncodedString()) })
        }
        return try await TestBrowser.open(seed: seed).post(
            Harbour.token,
            ClientCredentialsTests.form(assertion: try assertion.signed(by: leaf))
        )
    }

    @Test func anyCertificateOfTheSubjectWillDo() async throws {
        let root = try TestCertificate("root.example", isAuthority: true)
        let first = try TestCertificate(Self.name, issuer: root)
        let renewed = try TestCertificate(Self.name, issuer: root)
        for leaf in [first, renewed] {
            #expect(try await post(leaf, chain: [leaf], trusting: root).status == 200)
        }
        let bare = try await post(first, chain: [], trusting: root)
        #expect(bare.json["error_codes"] == [700027], "it must come along")
    }

    @Test func othersInTheChainLeadToTheAuthority() async throws {
        let root = try TestCertificate("root.example", isAuthority: true)
        let middle = try TestCertificate("middle.example", issuer: root, isAuthority: true)
        let leaf = try TestCertificate(Self.name, issuer: middle)
        #expect(try await post(leaf, chain: [leaf, middle], trusting: root).status == 200)
        let broken = try await post(leaf, chain: [leaf], trusting: root)
        #expect(broken.json["error_codes"] == [700030])
    }

    @Test func whoeverElseIsRefused() async throws {
        let root = try TestCertificate("root.example", isAuthority: true)
        let other = try TestCertificate("other.example", issuer: root)
        let selfSigned = try TestCertificate(Self.name)
        let leafOfLeaf = try TestCertificate(Self.name, issuer: other)
        for (leaf, chain) in [(other, [other]), (selfSigned, [selfSigned]), (leafOfLeaf, [leafOfLeaf, other])] {
            let page = try await post(leaf, chain: chain, trusting: root)
            #expect(page.json["error_codes"] == [700030], "\(page.text)")
        }
        let old = try TestCertificate(Self.name, issuer: root, until: TestCertificate.start - 60)
        #expect(try await post(old, chain: [old], trusting: root).json["error_codes"] == [1_000_502])
        let good = try TestCertificate(Self.name, issuer: root)
        let swapped = try await post(good, chain: [other, good], trusting: root)
        #expect(swapped.json["error_codes"] == [700027], "the thumbprint is not the first certificate's")
    }
}
