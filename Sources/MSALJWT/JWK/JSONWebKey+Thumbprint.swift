// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto

extension JSONWebKey {
    /// The SHA-256 of the key itself, in base64url: a name that everybody computes alike (RFC 7638).
    public var thumbprint: String {
        // The required members alone, sorted, without space; nothing in them needs escaping (RFC 7638 §3).
        let members = key.members.sorted { $0.key < $1.key }.map { name, value in
            "\"\(name)\":\"\(value.stringValue ?? "")\""
        }
        return Base64URL.encode(Array(SHA256.hash(data: Array("{\(members.joined(separator: ","))}".utf8))))
    }

    /// The required members alone, with the thumbprint as the name: what a proof of possession shows of its key.
    package func confirmationRepresentation() -> JSONValue {
        var members = key.members
        members["alg"] = .string(algorithm.rawValue)
        members["kid"] = .string(thumbprint)
        return .object(members)
    }
}
