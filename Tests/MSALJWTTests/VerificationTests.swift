// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Testing

@testable import MSALJWT

@Suite("Verifying signatures")
struct VerificationTests {
    /// Signs a payload under a header as it is given.
    private static func token(_ header: JSONValue, by signer: JWSSigner) throws -> UnverifiedJWT {
        try UnverifiedJWT(signer.sign(header: header.serialized(), payload: bytes("{\"sub\":\"me\"}")))
    }

    @Test("A token without kid is verified by the only key, and by none of several")
    func verifiesWithoutKeyID() throws {
        let (one, two) = try (Keys.one.get(), Keys.two.get())
        let token = try Self.token(["alg": "RS256"], by: one)
        #expect(try keySet(jwk(one, ["kid": nil])).verify(token).claims.subject == "me")
        #expect(try keySet(jwk(one)).verify(token).claims.subject == "me")
        #expect(try keySet(jwk(one), jwk(two, ["use": "enc"])).verify(token).claims.subject == "me")
        #expect(try refusal { try keySet(jwk(one), jwk(two)).verify(token) }.code == .keyNotFound)
        #expect(try refusal { try keySet().verify(token) }.code == .keyNotFound)
    }

    @Test(
        "A name no key has is its own error, whatever it holds",
        arguments: ["two", "ONE", "", "../../etc/passwd", "one' OR '1'='1", "one\u{0}", "http://evil.example/keys"]
    )
    func refusesUnknownKeyID(name: String) throws {
        let token = try Self.token(["alg": "RS256", "kid": .string(name)], by: Keys.one.get())
        let error = try refusal { try keySet(jwk(Keys.one.get())).verify(token) }
        #expect(error.code == .keyNotFound && error.name == name)
        let unnamed = try keySet(jwk(Keys.one.get(), ["kid": nil]))
        #expect(try refusal { try unnamed.verify(token) }.code == .keyNotFound)
    }

    @Test("Keys that a token brings along or points to are not looked at")
    func ignoresEmbeddedKeys() throws {
        let (one, two) = try (Keys.one.get(), Keys.two.get())
        let keys = try keySet(jwk(one))
        let header: JSONValue = [
            "alg": "RS256", "kid": "one", "jwk": jwk(two, ["kid": "one"]), "jku": "https://evil.example/keys",
            "x5u": "https://evil.example/certificate", "x5c": [7, .null, "a"], "x5t": "AA",
        ]
        #expect(try refusal { try keys.verify(Self.token(header, by: two)) }.code == .signatureInvalid)
        #expect(try keys.verify(Self.token(header, by: one)).claims.subject == "me")
    }

    @Test("An algorithm that is not allowed is refused before any key is looked for")
    func refusesAlgorithms() throws {
        let keys = try keySet(jwk(Keys.one.get()))
        for name in ["HS256", "HS512", "RS384", "PS256", "ES256", "EdDSA", "rs256", "RS256 ", ""] {
            let token = try Self.token(["alg": .string(name), "kid": "unknown"], by: Keys.one.get())
            let error = try refusal { try keys.verify(token) }
            #expect(error.code == .algorithmNotAllowed && error.name == "alg")
        }
    }

    @Test("A caller cannot allow what is not offered", arguments: ["HS256", "none", "EdDSA", ""])
    func refusesUnknownAlgorithmsThoughAllowed(name: String) throws {
        let algorithm = JWSAlgorithm(rawValue: name)
        let keys = try keySet(jwk(Keys.one.get()))
        let error = try refusal {
            try keys.verify(
                Self.token(["alg": .string(name), "kid": "one"], by: Keys.one.get()),
                allowing: [algorithm]
            )
        }
        #expect(error.code == .algorithmNotAllowed)
    }

    @Test("The key's algorithm counts, not the token's")
    func pinsAlgorithm() throws {
        let pss = try #require(try Keys.all.get().first { $0.algorithm == .ps256 })
        let asRS256 = try JWSSigner(pem: pss.pemRepresentation, keyID: "PS256", algorithm: .rs256)
        let token = try UnverifiedJWT(asRS256.sign([:]))
        let keys = try keySet(jwk(pss))
        #expect(try refusal { try keys.verify(token, allowing: [.rs256, .ps256]) }.code == .algorithmNotAllowed)
        // A garbage token with another algorithm leaves no trace: the next good one verifies.
        #expect(try refusal { try keys.verify(token, allowing: [.rs256]) }.code == .algorithmNotAllowed)
        _ = try keys.verify(UnverifiedJWT(pss.sign([:])), allowing: [.ps256])
    }

    @Test("A public RSA key is never a shared secret")
    func refusesKeyConfusion() throws {
        let signer = try Keys.one.get()
        let keys = try keySet(jwk(signer))
        for secret in [jwk(signer).serialized(), bytes(jwk(signer)["n"]?.stringValue ?? "")] {
            let message = Base64URL.encode(bytes(#"{"alg":"HS256","kid":"one"}"#)) + ".e30"
            let code = HMAC<SHA256>.authenticationCode(for: bytes(message), using: SymmetricKey(data: secret))
            let token = try UnverifiedJWT(message + "." + Base64URL.encode(Array(code)))
            #expect(
                try refusal { try keys.verify(token, allowing: JWSAlgorithm.supported) }.code == .algorithmNotAllowed
            )
        }
    }

    @Test("Any change to header, payload or signature is noticed")
    func noticesChanges() throws {
        let keys = try keySet(jwk(Keys.one.get()))
        let parts = try Keys.one.get().sign(["sub": "me"]).split(separator: ".").map(String.init)
        let altered = [
            [Base64URL.encode(bytes(#"{"typ":"JWT","alg":"RS256","kid":"one"}"#)), parts[1], parts[2]],
            [parts[0], Base64URL.encode(bytes(#"{"sub":"you"}"#)), parts[2]],
            [parts[0], parts[1], Base64URL.encode([UInt8](repeating: 0, count: 256))],
            [parts[0], parts[1], Base64URL.encode([UInt8](repeating: 1, count: 255))],
            [parts[0], parts[1], Base64URL.encode([0] + (Base64URL.decode(parts[2]) ?? []))],
            [parts[0], parts[1], Base64URL.encode((Base64URL.decode(parts[2]) ?? []) + [0])],
            [parts[0], parts[1], "AA"],
        ]
        for parts in altered {
            let token = try UnverifiedJWT(parts.joined(separator: "."))
            #expect(try refusal { try keys.verify(token) }.code == .signatureInvalid)
        }
    }

    @Test("An ECDSA signature of zeros, or in DER, is refused")
    func refusesBadECDSASignatures() throws {
        for signer in try Keys.all.get() where signer.algorithm.rawValue.hasPrefix("ES") {
            let keys = JSONWebKeySet(keys: [signer.publicKey])
            let parts = try signer.sign([:]).split(separator: ".")
            let signature = try #require(Base64URL.decode(parts[2]))
            let zeros = [UInt8](repeating: 0, count: signature.count)
            let others: [[UInt8]] = [
                zeros, signature.dropLast(), signature + [0], [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01],
            ]
            for bad in others {
                let token = try UnverifiedJWT("\(parts[0]).\(parts[1]).\(Base64URL.encode(bad))")
                #expect(try refusal { try keys.verify(token, allowing: [signer.algorithm]) }.code == .signatureInvalid)
            }
        }
    }

    @Test("A signed payload that is no JSON object has no claims")
    func refusesSignedNonsense() throws {
        let signer = try Keys.one.get()
        for payload in ["foo", "[]", "{\"a\":1,\"a\":1}"] {
            let header = bytes(#"{"alg":"RS256","kid":"one"}"#)
            let token = try UnverifiedJWT(signer.sign(header: header, payload: bytes(payload)))
            #expect(try refusal { try keySet(jwk(signer)).verify(token) }.code == .json)
        }
    }

    @Test("A verified token knows its key's issuer and shows nothing of its claims")
    func carriesKeyIssuer() throws {
        let keys = try keySet(jwk(Keys.one.get(), ["issuer": .string(Given.template)]))
        let verified = try keys.verify(UnverifiedJWT(Keys.one.get().sign(["name": "Ada"])))
        #expect(verified.keyIssuer == Given.template && verified.header.keyID == "one")
        #expect("\(verified)" == "VerifiedJWT(RS256)" && String(reflecting: verified.claims) == "JWTClaims(1 claims)")
    }
}
