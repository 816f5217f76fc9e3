// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT
import Testing

@testable import MSALCore

@Suite struct ProofOfPossessionTests {
    private let request = HTTPRequest(
        method: .post,
        scheme: "https",
        authority: "api.contoso.com:8443",
        path: "/claims/17?state=open"
    )
    private let now = Date(timeIntervalSince1970: 1_788_256_800)

    @Test(arguments: [JWSAlgorithm.rs256, .ps256, .es256])
    func aRequestIsSignedWithTheKeyThatTheTokenNames(_ algorithm: JWSAlgorithm) throws {
        let proof = try ProofOfPossession(algorithm: algorithm)
        let field = try proof.authorization(
            for: request,
            accessToken: Secret("token-1"),
            nonce: "nonce-1",
            at: now
        ).reveal()
        #expect(field.hasPrefix("PoP "))
        let token = try UnverifiedJWT(String(field.dropFirst(4)))
        #expect(token.header.type == "pop")
        #expect(token.header.keyID == proof.keyID)
        let parts = field.split(separator: ".")
        let claims = try JSONValue(parsing: try #require(Base64URL.decode(parts[1])))
        let key = try #require(claims["cnf"]?["jwk"])
        let set = JSONWebKeySet(keys: [try JSONWebKey(key)])
        _ = try set.verify(token, allowing: [algorithm])
        #expect(try JSONWebKey(key).thumbprint == proof.keyID)
        var expected: [String: JSONValue] = [
            "at": "token-1", "ts": 1_788_256_800, "m": "POST", "u": "api.contoso.com:8443", "p": "/claims/17",
            "nonce": "nonce-1",
        ]
        expected["cnf"] = ["jwk": key]
        #expect(claims == .object(expected))
    }

    @Test func aTokenRequestNamesTheKey() throws {
        let proof = try ProofOfPossession(algorithm: .es256)
        let sent = Dictionary(uniqueKeysWithValues: TokenBinding.signedRequests(proof).parameters)
        #expect(sent["token_type"] == "pop")
        let confirmation = try #require(sent["req_cnf"])
        let decoded = try #require(Base64URL.decode(confirmation))
        #expect(try JSONValue(parsing: decoded) == ["kid": .string(proof.keyID)])
    }

    @Test func aKeyThatIsKeptKeepsItsName() throws {
        let key = Secret(try CertificateFixtures().key("leaf"))
        let first = try ProofOfPossession(pem: key)
        #expect(try ProofOfPossession(pem: key, algorithm: .ps256).keyID == first.keyID)
        #expect("\(first)" == "ProofOfPossession(RS256, \(first.keyID))")
        var dumped = ""
        dump(first, to: &dumped)
        #expect(dumped == "- ProofOfPossession(RS256, \(first.keyID))\n")
    }

    @Test func whatCannotSignIsRefused() throws {
        let unsupported = certificateFault { try ProofOfPossession(algorithm: JWSAlgorithm(rawValue: "HS256")) }
        #expect(unsupported?.kind == .misconfigured)
        #expect(unsupported?.code == .configurationInvalid)
        #expect(unsupported?.message.contains("no key of proof of possession for HS256") == true)
        let garbage = certificateFault { try ProofOfPossession(pem: Secret("very-secret")) }
        #expect(garbage?.code == .configurationInvalid)
        #expect("\(String(describing: garbage))".contains("very-secret") == false)
        let nowhere = certificateFault {
            try ProofOfPossession(algorithm: .es256)
                .authorization(
                    for: HTTPRequest(method: .get, scheme: nil, authority: nil, path: nil),
                    accessToken: Secret("t")
                )
        }
        #expect(nowhere?.kind == .invalidCall)
        #expect(nowhere?.code == .configurationInvalid)
        #expect(nowhere?.message.contains("without a host and a path cannot be signed") == true)
    }
}
