// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

@testable import MSALCore

@Suite struct ClaimsRequestTests {
    private func json(_ text: String?) throws -> JSONValue? {
        try text.map { try JSONValue(parsing: Array($0.utf8)) }
    }

    @Test func capabilitiesAndChallengesAreMergedAsTheVectorsSay() throws {
        let cases = try VectorFile("claims").cases
        #expect(cases.count == 5)
        for vector in cases {
            let challenge = vector["challenge"].flatMap { $0 == .null ? nil : $0 }?.serialized()
            let claims = try ClaimsRequest.parameter(
                capabilities: vector["capabilities"]?.arrayValue?.compactMap(\.stringValue) ?? [],
                challenge: challenge.map { String(decoding: $0, as: UTF8.self) }
            )
            #expect(try json(claims) ?? .null == vector["claims"], "\(vector)")
        }
    }

    @Test func whatTheVectorsCallMalformedIsRefusedAndNotRepeated() throws {
        let malformed = try #require(VectorFile("claims").json["malformed"]?.arrayValue).compactMap(\.stringValue)
        #expect(malformed.count == 6)
        for text in malformed {
            for capabilities in [[], ["cp1"]] {
                let error = #expect(throws: AuthenticationError.self, "\(text)") {
                    try ClaimsRequest.parameter(capabilities: capabilities, challenge: text)
                }
                #expect(error?.kind == .invalidCall && error?.code == .claimsInvalid)
            }
        }
    }

    @Test(arguments: [
        #"{"secret-4711": "#, "secret-4711", #"{"a":1} secret-4711"#, #"{"secret-4711":1,"secret-4711":2}"#,
        "c2VjcmV0LTQ3MTE=", "{\"a\":\"\u{0}secret-4711\"}", #"{"access_token":"secret-4711"}"#, "ü", "====", "=",
        String(repeating: "[", count: 70_000), "{" + String(repeating: " ", count: 70_000) + "}",
    ])
    func aRefusalSaysNothingOfWhatWasPassed(_ text: String) {
        let error = #expect(throws: AuthenticationError.self) {
            try ClaimsRequest.parameter(capabilities: ["cp1"], challenge: text)
        }
        #expect(error?.kind == .invalidCall && error?.code == .claimsInvalid)
        #expect(error?.message.contains("secret-4711") == false)
        #expect(error?.message.contains("c2VjcmV0") == false)
        #expect(error?.message.hasSuffix(".") == true)
        #expect(error?.message.utf8.count ?? 0 < 300)
    }

    @Test(arguments: [
        #"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#,
        " {\"access_token\":{\"acrs\":{\"essential\":true,\"value\":\"c1\"}}}\t",
        "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX19",
        "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX0gfQ==",
        "eyJhY2Nlc3NfdG9rZW4iOnsiYWNycyI6eyJlc3NlbnRpYWwiOnRydWUsInZhbHVlIjoiYzEifX0gfQ",
    ])
    func aChallengeIsReadAsJSONAndInBase64(_ text: String) throws {
        #expect(
            try ClaimsRequest.parameter(challenge: text)
                == #"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#
        )
    }

    @Test func bothAlphabetsOfBase64AreRead() throws {
        // The bytes of these two texts need the characters in which the alphabets differ.
        #expect(try ClaimsRequest.parameter(challenge: "eyJhIjoiPz8/In0=") == #"{"a":"???"}"#)
        #expect(try ClaimsRequest.parameter(challenge: "eyJhIjoiPz8_In0") == #"{"a":"???"}"#)
        #expect(try ClaimsRequest.parameter(challenge: "eyJhIjoifn5+In0=") == #"{"a":"~~~"}"#)
        #expect(ClaimsRequest.decoded("eyJhIjoifn5-In0") == #"{"a":"~~~"}"#)
    }

    @Test func decodingAChallengeKeepsItLetterForLetter() {
        #expect(ClaimsRequest.decoded(#"{"b" : 1.0, "a":2}"#) == #"{"b" : 1.0, "a":2}"#)
        #expect(ClaimsRequest.decoded("[1]") == nil)
        #expect(ClaimsRequest.decoded("") == nil)
    }

    @Test func forwardedClaimsComeLastAndWinOnALeaf() throws {
        let claims = try ClaimsRequest.parameter(
            capabilities: ["cp1"],
            challenge:
                #"{"access_token":{"nbf":{"essential":true,"value":"1"},"acrs":{"value":"c1"}},"id_token":null}"#,
            forwarded:
                #"{"access_token":{"nbf":{"value":"2"},"acrs":"none"},"id_token":{"a":{}},"userinfo":{"b":null}}"#
        )
        #expect(
            claims
                == #"{"access_token":{"acrs":"none","nbf":{"essential":true,"value":"2"},"xms_cc":{"values":["cp1"]}},"#
                + #""id_token":{"a":{}},"userinfo":{"b":null}}"#
        )
    }

    @Test func forwardedClaimsMayBeAllThereIs() throws {
        #expect(try ClaimsRequest.parameter(forwarded: #"{"b":1,"a":{}}"#) == #"{"a":{},"b":1}"#)
        #expect(throws: AuthenticationError.self) { try ClaimsRequest.parameter(forwarded: "7") }
    }

    @Test func anEmptyChallengeAsksForNothing() throws {
        #expect(try ClaimsRequest.parameter(challenge: "{}") == nil)
        #expect(try ClaimsRequest.parameter() == nil)
    }

    @Test func equalRequestsAreEqualTexts() throws {
        let first = try ClaimsRequest.parameter(
            capabilities: ["cp1"],
            challenge: #"{"z":{"b":1,"a":2},"access_token":{"y":1}}"#
        )
        let second = try ClaimsRequest.parameter(
            capabilities: ["cp1"],
            challenge: #"{ "access_token": {"y": 1}, "z": {"a": 2, "b": 1} }"#
        )
        #expect(first == second)
    }
}
