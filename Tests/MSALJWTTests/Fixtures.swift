// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Keys made once for all tests, as making RSA keys takes time.
enum Keys {
    /// The signer of most tests, RS256, named `one`.
    static let one = Result { try JWSSigner.generateRSA(keyID: "one") }
    /// Another signer, named `two`.
    static let two = Result { try JWSSigner.generateRSA(keyID: "two") }
    /// One signer for each algorithm, named for it.
    static let all = Result {
        try JWSAlgorithm.supported.sorted { $0.rawValue < $1.rawValue }.map { algorithm in
            try JWSSigner.generate(keyID: algorithm.rawValue, algorithm: algorithm)
        }
    }
}

/// The values that the tokens of these tests speak of.
enum Given {
    /// A tenant.
    static let tenant = "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d"
    /// Another tenant.
    static let otherTenant = "0aa11bb2-3344-4556-8778-99aabbccddee"
    /// The client.
    static let client = "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6"
    /// The nonce of the sign-in.
    static let nonce = "hJX4nJmDUVyzPXsYjlBCDLiVx4VlmNMVGkbUgvQoxrM"
    /// The issuer's template.
    static let template = "https://login.microsoftonline.com/{tenantid}/v2.0"
    /// The issuer of the tenant.
    static let issuer = "https://login.microsoftonline.com/5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d/v2.0"
    /// The time of every check, in seconds since 1970.
    static let seconds: Int64 = 1_790_000_000
    /// The time of every check.
    static let now = Date(timeIntervalSince1970: 1_790_000_000)
    /// The claims of a good ID token.
    static let claims: [String: JSONValue] = [
        "iss": "https://login.microsoftonline.com/5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d/v2.0",
        "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
        "aud": "7d9e1c42-58ab-4f3d-8e60-b1c2d3e4f5a6",
        "exp": 1_790_003_600,
        "iat": 1_789_999_700,
        "nbf": 1_789_999_700,
        "nonce": "hJX4nJmDUVyzPXsYjlBCDLiVx4VlmNMVGkbUgvQoxrM",
        "tid": "5f3c2a10-6d1e-4b8a-9c57-0e2f4a6b8c1d",
    ]
}

/// Text as bytes.
func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A key as it stands in a key set, with members changed (`nil` removes one).
func jwk(_ signer: JWSSigner, _ changes: [String: JSONValue?] = [:]) -> JSONValue {
    .object((signer.publicKey.jsonRepresentation().objectValue ?? [:]).changed(by: changes))
}

/// A key set of some keys, read from its text.
func keySet(_ keys: JSONValue...) throws -> JSONWebKeySet {
    try JSONWebKeySet(parsing: JSONValue.object(["keys": .array(keys)]).serialized())
}

extension [String: JSONValue] {
    /// The members with some changed; `nil` removes one.
    func changed(by changes: [String: JSONValue?]) -> [String: JSONValue] {
        var result = self
        for (name, value) in changes {
            result[name] = value
        }
        return result
    }
}

/// The error that some work throws, for tests that look at its parts.
func refusal(
    sourceLocation: SourceLocation = #_sourceLocation,
    of work: () throws -> some Any
) throws -> JWTError {
    try #require(throws: JWTError.self, sourceLocation: sourceLocation) { _ = try work() }
}
