// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALJWT

@Suite("Reading key sets")
struct JSONWebKeySetTests {
    @Test("A key that cannot be used is skipped with its reason and does not spoil the others")
    func skipsUnusableKeys() throws {
        let keys = try keySet(
            "nonsense",
            jwk(Keys.one.get(), ["use": "enc", "kid": "encryption"]),
            jwk(Keys.one.get()),
            ["kty": "oct", "k": "c2VjcmV0", "kid": "secret"]
        )
        #expect(keys.keys.map(\.keyID) == ["one"])
        #expect(keys.skipped.map(\.position) == [0, 1, 3])
        #expect(keys.skipped.map(\.keyID) == [nil, "encryption", "secret"])
        #expect(keys.skipped.allSatisfy { $0.reason.code == .unusableKey })
    }

    @Test("Two keys under one name are both skipped, whatever their order")
    func skipsAmbiguousKeys() throws {
        let (one, two) = try (Keys.one.get(), Keys.two.get())
        let keys = try keySet(jwk(one, ["kid": "same"]), jwk(two), jwk(two, ["kid": "same"]))
        #expect(keys.keys.map(\.keyID) == ["two"])
        #expect(keys.skipped.map(\.position) == [0, 2])
        #expect(keys.skipped.map(\.reason.code) == [.unusableKey, .unusableKey])
        #expect(Set(keys.skipped.map(\.reason.message)) == ["Another key of the set has the same name."])
        #expect(keys.skipped.map(\.reason.name) == ["same", "same"])
        let otherIssuer = try keySet(jwk(one), jwk(one, ["issuer": "https://other.example"]))
        #expect(otherIssuer.keys.isEmpty && otherIssuer.skipped.count == 2)
        let otherAlgorithm = try keySet(jwk(one), jwk(one, ["alg": "PS256"]))
        #expect(otherAlgorithm.keys.isEmpty)
    }

    @Test("The same key listed twice counts once")
    func collapsesRepeatedKeys() throws {
        let keys = try keySet(jwk(Keys.one.get()), jwk(Keys.one.get(), ["x5t": "other"]))
        #expect(keys.keys.map(\.keyID) == ["one"])
        #expect(keys.skipped.map(\.position) == [1])
        #expect(keys.skipped.map(\.reason.code) == [.unusableKey])
        #expect(keys.skipped.map(\.reason.message) == ["The key is listed twice."])
        #expect(keys.skipped.map(\.reason.name) == ["one"])
    }

    @Test("A thousand keys under one name are no burden")
    func readsManyNamesakes() throws {
        let key = jwk(try Keys.one.get())
        let same = try JSONWebKeySet(
            parsing: JSONValue.object(["keys": .array([JSONValue](repeating: key, count: 1000))]).serialized()
        )
        #expect(same.keys.count == 1 && same.skipped.count == 999)
    }

    @Test("An unusable key does not make a usable one of the same name ambiguous")
    func ignoresNamesOfSkippedKeys() throws {
        let keys = try keySet(jwk(Keys.one.get(), ["use": "enc"]), jwk(Keys.one.get()))
        #expect(keys.keys.count == 1 && keys.skipped.map(\.position) == [0])
    }

    @Test(
        "What is no key set is refused",
        arguments: [
            ("{}", .malformed), ("[]", .malformed), ("{\"keys\":{}}", .malformed), ("{\"keys\":null}", .malformed),
            ("", .json), ("<html>", .json), ("{\"keys\":[],\"keys\":[]}", .json),
            ("{\"keys\":[{\"kty\":\"RSA\",\"kty\":\"RSA\"}]}", .json),
        ] as [(String, JWTError.Code)]
    )
    func refusesOtherJSON(text: String, code: JWTError.Code) throws {
        #expect(try refusal { try JSONWebKeySet(parsing: bytes(text)) }.code == code)
    }

    @Test("A set without keys is a set")
    func readsEmptySet() throws {
        #expect(try JSONWebKeySet(parsing: bytes("{\"keys\":[],\"more\":1}")).keys.isEmpty)
    }

    @Test("Huge sets, sets of very many keys and deep nesting fail within bounds")
    func boundsInput() throws {
        let space = [UInt8](repeating: 0x20, count: 1_048_577)
        #expect(try refusal { try JSONWebKeySet(parsing: space) }.code == .tooLarge)
        let many = bytes("{\"keys\":[" + [String](repeating: "{}", count: 10_000).joined(separator: ",") + "]}")
        #expect(try refusal { try JSONWebKeySet(parsing: many) }.code == .tooLarge)
        let enough = bytes("{\"keys\":[" + [String](repeating: "{}", count: 1000).joined(separator: ",") + "]}")
        #expect(try JSONWebKeySet(parsing: enough).skipped.count == 1000)
        let deep = bytes("{\"keys\":" + String(repeating: "[", count: 500_000))
        #expect(try refusal { try JSONWebKeySet(parsing: deep) }.code == .json)
    }

    @Test("A set is published with public members only")
    func writes() throws {
        let keys = JSONWebKeySet(keys: try Keys.all.get().map(\.publicKey))
        let published = keys.jsonRepresentation()
        for key in published["keys"]?.arrayValue ?? [] {
            let names = Set((key.objectValue ?? [:]).keys)
            #expect(
                names == ["kty", "use", "alg", "kid", "n", "e"]
                    || names == ["kty", "use", "alg", "kid", "crv", "x", "y"]
            )
        }
        #expect(try JSONWebKeySet(parsing: published.serialized()) == keys)
    }
}
