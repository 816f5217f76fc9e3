// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALWeb
import Testing

@Suite("Local paths")
struct LocalPathTests {
    @Test(
        "A place inside the application is kept, in normal form",
        arguments: [
            ("/", "/"), ("/queue", "/queue"), ("/queue/", "/queue/"),
            ("/queue?state=open&page=2", "/queue?state=open&page=2"),
            ("/a/./b/../c", "/a/c"), ("/a/..", "/"), ("/../../etc", "/etc"), ("/%61%2Dx", "/a-x"), ("/a%20b", "/a%20b"),
            ("/a b", "/a%20b"), ("/caf\u{E9}", "/caf%C3%A9"), ("/x#top", "/x"), ("/x?", "/x"), ("/a//b", "/a//b"),
            ("/x?next=//evil.example", "/x?next=//evil.example"), ("/x?a=\\b", "/x?a=%5Cb"),
            ("/x?q=100%", "/x?q=100%25"),
            ("/x?q=%0d%0aSet-Cookie:a", "/x?q=%0D%0ASet-Cookie:a"), ("/x?q=\"><script>", "/x?q=%22%3E%3Cscript%3E"),
            ("/a:b@c;d=e,f", "/a:b@c;d=e,f"),
        ]
    )
    func keeps(text: String, expected: String) {
        #expect(LocalPath(text)?.description == expected)
    }

    @Test(
        "What leads elsewhere, or could be read so, is no local path",
        arguments: [
            "", "queue", "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example",
            "\\/evil.example",
            "\\\\evil.example", "/%2fevil.example", "/%2Fevil.example", "/%5cevil.example", "/a%2f..%2fb", "/a\\b",
            "/.//evil.example", "/a/..//evil.example", "/%2e//evil.example", "/%2e%2e//evil.example", "/\tevil.example",
            "/\u{0}", "/a\r\nSet-Cookie: x=y", "/%0d%0aSet-Cookie:x", "/%00", "/%7f", "/%", "/%4", "/%zz", " /a",
            "javascript:alert(1)", "?x=1", "#x",
        ]
    )
    func refuses(text: String) {
        #expect(LocalPath(text) == nil)
    }

    @Test("A text above the limit is refused, also when encoding makes it so")
    func refusesLongTexts() {
        #expect(LocalPath("/" + String(repeating: "a", count: LocalPath.maximumLength - 1)) != nil)
        #expect(LocalPath("/" + String(repeating: "a", count: LocalPath.maximumLength)) == nil)
        #expect(LocalPath("/" + String(repeating: "\u{E9}", count: 700)) == nil)
    }

    @Test("Whatever is accepted reads back as itself and starts with exactly one slash")
    func isStable() {
        var generator = SplitMix(seed: 20_260_901)
        let alphabet = Array("/\\.%25fFcC0eE?#&=@: ab\u{E9}\t\"<;")
        var accepted = 0
        for _ in 0..<20_000 {
            let length = Int.random(in: 0..<14, using: &generator)
            let tail = (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
            guard let path = LocalPath("/" + String(tail)) else { continue }
            accepted += 1
            let text = path.description
            #expect(LocalPath(text) == path)
            #expect(text.hasPrefix("/") && !text.hasPrefix("//") && !text.contains("\\"))
            #expect(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
            #expect(!path.path.split(separator: "/").contains { $0 == "." || $0 == ".." })
        }
        #expect(accepted > 1000)
    }
}

/// A small generator with a seed, so that a failing case comes back.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
