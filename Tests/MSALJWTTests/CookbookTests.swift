// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALJWT

/// The worked examples of RFC 7520: exact bytes in, exact bytes out.
@Suite("RFC 7520")
struct CookbookTests {
    /// The signed examples with a public key.
    private static let signed = [
        "jose-cookbook/4_1.rsa_v15_signature.json", "jose-cookbook/4_2.rsa-pss_signature.json",
        "jose-cookbook/4_3.ecdsa_signature.json",
    ]
    /// The example with a shared secret.
    private static let shared = "jose-cookbook/4_4.hmac-sha2_integrity_protection.json"

    @Test("Signed examples verify", .enabled(if: PeerData.has(signed[0]), PeerData.notice), arguments: signed)
    func verifies(file: String) throws {
        let example = try PeerData.json(file)
        let compact = try #require(example["output"]?["compact"]?.stringValue)
        let algorithm = JWSAlgorithm(rawValue: try #require(example["input"]?["alg"]?.stringValue))
        // The examples print private keys, which a public set must not hold.
        let key = try #require(example["input"]?["key"]?.objectValue)
        let published = key.filter { ["kty", "kid", "use", "n", "e", "crv", "x", "y"].contains($0.key) }
        let keys = try JSONWebKeySet(
            parsing: JSONValue.object(["keys": [.object(published)]]).serialized(),
            defaultRSAAlgorithm: algorithm
        )
        let message = try CompactJWS(compact, maximumLength: 16_384)
        #expect(message.header.algorithm == algorithm)
        #expect(try keys.verifySignature(of: message, allowing: [algorithm]).keyID == key["kid"]?.stringValue)
        #expect(String(decoding: message.payload, as: UTF8.self) == example["input"]?["payload"]?.stringValue)
        #expect(message.signedBytes.elementsEqual(bytes(example["signing"]?["sig-input"]?.stringValue ?? "")))
        #expect(Base64URL.encode(message.signature) == example["signing"]?["sig"]?.stringValue)
        let privateKeys = try keySet(.object(key))
        #expect(privateKeys.keys.isEmpty && privateKeys.skipped.first?.reason.name == "d")
    }

    @Test("The example with a shared secret is refused", .enabled(if: PeerData.has(shared), PeerData.notice))
    func refusesSharedSecret() throws {
        let example = try PeerData.json(Self.shared)
        let keys = try keySet(try #require(example["input"]?["key"]))
        #expect(keys.keys.isEmpty && keys.skipped.first?.reason.code == .unusableKey)
        let message = try CompactJWS(try #require(example["output"]?["compact"]?.stringValue), maximumLength: 16_384)
        let error = try refusal { try keys.verifySignature(of: message, allowing: JWSAlgorithm.supported) }
        #expect(error.code == .algorithmNotAllowed)
    }

    @Test(
        "Public keys are read and written back",
        .enabled(if: PeerData.has("jose-cookbook/3_1.ec_public_key.json"), PeerData.notice),
        arguments: [
            ("jose-cookbook/3_1.ec_public_key.json", JWSAlgorithm.es512),
            ("jose-cookbook/3_3.rsa_public_key.json", .rs256),
        ]
    )
    func readsKeys(file: String, algorithm: JWSAlgorithm) throws {
        let json = try PeerData.json(file)
        let key = try JSONWebKey(json)
        #expect(key.algorithm == algorithm)
        #expect(
            key.jsonRepresentation().objectValue == json.objectValue?.changed(by: ["alg": .string(algorithm.rawValue)])
        )
    }
}
