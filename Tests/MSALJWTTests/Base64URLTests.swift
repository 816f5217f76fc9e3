// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALJWT

@Suite("Base64URL")
struct Base64URLTests {
    @Test(
        "Bytes are written with the URL-safe alphabet and without padding",
        arguments: [
            ([], ""), ([0], "AA"), ([0xFF], "_w"), ([0xFB, 0xFF], "-_8"), ([0x66, 0x6F, 0x6F], "Zm9v"),
            ([0x66, 0x6F, 0x6F, 0x62], "Zm9vYg"),
            // RFC 7515, appendix C.
            ([3, 236, 255, 224, 193], "A-z_4ME"),
        ] as [([UInt8], String)]
    )
    func writes(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(
        "Anything but the one canonical text is refused",
        arguments: [
            "A", "AAAAA", "AA==", "AAA=", "=", "Zm9v\n", "\nZm9v", "Zm 9", "Zm9+", "Zm9/", "Zm9v.", "Zm9é", "Zm9\u{0}",
            "AB", "AAB", "_x", "-_9", "Zm9vY", "Zm9vYh", "Zm9vYmF", "////",
        ]
    )
    func refuses(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test("Each character stands for the value it is written for")
    func alphabet() {
        for value in UInt8(0)..<64 {
            let text = Base64URL.encode([value << 2])
            #expect(Base64URL.decode(text) == [value << 2])
        }
        let others = (0..<128).map { String(UnicodeScalar(UInt8($0))) }.filter {
            Base64URL.decode("AA" + $0 + "A") == nil
        }
        #expect(others.count == 128 - 64)
    }
}
