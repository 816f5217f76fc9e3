// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension [String: JSONValue] {
    /// Appends a text to a claim, as the conformance suite does.
    mutating func append(_ text: String, to name: String) {
        self[name] = .string((self[name]?.stringValue ?? "") + text)
    }

    /// Moves a time.
    mutating func shift(_ name: String, _ seconds: Int64) {
        self[name] = .integer((self[name]?.integerValue ?? 0) + seconds)
    }
}

extension ScriptedProvider.Script {
    /// Signs without naming the key.
    mutating func unnamedKey() {
        let signer = ScriptedProvider.firstKey
        idToken = { token in
            let payload = token.split(separator: ".")[1]
            let claims = Base64URL.decode(payload).flatMap { try? JSONValue(parsing: $0) } ?? .null
            return (try? signer.signWithoutKeyID(claims)) ?? ""
        }
    }
}

extension JWSSigner {
    /// Signs with a header that names no key.
    func signWithoutKeyID(_ claims: JSONValue) throws -> String {
        try sign(header: Array(#"{"alg":"RS256","typ":"JWT"}"#.utf8), payload: claims.serialized())
    }
}

extension String {
    /// The token with another header, its signature kept or replaced.
    func replacingHeader(_ header: String, signature: String? = nil) -> String {
        var parts = split(separator: ".").map(String.init)
        parts[0] = Base64URL.encode(Array(header.utf8))
        if let signature { parts[2] = signature }
        return parts.joined(separator: ".")
    }

    /// The token with bits of its signature turned.
    func breakingSignature() -> String {
        var parts = split(separator: ".").map(String.init)
        var bytes = Base64URL.decode(parts[2]) ?? []
        bytes[10] ^= 0xFF
        parts[2] = Base64URL.encode(bytes)
        return parts.joined(separator: ".")
    }
}
