// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALCore

/// Where a federation server takes a name and a password.
@Suite struct FederationMetadataTests {
    private typealias Port = FederationFixture.Port

    private func endpoints(_ ports: [FederationFixture.Port], isLocal: Bool = false) throws -> [String] {
        let document = try XMLDocument(Array(FederationFixture(ports: ports).document.utf8))
        return FederationMetadata(document, isLocal: isLocal).passwordEndpoints.map {
            "\($0.version) \($0.endpoint.url)"
        }
    }

    @Test func theNewerVersionComesFirst() throws {
        #expect(
            try endpoints([
                Port(name: "Old", version: .february2005, address: "https://sts.example/trust/2005/usernamemixed"),
                Port(name: "New", version: .oneDotThree, address: "https://sts.example/trust/13/usernamemixed"),
            ]) == [
                "oneDotThree https://sts.example/trust/13/usernamemixed",
                "february2005 https://sts.example/trust/2005/usernamemixed",
            ]
        )
    }

    @Test func onlyPasswordsUnderTLSAreSent() throws {
        #expect(
            try endpoints([
                Port(name: "A", version: .oneDotThree, address: "http://sts.example/trust/13/usernamemixed"),
                Port(name: "B", version: .oneDotThree, address: "https://sts.example/trust/13/x", token: "X509Token"),
                Port(name: "C", version: .oneDotThree, address: "https://sts.example/trust/13/bare", isOverTLS: false),
                Port(name: "D", version: .oneDotThree, address: "ftp://sts.example/trust/13/usernamemixed"),
            ]).isEmpty
        )
    }

    @Test(arguments: ["http://localhost/trust/13/usernamemixed", "http://127.0.0.1:9200/_bulk"])
    func onlyAPlatformOfThisMachineMayPointAtIt(address: String) throws {
        let ports = [Port(name: "A", version: .oneDotThree, address: address)]
        #expect(try endpoints(ports).isEmpty)
        #expect(try endpoints(ports, isLocal: true) == ["oneDotThree \(address)"])
    }

    @Test func otherDocumentsHaveNone() throws {
        let document = try XMLDocument(Array("<html><body/></html>".utf8))
        #expect(FederationMetadata(document, isLocal: true).passwordEndpoints.isEmpty)
    }
}
