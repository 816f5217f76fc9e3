// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

@testable import MSALCore

@Suite struct CertificateThumbprintTests {
    @Test func theVectorsOfThePlatformAreRead() throws {
        let cases = try #require(try VectorFile("small").json["thumbprint"]?.arrayValue)
        #expect(cases.count == 2)
        for vector in cases {
            let hex = try #require(vector["hex"]?.stringValue)
            #expect(CertificateThumbprint(hex: hex)?.base64URL == vector["x5t"]?.stringValue)
        }
    }

    @Test func whatTheWindowOfWindowsShowsIsRead() {
        let shown = "\u{200E}A1 B2 C3 D4 E5 F6 A1 B2 C3 D4 E5 F6 A1 B2 C3 D4 E5 F6 A1 B2"
        #expect(CertificateThumbprint(hex: shown)?.description == "A1B2C3D4E5F6A1B2C3D4E5F6A1B2C3D4E5F6A1B2")
    }

    @Test(arguments: ["", "A1B2", String(repeating: "g", count: 40), String(repeating: "é", count: 40), "A1:B2:C"])
    func whatIsNoThumbprintIsNot(_ text: String) {
        #expect(CertificateThumbprint(hex: text) == nil)
    }
}
