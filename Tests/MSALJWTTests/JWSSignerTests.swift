// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALJWT

@Suite("Signing")
struct JWSSignerTests {
    @Test("What is signed verifies with the published key, for every algorithm")
    func signsForAllAlgorithms() throws {
        for signer in try Keys.all.get() {
            let keys = try JSONWebKeySet(
                parsing: JSONWebKeySet(keys: [signer.publicKey]).jsonRepresentation().serialized()
            )
            let token = try UnverifiedJWT(signer.sign(["sub": "me"]))
            #expect(token.header == JWSHeader(algorithm: signer.algorithm, keyID: signer.keyID, type: "JWT"))
            let verified = try keys.verify(token, allowing: [signer.algorithm])
            #expect(verified.claims.subject == "me" && verified.keyIssuer == nil && keys.keys == [signer.publicKey])
        }
    }

    @Test("A key keeps its identity through its PEM text")
    func restoresFromPEM() throws {
        for signer in try Keys.all.get() {
            let restored = try JWSSigner(
                pem: signer.pemRepresentation,
                keyID: signer.keyID,
                algorithm: signer.algorithm
            )
            #expect(
                restored.publicKey == signer.publicKey && restored.publicKey.hashValue == signer.publicKey.hashValue
            )
            let keys = JSONWebKeySet(keys: [signer.publicKey])
            _ = try keys.verify(UnverifiedJWT(restored.sign([:])), allowing: [signer.algorithm])
        }
    }

    @Test("RS256 is deterministic")
    func signsTheSameTwice() throws {
        let signer = try Keys.one.get()
        #expect(try signer.sign(["a": 1]) == signer.sign(["a": 1]))
    }

    @Test("The header holds what was asked for, and the signer's own members stay its own")
    func setsHeader() throws {
        let signer = try Keys.one.get()
        let token = try signer.sign([:], type: nil, header: ["x5t": "abc"])
        #expect(Base64URL.decode(token.prefix { $0 != "." }) == bytes(#"{"alg":"RS256","kid":"one","x5t":"abc"}"#))
        for name in ["alg", "kid", "typ"] {
            let error = try refusal { try signer.sign([:], header: [name: "x"]) }
            #expect(error.code == .unsupportedHeader && error.name == name)
        }
        #expect(try refusal { try signer.sign([]) }.code == .malformed)
    }

    @Test("Keys of unsafe sizes are not made", arguments: [-1, 0, 1024, 2047, 2049, 8200, .max])
    func refusesSizes(bits: Int) throws {
        #expect(try refusal { try JWSSigner.generateRSA(keyID: "k", bits: bits) }.code == .unusableKey)
    }

    @Test("A text that is not a key for the algorithm is refused")
    func refusesOtherKeys() throws {
        let rsa = try Keys.one.get().pemRepresentation
        #expect(try refusal { try JWSSigner(pem: rsa, keyID: "k", algorithm: .es256) }.code == .unusableKey)
        #expect(try refusal { try JWSSigner(pem: "", keyID: "k") }.code == .unusableKey)
        #expect(try refusal { try JWSSigner(pem: "x\(rsa)", keyID: "k", algorithm: .es384) }.code == .unusableKey)
        let symmetric = JWSAlgorithm(rawValue: "HS256")
        #expect(try refusal { try JWSSigner(pem: rsa, keyID: "k", algorithm: symmetric) }.code == .unusableKey)
        #expect(try refusal { try JWSSigner.generate(keyID: "k", algorithm: symmetric) }.code == .unusableKey)
    }

    @Test("A signer's description holds nothing of the key")
    func describesItself() throws {
        #expect("\(try Keys.one.get())" == "JWSSigner(RS256, one)")
        #expect(String(reflecting: try Keys.one.get()) == "JWSSigner(RS256, one)")
    }
}
