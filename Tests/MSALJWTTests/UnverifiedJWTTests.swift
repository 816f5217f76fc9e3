// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALJWT

@Suite("Taking tokens apart")
struct UnverifiedJWTTests {
    /// A token of a header and a payload with something for a signature.
    private static func token(_ header: String, _ payload: String = "{}", signature: String = "c2ln") -> String {
        "\(Base64URL.encode(header.utf8)).\(Base64URL.encode(payload.utf8)).\(signature)"
    }

    @Test("Header and claims of an unverified token can be looked at")
    func takesApart() throws {
        let token = try UnverifiedJWT(Self.token(#"{"alg":"RS256","kid":"k","typ":"JWT"}"#, #"{"iss":"me"}"#))
        #expect(token.header == JWSHeader(algorithm: .rs256, keyID: "k", type: "JWT"))
        #expect(try token.unverifiedClaims().issuer == "me")
        #expect("\(token)" == "UnverifiedJWT(RS256)" && String(reflecting: token) == "UnverifiedJWT(RS256)")
    }

    @Test(
        "Only three parts of strict base64url are a token",
        arguments: [
            "", ".", "..", "...", "a", "eyJhbGciOiJSUzI1NiJ9", "eyJhbGciOiJSUzI1NiJ9.e30", "eyJhbGciOiJSUzI1NiJ9.e30.",
            "eyJhbGciOiJSUzI1NiJ9..c2ln", ".e30.c2ln", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln.",
            ".eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
            "eyJhbGciOiJSUzI1NiJ9.e30.c2ln.c2ln", "eyJhbGciOiJSUzI1NiJ9.e30..c2ln",
            "eyJhbGciOiJSUzI1NiJ9.e30=.c2ln", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln=", "eyJhbGciOiJSUzI1NiJ9.e30.c2ln\n",
            "\neyJhbGciOiJSUzI1NiJ9.e30.c2ln", "eyJhbGciOiJSUzI1NiJ9.e3\r\n0.c2ln", "eyJhbGciOiJSUzI1NiJ9.e30.c2l+",
            "eyJhbGciOiJSUzI1NiJ9.e30.c2l/", "eyJhbGciOiJSUzI1NiJ9.e30.c2 ln", "eyJhbGciOiJSUzI1NiJ9.e30.c2l",
            "eyJhbGciOiJSUzI1NiJ9.e31.c2ln", "eyJhbGciOiJSUzI1NiJ9.é30.c2ln", "e.e30.c2ln",
            #"{"payload":"e30","signatures":[{"protected":"eyJhbGciOiJSUzI1NiJ9","signature":"c2ln"}]}"#,
        ]
    )
    func refusesOtherShapes(text: String) throws {
        #expect(try refusal { try UnverifiedJWT(text) }.code == .malformed)
    }

    @Test("Five parts are an encrypted token, which has its own error")
    func refusesEncrypted() throws {
        for text in ["a.b.c.d.e", "eyJhbGciOiJkaXIifQ..aXY.Y3Q.dGFn", "...."] {
            #expect(try refusal { try UnverifiedJWT(text) }.code == .encrypted)
        }
    }

    @Test("A token that is too long is not looked at")
    func refusesOversized() throws {
        let good = Self.token(#"{"alg":"RS256"}"#)
        _ = try UnverifiedJWT(good, maximumLength: good.utf8.count)
        #expect(try refusal { try UnverifiedJWT(good, maximumLength: good.utf8.count - 1) }.code == .tooLarge)
        #expect(try refusal { try UnverifiedJWT(String(repeating: "a", count: 16_385)) }.code == .tooLarge)
    }

    @Test(
        "A header that changes how the token must be read is refused",
        arguments: [
            (#"{"alg":"RS256","crit":["exp"]}"#, "crit"), (#"{"alg":"RS256","crit":[]}"#, "crit"),
            (#"{"alg":"RS256","crit":null}"#, "crit"), (#"{"alg":"RS256","b64":false,"crit":["b64"]}"#, "crit"),
            (#"{"alg":"RS256","b64":true}"#, "b64"), (#"{"alg":"RS256","zip":"DEF"}"#, "zip"),
            (#"{"alg":"RS256","\u0063rit":["exp"]}"#, "crit"),
        ]
    )
    func refusesHeaderExtensions(header: String, name: String) throws {
        let error = try refusal { try UnverifiedJWT(Self.token(header)) }
        #expect(error.code == .unsupportedHeader)
        #expect(error.name == name)
    }

    @Test(
        "A header that is no header is refused",
        arguments: [
            "", "{}", "[]", "null", "\"RS256\"", "{", #"{"alg":null}"#, #"{"alg":1}"#, #"{"alg":["RS256"]}"#,
            #"{"alg":"RS256","alg":"RS256"}"#, #"{"alg":"none","\u0061lg":"RS256"}"#, #"{"alg":"RS256","kid":7}"#,
            #"{"alg":"RS256","kid":null}"#, #"{"alg":"RS256","typ":{}}"#, #"{"alg":"RS256","jwk":{"a":1,"a":2}}"#,
            #"{"alg":"RS256"} x"#, "{\"alg\":\"RS256\",\"kid\":\"\u{0}\"}", #"{"ALG":"RS256"}"#,
        ]
    )
    func refusesBrokenHeaders(header: String) throws {
        #expect(try refusal { try UnverifiedJWT(Self.token(header)) }.code == .malformed)
    }

    @Test("A token that says it is not signed is refused in any spelling", arguments: ["none", "None", "NONE", "nOnE"])
    func refusesUnsigned(name: String) throws {
        for signature in ["", "c2ln"] {
            let error = try refusal { try UnverifiedJWT(Self.token("{\"alg\":\"\(name)\"}", signature: signature)) }
            #expect(error.code == .algorithmNotAllowed)
        }
    }

    @Test("What is no JSON object has no claims", arguments: ["[]", "foo", "1", "{\"a\":1,\"a\":2}", "{", "{}}"])
    func refusesBrokenClaims(payload: String) throws {
        let token = try UnverifiedJWT(Self.token(#"{"alg":"RS256"}"#, payload))
        #expect(try refusal { try token.unverifiedClaims() }.code == .json)
    }
}
