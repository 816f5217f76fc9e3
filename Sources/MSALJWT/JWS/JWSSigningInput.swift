// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What a signature is made over (RFC 7515 §5.1), for keys that are kept elsewhere and headers that name no key.
package struct JWSSigningInput: Sendable {
    /// Header and payload in base64url, with a dot between them.
    package let bytes: [UInt8]

    /// Writes a header and a payload.
    package init(header: JSONValue, payload: [UInt8]) {
        self.init(header: header.serialized(), payload: payload)
    }

    /// Puts together a header and a payload, whatever they say.
    init(header: [UInt8], payload: [UInt8]) {
        bytes = Base64URL.encodedBytes(header) + [UInt8(ascii: ".")] + Base64URL.encodedBytes(payload)
    }

    /// The token in compact form (RFC 7515 §7.1).
    package func compact(with signature: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self) + "." + Base64URL.encode(signature)
    }
}
