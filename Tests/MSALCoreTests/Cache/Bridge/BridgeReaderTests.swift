// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import Testing

@testable import MSALCore

/// What the reader takes for JSON, and what it does with anything else.
@Suite struct BridgeReaderTests {
    /// The value of the member `a`, taken as the name of an account.
    private func name(in text: String) throws -> String? {
        let json = #"{"Account":{"k":{"home_account_id":"h","environment":"e","name":\#(text)}}}"#
        let document = try CacheDocument(reading: Array(json.utf8))
        return document.accounts.first?.name
    }

    @Test(arguments: [
        (#""plain""#, "plain"),
        (#""""#, ""),
        (#""a\"b\\c\/d\b\f\n\r\t""#, "a\"b\\c/d\u{8}\u{c}\n\r\t"),
        (#""é \u00e9 \uD83D\uDE00""#, "é é 😀"),
        (#""0123456789012345678901234567890123456789 ü""#, "0123456789012345678901234567890123456789 ü"),
    ]) func textsAreReadWithTheirEscapes(text: String, value: String) throws {
        #expect(try name(in: text) == value)
    }

    @Test(arguments: [#""\uD83D""#, #""\uDE00""#, #""\uD83Dx""#, #""\uD83D\u0041""#, "5", "true", "[]", "{}"])
    func anEntryWithSomethingElseThanTextIsPassedOver(text: String) throws {
        let json = #"{"Account":{"k":{"home_account_id":"h","environment":"e","name":\#(text)}}}"#
        let document = try CacheDocument(reading: Array(json.utf8))
        #expect(document.accounts.isEmpty)
        #expect(document.skipped.map(\.reason) == ["its 'name' is not text"])
        #expect(document.foreignEntries.map(\.key) == ["k"])
    }

    @Test(arguments: [
        "", "  \n", "{}", "\u{FEFF}{}", " {\t}\r\n", #"{"x":[1,2,],"y":{"z":null,},}"#, #"{"AccessToken":{},}"#,
        #"{"x":-0.5e+3,"y":true,"z":false}"#, #"{"AccessToken":null}"#,
    ]) func whatOthersWriteIsTolerated(text: String) throws {
        let document = try CacheDocument(reading: Array(text.utf8))
        #expect(document.accessTokens.isEmpty && document.skipped.isEmpty)
        #expect(throws: Never.self) { try JSONValue(parsing: document.json()) }
    }

    @Test(arguments: [
        "[]", "null", "x", "\"x\"", "{", "}", "{,}", "{}{}", "{\"a\"}", "{\"a\":}", "{\"a\":1,,}", "{a:1}",
        "{\"a\":01}",
        "{\"a\":1.}", "{\"a\":-}", "{\"a\":tru}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\":\"b\nc\"}",
        "{\"a\":\"b",
        "{\"a\":[1 2]}", "{\"AccessToken\":{\"k\":{\"secret\":\"x\"}", "{\"a\":1}\u{0}",
    ]) func whatIsNoObjectIsRefused(text: String) {
        #expect { try CacheDocument(reading: Array(text.utf8)) } throws: { error in
            (error as? AuthenticationError)?.code == .cacheMalformed
        }
    }

    private static let tooDeep = #"{"a":"# + String(repeating: "[", count: 64)

    @Test(
        arguments: [
            (#"{"a":"#, "the text ends too early"), ("\u{FEFF}", "it is not an object"), ("[]", "it is not an object"),
            (#"{"a":tru}"#, "an unexpected character at byte 5"), (tooDeep, "it is nested too deeply at byte 68"),
        ] as [(String, String)]
    ) func whatIsWrongIsSaid(text: String, words: String) {
        let error = #expect(throws: AuthenticationError.self) { try CacheDocument(reading: Array(text.utf8)) }
        #expect(error?.kind == .invalidCall)
        #expect(error?.code == .cacheMalformed)
        #expect(error?.message == "This is not a token cache in JSON: \(words).")
    }

    @Test func textThatIsNotUTF8IsRefused() {
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80]] {
            let json = Array(#"{"a":""#.utf8) + bytes + Array(#""}"#.utf8)
            let error = #expect(throws: AuthenticationError.self) { try CacheDocument(reading: json) }
            #expect(error?.code == .cacheMalformed)
            #expect(error?.message.contains("the text at byte 6 is not UTF-8") == true)
        }
    }

    @Test func nestingIsBounded() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((#"{"a":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}").utf8)
        }
        #expect(try CacheDocument(reading: nested(63)).foreignSections.count == 1)
        #expect(throws: AuthenticationError.self) { try CacheDocument(reading: nested(64)) }
        #expect(throws: AuthenticationError.self) { try CacheDocument(reading: nested(1_000_000)) }
    }

    @Test func theLastOfEqualMembersCounts() throws {
        let json = #"""
            {"X":1,"Account":{"old":{"home_account_id":"o","environment":"e"}},
             "Account":{"k":{"home_account_id":"g","environment":"e","home_account_id":"h","name":"a","name":null}},"X":2}
            """#
        let document = try CacheDocument(reading: Array(json.utf8))
        #expect(document.accounts.map(\.homeAccountID) == ["h"])
        #expect(document.accounts.first?.name == nil)
        #expect(document.foreignSections.map(\.json) == [Array("2".utf8)])
    }

    @Test func noBytesMakeItTrap() throws {
        var random = SeededNumbers(seed: 20_261_122)
        let valid = Array(BridgeSamples.everything.utf8)
        var read = 0
        for round in 0..<20_000 {
            var bytes = valid
            for _ in 0...Int.random(in: 0..<4, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array("{}[]\",:\\u0\u{80}".utf8).randomElement(using: &random) ?? 0, at: place)
                case 3: bytes.removeSubrange(place..<min(bytes.count, place + 20))
                default: bytes = Array(bytes.prefix(place + 1))
                }
            }
            guard let document = try? CacheDocument(reading: bytes) else { continue }
            read += 1
            // What was read is written so that it is read again, to the same.
            guard round.isMultiple(of: 8) else { continue }
            let written = document.json()
            #expect(try CacheDocument(reading: written).json() == written)
        }
        #expect(read > 1_000)
    }

    @Test func everyBeginningOfADocumentIsReadOrRefused() {
        let bytes = Array(BridgeSamples.everything.utf8)
        for length in 1..<bytes.count {
            #expect(throws: AuthenticationError.self) { try CacheDocument(reading: Array(bytes.prefix(length))) }
        }
    }
}

/// Numbers that are the same in every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
