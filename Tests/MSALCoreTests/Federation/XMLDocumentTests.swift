// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALCore

/// Documents of federation servers, and what claims to be one.
@Suite struct XMLDocumentTests {
    private func read(_ text: String) throws -> XMLDocument {
        try XMLDocument(Array(text.utf8))
    }

    private func refusal(_ text: String) -> String? {
        do throws(XMLDocument.Malformed) {
            _ = try XMLDocument(Array(text.utf8))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func elementsAreToldByTheirNamespaceAndNotByTheirPrefix() throws {
        let document = try read(
            """
            <?xml version="1.0" encoding="utf-8"?><!-- one --><a xmlns="urn:a" xmlns:b="urn:b">
              <b:c d="1" b:d='2'>t&#x65;xt &lt;<![CDATA[<&]]> </b:c><c/><b:c xmlns:b="urn:other"/></a>
            """
        )
        let root = document.root
        #expect(root.name == XMLNode.Name("urn:a", "a"))
        #expect(
            root.children.map(\.name) == [
                XMLNode.Name("urn:b", "c"), XMLNode.Name("urn:a", "c"), XMLNode.Name("urn:other", "c"),
            ]
        )
        let first = try #require(root.first(XMLNode.Name("urn:b", "c")))
        #expect(first.text == "text <<&")
        #expect(first.attribute("d") == "1")
        #expect(first.attributes[XMLNode.Name("urn:b", "d")] == "2")
    }

    @Test func whatAnElementSaysIsHadToTheByte() throws {
        let signed = "<x:s xmlns:x=\"urn:x\"  a = '1'>\r\n&amp;é<x:t /></x:s >"
        let document = try read("<a><b>\(signed)</b></a>")
        let node = try #require(document.root.all(XMLNode.Name("urn:x", "s")).first)
        #expect(String(decoding: document.source(of: node), as: UTF8.self) == signed)
    }

    @Test(arguments: [
        "", " ", "text", "<a>", "<a></b>", "<a/><b/>", "<a/>text", "<a", "<a b>", "<a b=c/>", "<a b='<'/>", "</a>",
        "<>",
        "<a:b/>", "<a x:b='1'/>", "<a:/>", "<a b='1' b='2'/>", "<a>&nbsp;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>",
        "<a>&#+65;</a>", "<a>& </a>", "<a><!-- </a>", "<a><![CDATA[</a>", "<![CDATA[a]]><a/>", "<a><?b?></a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a><!DOCTYPE b></a>", "<?xml version='1.0'",
        "<a xmlns:b='urn:b' xmlns:b='urn:c'/>", "<a xmlns:b=''/>", "<a xmlns:xml='urn:b'/>", "<a xmlns:xmlns='urn:b'/>",
        "<!--><a/>",
    ]) func whatIsNoDocumentIsRefused(text: String) {
        #expect(refusal(text) != nil)
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(throws: XMLDocument.Malformed.self) { try XMLDocument([0x3C, 0x61, 0xFF, 0x2F, 0x3E]) }
    }

    @Test func depthHasABound() {
        let deep = { (count: Int) in
            String(repeating: "<a>", count: count) + String(repeating: "</a>", count: count)
        }
        #expect(refusal(deep(64)) == nil)
        #expect(refusal(deep(65)) == "is nested too deep")
        #expect(refusal(String(repeating: "<a>", count: 100_000)) == "is nested too deep")
    }

    @Test func prefixesHaveABound() {
        let declarations = (0..<62).map { " xmlns:p\($0)='urn:p'" }.joined()
        #expect(refusal("<a\(declarations)/>") == nil)
        #expect(refusal("<a\(declarations)><b xmlns:q='urn:q'/></a>") == "declares too many prefixes")
    }

    @Test func noPartAndNoChangedByteOfADocumentTraps() {
        let whole = Array("<?xml?><a xmlns:b='urn:b' c=\"&lt;\"><b:d>&#65;<![CDATA[e]]><!--f--></b:d></a>".utf8)
        var readable = 0
        for end in whole.indices {
            if (try? XMLDocument(Array(whole[..<end]))) != nil { readable += 1 }
            for byte in "<>&/'\"!?:=\0".utf8 {
                var changed = whole
                changed[end] = byte
                if (try? XMLDocument(changed)) != nil { readable += 1 }
            }
        }
        #expect(readable < whole.count * 5)
        #expect((try? XMLDocument(whole)) != nil)
    }
}
