// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A signed message in compact form (RFC 7515 §7.1), taken apart and not verified.
struct CompactJWS: Sendable {
    /// The whole text.
    private let bytes: [UInt8]
    /// The length of what was signed: header, dot and payload, as they stand in the text.
    private let signedLength: Int
    /// The header.
    let header: JWSHeader
    /// The payload, decoded.
    let payload: [UInt8]
    /// The signature, decoded.
    let signature: [UInt8]

    /// Takes a text apart: exactly three parts of strict base64url, an acceptable header, a signature.
    init(_ compact: String, maximumLength: Int) throws(JWTError) {
        guard compact.utf8.count <= maximumLength else {
            throw JWTError(.tooLarge, "The token is longer than \(maximumLength) bytes.")
        }
        bytes = Array(compact.utf8)
        guard let first = bytes.firstIndex(of: .dot), let last = bytes.lastIndex(of: .dot), first < last else {
            throw Self.wrongParts(in: bytes)
        }
        guard let payload = Base64URL.decode(bytes, in: first + 1..<last) else {
            // A dot among the characters means that there are more than three parts.
            throw bytes[first + 1..<last].contains(.dot) ? Self.wrongParts(in: bytes) : Self.notBase64("payload")
        }
        guard first > 0 else { throw Self.empty("header") }
        guard let header = Base64URL.decode(bytes, in: 0..<first) else { throw Self.notBase64("header") }
        guard let signature = Base64URL.decode(bytes, in: last + 1..<bytes.count) else {
            throw Self.notBase64("signature")
        }
        self.header = try JWSHeader(parsing: header)
        // Before the empty signature, so that the reason given is the attempt itself.
        guard !self.header.algorithm.isNone else { throw .unsigned }
        guard !signature.isEmpty else { throw Self.empty("signature") }
        self.payload = payload
        self.signature = signature
        signedLength = last
    }

    /// What the signature is over.
    var signedBytes: ArraySlice<UInt8> { bytes[..<signedLength] }

    /// The refusal of a text with fewer or more than three parts.
    private static func wrongParts(in bytes: [UInt8]) -> JWTError {
        let parts = bytes.count { $0 == .dot } + 1
        return parts == 5
            ? JWTError(.encrypted, "The token has five parts: encrypted tokens are not supported.")
            : JWTError(.malformed, "The token does not have exactly three parts.")
    }

    /// The refusal of a part that is not base64url.
    private static func notBase64(_ part: String) -> JWTError {
        JWTError(.malformed, "The token's \(part) is not base64url.")
    }

    /// The refusal of a part without content.
    static func empty(_ part: String) -> JWTError {
        JWTError(.malformed, "The token's \(part) is empty.")
    }
}

extension JWTError {
    /// The refusal of a token that says it is not signed.
    static let unsigned = JWTError(.algorithmNotAllowed, "The token is not signed.", name: "alg")
}

extension UInt8 {
    /// What separates the parts of a token.
    fileprivate static let dot = UInt8(ascii: ".")
}
