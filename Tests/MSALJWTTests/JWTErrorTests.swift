// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

@Suite("Errors")
struct JWTErrorTests {
    @Test("An error's text is its sentence")
    func describesItself() {
        let error = JWTError(code: .expired, message: "The token has expired.", name: "exp")
        #expect("\(error)" == "The token has expired.")
    }

    @Test("No refusal repeats what the token said")
    func keepsTokensToItself() throws {
        let secret = "c2VjcmV0"
        let signer = try Keys.one.get()
        let token = try UnverifiedJWT(
            signer.sign(["sub": .string(secret), "iss": .string(secret), "tid": .string(secret)])
        )
        let verified = try keySet(jwk(signer)).verify(token)
        let rules = IDTokenRules(issuer: .template(Given.template), clientID: Given.client, nonce: nil)
        let errors = [
            try refusal { try rules.check(verified, at: Given.now) },
            try refusal { try keySet(jwk(Keys.two.get())).verify(token) },
            try refusal { try UnverifiedJWT("\(secret).\(secret).\(secret)") },
            try refusal { try JWTClaims(parsing: bytes("{\"a\":\(secret)}")) },
            try refusal { try JSONWebKey(["kty": "RSA", "n": .string(secret), "d": .string(secret)]) },
        ]
        for error in errors {
            #expect(!error.message.contains(secret) && error.name != secret)
        }
    }
}
