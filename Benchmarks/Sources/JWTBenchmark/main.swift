// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras
import Foundation
import MSALJWT

/// What validating an ID token costs, against the RSA check alone: same key, same message, one run.
let now = Date(timeIntervalSince1970: 1_790_000_000)
let tenant = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"
let client = "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6"
/// The claims of a platform ID token with the profile scope and two roles.
let claims: JSONValue = [
    "ver": "2.0", "iss": .string("https://login.microsoftonline.com/\(tenant)/v2.0"),
    "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ", "aud": .string(client), "exp": 1_790_003_600,
    "iat": 1_789_999_700, "nbf": 1_789_999_700, "name": "Ada Lovelace", "preferred_username": "ada@example.com",
    "oid": "00000000-0000-0000-66f3-3332eca7ea81", "email": "ada@example.com", "tid": .string(tenant),
    "nonce": "hJX4nJmDUVyzPXsYjlBCDLiVx4VlmNMVGkbUgvQoxrM", "roles": ["Claims.Adjuster", "Portal.Admin"],
    "rh": "0.ARoAv4j5cvGGr0GRqy180BHbR6PTFEs0Qf9Kb4wYx2EkFhYCAOo.", "uti": "Wp0Uq6rZ0EyT2q7cYl1YAA",
    "aio":
        "Df2UVXL1ix!lMCWMSOJBcFatzcGfvFGhjKv8q5g0x732dR5MB5BisvGQO7YWByjd8iQDLq!eGbIDakyp5mnOrcdqHeYSnltepQmRp6AIZ8jY",
]
let signer = try JWSSigner.generateRSA(keyID: "1LTMzakihiRla_8z2BEJVXeWMqo")
let token = try signer.sign(claims)
// As the platform publishes it: without `alg`, with the issuer's template.
var published = signer.publicKey.jsonRepresentation().objectValue ?? [:]
published["alg"] = nil
published["issuer"] = "https://login.microsoftonline.com/{tenantid}/v2.0"
let keys = try JSONWebKeySet(parsing: JSONValue.object(["keys": [.object(published)]]).serialized())
let rules = IDTokenRules(
    issuer: .template("https://login.microsoftonline.com/{tenantid}/v2.0"),
    clientID: client,
    nonce: "hJX4nJmDUVyzPXsYjlBCDLiVx4VlmNMVGkbUgvQoxrM",
    tenantID: tenant
)

let bareKey = try _RSA.Signing.PrivateKey(pemRepresentation: signer.pemRepresentation).publicKey
let parts = token.split(separator: ".")
let message = Array("\(parts[0]).\(parts[1])".utf8)
let signature = _RSA.Signing.RSASignature(rawRepresentation: Base64URL.decode(parts[2]) ?? [])
let unverified = try UnverifiedJWT(token)
let verified = try keys.verify(unverified)
/// How often a check gave the wrong answer: it must stay 0, and keeps the work from being optimised away.
var failures = 0

let names = ["RSA check alone", "whole validation", "  take apart", "  verify", "  claims rules"]
let measurement = Measurement(work: [
    (
        names[0],
        {
            let digest = SHA256.hash(data: message)
            if !bareKey.isValidSignature(signature, for: digest, padding: .insecurePKCS1v1_5) { failures += 1 }
        }
    ),
    (
        names[1],
        {
            do {
                try rules.check(keys.verify(UnverifiedJWT(token)), at: now)
            } catch { failures += 1 }
        }
    ),
    (names[2], { if (try? UnverifiedJWT(token)) == nil { failures += 1 } }),
    (names[3], { if (try? keys.verify(unverified)) == nil { failures += 1 } }),
    (names[4], { if (try? rules.check(verified, at: now)) == nil { failures += 1 } }),
])
let medians = measurement.medians()
print("RS256, 2048 bits, token of \(token.utf8.count) bytes; medians of \(measurement.rounds) rounds")
for (name, median) in zip(names, medians) {
    print("\(name): \((median * 100).rounded() / 100) µs")
}
let ratio = medians[1] / medians[0]
print("whole validation / RSA check alone: \((ratio * 1000).rounded() / 1000), at most 1.5 wanted")
if failures > 0 { fatalError("\(failures) checks gave the wrong answer") }
exit(ratio <= 1.5 ? 0 : 1)
