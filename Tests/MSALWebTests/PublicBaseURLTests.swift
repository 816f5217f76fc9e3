// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALWeb
import Testing

@Suite("Public base URL")
struct PublicBaseURLTests {
    @Test(
        "An origin is read and written without its default port",
        arguments: [
            ("https://portal.example", "https://portal.example"), ("https://Portal.Example/", "https://portal.example"),
            ("https://portal.example:443", "https://portal.example"),
            ("https://portal.example:8443", "https://portal.example:8443"),
            ("http://localhost:8080", "http://localhost:8080"), ("http://localhost:80/", "http://localhost"),
            ("http://127.0.0.1:3000", "http://127.0.0.1:3000"), ("http://[::1]:8080", "http://[::1]:8080"),
        ]
    )
    func reads(text: String, origin: String) {
        #expect(PublicBaseURL(text)?.origin == origin)
    }

    @Test(
        "Anything else is refused",
        arguments: [
            "", "portal.example", "ftp://portal.example", "http://portal.example", "https://",
            "https://portal.example/path",
            "https://user@portal.example", "https://portal.example?x", "https://portal.example#x",
            "https://portal.example:0",
            "https://portal.example:99999", "https://portal.example:", "https://por tal.example", "https://-x",
            "https://[::1",
            "http://localhost.evil.example", "https://portal.example\r\nX: y", "https://a:b:c",
        ]
    )
    func refuses(text: String) {
        #expect(PublicBaseURL(text) == nil)
    }
}
