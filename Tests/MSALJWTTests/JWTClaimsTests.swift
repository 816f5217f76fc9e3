// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite("Claims")
struct JWTClaimsTests {
    @Test("Every named claim is read")
    func readsNamedClaims() throws {
        let text = #"""
            {"iss":"i","sub":"s","aud":["a","b"],"exp":2000,"nbf":1000.5,"iat":1,"auth_time":0,"nonce":"n","tid":"t","oid":"o",
            "azp":"z","roles":["r1","r2"],"name":"Ada \u00c9\ud83d\ude00","preferred_username":"p","email":"e","sid":"d",
            "login_hint":"h","\u0065xtra":{"k":[1]}}
            """#
        let claims = try JWTClaims(parsing: bytes(text))
        #expect(claims.issuer == "i" && claims.subject == "s" && claims.audience == ["a", "b"])
        #expect(claims.expiresAt == Date(timeIntervalSince1970: 2000))
        #expect(claims.notBefore == Date(timeIntervalSince1970: 1000.5))
        #expect(claims.issuedAt == Date(timeIntervalSince1970: 1))
        #expect(claims.authenticatedAt == Date(timeIntervalSince1970: 0))
        #expect(
            claims.nonce == "n" && claims.tenantID == "t" && claims.objectID == "o" && claims.authorizedParty == "z"
        )
        #expect(claims.roles == ["r1", "r2"] && claims.name == "Ada É😀" && claims.preferredUsername == "p")
        #expect(claims.email == "e" && claims.sessionID == "d" && claims.loginHint == "h")
        #expect(claims["extra"] == ["k": [1]] && claims["none"] == nil)
        #expect(claims.rawJSON == bytes(text))
        #expect(claims.all == (try JSONValue(parsing: bytes(text))).objectValue)
        #expect(claims.all.count == 18 && "\(claims)" == "JWTClaims(18 claims)")
    }

    @Test("Claims of another type are absent, not a trap")
    func readsWrongTypes() throws {
        let claims = try JWTClaims(
            parsing: bytes(
                #"{"iss":1,"aud":[1],"exp":"1790000000","nbf":-1,"iat":1e300,"auth_time":true,"roles":"one","name":null}"#
            )
        )
        #expect(claims.issuer == nil && claims.audience.isEmpty && claims.expiresAt == nil && claims.notBefore == nil)
        #expect(
            claims.issuedAt == nil && claims.authenticatedAt == nil && claims.roles == ["one"] && claims.name == nil
        )
    }

    @Test("Equal texts are equal claims and hash alike")
    func compares() throws {
        let (one, same) = try (JWTClaims(parsing: bytes(#"{"a":1}"#)), JWTClaims(parsing: bytes(#"{"a":1}"#)))
        #expect(one == same && one.hashValue == same.hashValue)
        #expect(try one != JWTClaims(parsing: bytes(#"{"a":2}"#)))
    }
}
