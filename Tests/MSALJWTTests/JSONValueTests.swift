// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALJWT

@Suite("JSONValue")
struct JSONValueTests {
    @Test(
        "JSON is read as RFC 8259 says",
        arguments: [
            ("null", .null), (" true ", true), ("\t\r\nfalse", false), ("0", 0), ("-0", 0), ("-1", -1),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5", 1.5), ("1e2", .number(100)),
            ("1E+2", .number(100)), ("25e-1", 2.5), ("1e300", .number(1e300)), ("1e-400", .number(0)),
            ("-0.0", .number(-0.0)),
            ("\"\"", ""), ("\"a\\\"\\\\\\/\\b\\f\\n\\r\\tz\"", "a\"\\/\u{8}\u{c}\n\r\tz"), ("\"\\u00e9\"", "é"),
            ("\"\\uD83D\\ude00\"", "😀"), ("\"😀é\"", "😀é"), ("\"\\u0000\"", "\u{0}"), ("[]", []), ("[ ]", []),
            ("{}", [:]),
            ("{ }", [:]), ("[1,[2],{}]", [1, [2], [:]]),
            ("{\"a\":1 , \"b\" : {\"a\":null}}", ["a": 1, "b": ["a": .null]]),
            ("\"\u{7f}\"", "\u{7f}"),
        ] as [(String, JSONValue)]
    )
    func reads(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: bytes(text)) == value)
    }

    /// Texts that are not JSON.
    static let broken = [
        "", " ", "nul", "True", "nulll", "tru", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "1_0", "NaN",
        "Infinity", "1e400",
        "-1e400", "--1", "1-", "\"", "\"\\\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\uD800\"", "\"\\uDC00\"",
        "\"\\uD800\\u0041\"",
        "\"\\uD800\\n\"", "\"\n\"", "\"\u{0}\"", "'a'", "[", "]", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "{", "{\"a\"",
        "{\"a\":",
        "{\"a\":1", "{\"a\":1,}", "{,}", "{a:1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "[]]", "{}{}", "1 1",
        "\u{feff}1",
        "//c\n1", "[1]/**/",
    ]

    @Test("What is not JSON is refused", arguments: broken)
    func refuses(text: String) throws {
        #expect(try refusal { try JSONValue(parsing: bytes(text)) }.code == .json)
    }

    @Test(
        "Texts have to be well-formed UTF-8",
        arguments: [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
        ] as [[UInt8]]
    )
    func refusesBrokenUTF8(text: [UInt8]) throws {
        let quoted = [0x22] + text + [0x22]
        #expect(try refusal { try JSONValue(parsing: quoted) }.code == .json)
        #expect(try refusal { try JSONMembers(parsing: bytes("{\"a\":") + quoted + bytes("}")) }.code == .json)
    }

    @Test("Each byte is judged the same wherever it stands in a text, long or short")
    func judgesEveryByte() throws {
        for length in 1...18 {
            for place in 0..<length {
                for byte in UInt8.min...UInt8.max {
                    var text = [UInt8](repeating: 0x61, count: length)
                    text[place] = byte
                    let isPlain = byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
                    let value = try? JSONValue(parsing: [0x22] + text + [0x22])
                    let expected = isPlain ? JSONValue.string(String(decoding: text, as: UTF8.self)) : nil
                    guard value == expected else {
                        Issue.record("byte \(byte) at \(place) of \(length)")
                        continue
                    }
                }
            }
        }
    }

    @Test(
        "An object with a member twice is refused on every level, however it is written",
        arguments: [
            ("{\"a\":1,\"a\":1}", "a"), ("{\"a\":1,\"b\":2,\"\\u0061\":3}", "a"),
            ("{\"x\":[{\"y\":{\"k\":1,\"k\":2}}]}", "k"),
            ("{\"é\":1,\"\\u00e9\":2}", "é"), ("{\"é\":1,\"e\u{301}\":2}", "é"), ("{\"\":1,\"\":2}", ""),
        ]
    )
    func refusesDuplicates(text: String, name: String) throws {
        let error = try refusal { try JSONValue(parsing: bytes(text)) }
        #expect(error.code == .json)
        #expect(error.name == name)
        #expect(try refusal { try JSONMembers(parsing: bytes(text)) } == error)
    }

    @Test("A member twice among thousands is found without comparing each with each")
    func findsDuplicatesAmongMany() throws {
        let many = (0..<5000).map { "\"\($0)\":0" }
        #expect(try JSONMembers(parsing: bytes("{" + many.joined(separator: ",") + "}")).count == 5000)
        let twice = many + ["\"4711\":0"]
        #expect(
            try refusal { try JSONMembers(parsing: bytes("{" + twice.joined(separator: ",") + "}")) }.name == "4711"
        )
    }

    @Test("Nesting is bounded, and the deepest input harms nobody", arguments: ["[", "{\"a\":"])
    func boundsNesting(opening: String) throws {
        let deep = bytes(String(repeating: opening, count: 100_000))
        #expect(try refusal { try JSONValue(parsing: deep) }.message.contains("nested"))
        #expect(try refusal { try JSONValue(parsing: deep, maximumDepth: .max) }.message.contains("nested"))
        #expect(try refusal { try JSONMembers(parsing: bytes("{\"a\":") + deep) }.message.contains("nested"))
    }

    @Test("Nesting may go exactly as deep as allowed")
    func nestsAsAllowed() throws {
        let nested = { (depth: Int) in
            bytes(String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
        }
        _ = try JSONValue(parsing: nested(32))
        #expect(try refusal { try JSONValue(parsing: nested(33)) }.code == .json)
        _ = try JSONValue(parsing: nested(3), maximumDepth: 3)
        _ = try JSONMembers(parsing: bytes("{\"a\":") + nested(31) + bytes("}"))
        #expect(try refusal { try JSONMembers(parsing: bytes("{\"a\":") + nested(32) + bytes("}")) }.code == .json)
    }

    @Test("Absurdly long numbers are refused")
    func refusesLongNumbers() throws {
        let long = String(repeating: "1", count: 401)
        #expect(try refusal { try JSONValue(parsing: bytes(long)) }.code == .json)
        #expect(try refusal { try JSONMembers(parsing: bytes("{\"a\":\(long)}")) }.code == .json)
    }

    @Test("Accessors answer for their own kind only")
    func accessors() {
        let value: JSONValue = ["s": "x", "i": 1, "n": 1.5, "w": 2.0, "b": true, "l": [1], "z": .null]
        #expect(value["s"]?.stringValue == "x" && value["i"]?.stringValue == nil)
        #expect(value["i"]?.integerValue == 1 && value["w"]?.integerValue == 2 && value["n"]?.integerValue == nil)
        #expect(value["i"]?.doubleValue == 1 && value["n"]?.doubleValue == 1.5 && value["s"]?.doubleValue == nil)
        #expect(value["b"]?.boolValue == true && value["i"]?.boolValue == nil)
        #expect(value["l"]?.arrayValue == [1] && value["s"]?.arrayValue == nil)
        #expect(
            value.objectValue?.count == 7 && value["z"] == .null && value["none"] == nil && JSONValue.null["a"] == nil
        )
        #expect(JSONValue.number(1e300).integerValue == nil && JSONValue.number(.nan).integerValue == nil)
    }

    @Test("JSON is written without white space, sorted, and escaped where it must be")
    func writes() {
        let value: JSONValue = ["b": [1, -2.5, true, .null], "a": "\"\\\u{1}\n/é😀", "": [:], "c": .number(1e300)]
        let text = String(decoding: value.serialized(), as: UTF8.self)
        #expect(text == #"{"":{},"a":"\"\\\u0001\u000a/é😀","b":[1,-2.5,true,null],"c":1e+300}"#)
        #expect(JSONValue.array([.number(.infinity), .number(.nan)]).serialized() == bytes("[null,null]"))
    }
}
