// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Testing

@testable import MSALJWT

@Suite("Reading keys")
struct JSONWebKeyTests {
    @Test("A key as the platform publishes it is read, and is for RS256")
    func readsPlatformKey() throws {
        let json = jwk(
            try Keys.one.get(),
            [
                "alg": nil, "x5t": "one", "x5c": ["not", "looked", "at"],
                "cloud_instance_name": "microsoftonline.com",
                "issuer": .string(Given.template), "x5u": 7,
            ]
        )
        let key = try JSONWebKey(json)
        #expect(key.keyID == "one" && key.algorithm == .rs256 && key.issuer == Given.template)
        #expect("\(key)" == "JSONWebKey(RS256, one)")
        #expect(try JSONWebKey(json, defaultRSAAlgorithm: .ps256).algorithm == .ps256)
        #expect(try refusal { try JSONWebKey(json, defaultRSAAlgorithm: .es256) }.name == "alg")
    }

    @Test("Numbers with zeros in front are the same numbers")
    func readsLeadingZeros() throws {
        let signer = try Keys.one.get()
        let modulus = try #require(Base64URL.decode(jwk(signer)["n"]?.stringValue ?? ""))
        let padded = jwk(signer, ["n": .string(Base64URL.encode([0] + modulus)), "e": "AAEAAQ"])
        #expect(try JSONWebKey(padded) == signer.publicKey)
    }

    /// A modulus of so many bits, odd, that is no real one.
    private static func modulus(bits: Int) -> JSONValue {
        var number = [UInt8](repeating: 0xA5, count: (bits + 7) / 8)
        number[0] = UInt8(1 << ((bits - 1) % 8))
        return .string(Base64URL.encode(number))
    }

    @Test(
        "RSA keys that must not be used are refused, and the member at fault is named",
        arguments: [
            (["n": modulus(bits: 1024)], "n"), (["n": modulus(bits: 2047)], "n"), (["n": modulus(bits: 8193)], "n"),
            (["n": modulus(bits: 1_000_000)], "n"), (["n": ""], "n"), (["n": "AA"], "n"), (["n": nil], "n"),
            (["n": 5], "n"),
            (["n": "a+b/"], "n"), (["n": "qqqq="], "n"), (["e": "AQAA"], "e"), (["e": "Ag"], "e"), (["e": "AQ"], "e"),
            (["e": "AAAB"], "e"), (["e": ""], "e"), (["e": "AA"], "e"), (["e": nil], "e"), (["e": "AQAAAAAB"], "e"),
            (["alg": "ES256"], "alg"), (["alg": "HS256"], "alg"), (["alg": "none"], "alg"),
            (["alg": "RSA-OAEP"], "alg"),
            (["alg": "rs256"], "alg"), (["alg": 256], "alg"), (["alg": .some(.null)], "alg"), (["use": "enc"], "use"),
            (["use": "SIG"], "use"), (["use": .some(.null)], "use"), (["key_ops": ["sign"]], "key_ops"),
            (["key_ops": []], "key_ops"),
            (["key_ops": "verify"], "key_ops"), (["d": "AQAB"], "d"), (["p": "AQAB"], "p"), (["q": "AQAB"], "q"),
            (["dp": ""], "dp"),
            (["dq": 1], "dq"), (["qi": .some(.null)], "qi"), (["oth": []], "oth"), (["k": "c2VjcmV0"], "k"),
            (["kty": "oct"], "kty"),
            (["kty": "EC"], "crv"), (["kty": "OKP"], "kty"), (["kty": "rsa"], "kty"), (["kty": nil], "kty"),
            (["kid": 1], "kid"),
            (["issuer": ["x"]], "issuer"),
        ] as [([String: JSONValue?], String)]
    )
    func refusesRSA(changes: [String: JSONValue?], name: String) throws {
        let json = jwk(try Keys.one.get(), changes)
        let error = try refusal { try JSONWebKey(json) }
        #expect(error.code == .unusableKey)
        #expect(error.name == name)
    }

    @Test("An even modulus is refused")
    func refusesEvenModulus() throws {
        let signer = try Keys.one.get()
        var modulus = try #require(Base64URL.decode(jwk(signer)["n"]?.stringValue ?? ""))
        modulus[modulus.count - 1] ^= 1
        let json = jwk(signer, ["n": .string(Base64URL.encode(modulus))])
        #expect(try refusal { try JSONWebKey(json) }.name == "n")
    }

    @Test("key_ops with verify among others is fine")
    func acceptsOperations() throws {
        _ = try JSONWebKey(jwk(try Keys.one.get(), ["key_ops": ["sign", "verify"]]))
    }

    @Test("The algorithm of a key on a curve follows from the curve")
    func readsCurves() throws {
        for signer in try Keys.all.get() where signer.algorithm.rawValue.hasPrefix("ES") {
            #expect(try JSONWebKey(jwk(signer, ["alg": nil])) == signer.publicKey)
            let other: JSONValue = signer.algorithm == .es256 ? "ES384" : "ES256"
            #expect(try refusal { try JSONWebKey(jwk(signer, ["alg": other])) }.name == "alg")
            #expect(try refusal { try JSONWebKey(jwk(signer, ["alg": "RS256"])) }.name == "alg")
        }
    }

    @Test("Points off the curve, of the wrong length or on unknown curves are refused")
    func refusesPoints() throws {
        let signer = try JWSSigner.generate(keyID: "ec", algorithm: .es256)
        let horizontal = try #require(Base64URL.decode(jwk(signer)["x"]?.stringValue ?? ""))
        let zeros = [UInt8](repeating: 0, count: 32)
        let faults: [([String: JSONValue?], String)] = [
            (["x": .string(Base64URL.encode(zeros))], "x"), (["x": .string(Base64URL.encode([0] + horizontal))], "x"),
            (["x": .string(Base64URL.encode(horizontal.dropLast()))], "x"), (["y": ""], "y"), (["y": nil], "y"),
            (["y": .string(Base64URL.encode(zeros))], "x"), (["crv": "P-384"], "x"), (["crv": "P-521"], "x"),
            (["crv": "secp256k1"], "crv"), (["crv": "Ed25519"], "crv"), (["crv": nil], "crv"),
            (["d": "AQAB"], "d"),
            (["x": .string(Base64URL.encode(zeros)), "y": .string(Base64URL.encode(zeros))], "x"),
        ]
        for (changes, name) in faults {
            let error = try refusal { try JSONWebKey(jwk(signer, changes)) }
            #expect(error.code == .unusableKey && error.name == name, "\(changes)")
        }
    }

    @Test("A key that is no object is refused", arguments: [.null, [], "RSA", 1] as [JSONValue])
    func refusesOtherJSON(json: JSONValue) throws {
        #expect(try refusal { try JSONWebKey(json) }.code == .unusableKey)
    }

    @Test("Good moduli do not bear the mark of the weak generator, powers of its base do")
    func findsWeakGenerator() throws {
        #expect(throws: Never.self) { try JSONWebKey(jwk(Keys.one.get())) }
        // 65537 itself, many times: a power of the base modulo every prime.
        var power: [UInt8] = [1]
        while power.count < 257 {
            // Times 2¹⁶ + 1.
            let shifted = power + [0, 0]
            let aligned = [0, 0] + power
            var carry = 0
            let sum = zip(shifted, aligned).reversed().map { left, right -> UInt8 in
                let total = Int(left) + Int(right) + carry
                carry = total >> 8
                return UInt8(total & 0xFF)
            }
            power = (carry > 0 ? [UInt8(carry)] : []) + sum.reversed()
        }
        let json = jwk(try Keys.one.get(), ["n": .string(Base64URL.encode(power))])
        #expect(try refusal { try JSONWebKey(json) }.message.contains("factored"))
    }
}
