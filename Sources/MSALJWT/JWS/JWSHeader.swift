// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What a token's header says about its signature.
///
/// Nothing in it is trusted: it only helps to find the key.
///
/// Keys that a header brings along or points to (`jwk`, `x5c`, `jku`, `x5u`) are not read at all.
public struct JWSHeader: Sendable, Hashable {
    /// The algorithm (`alg`).
    public let algorithm: JWSAlgorithm
    /// The name of the signing key (`kid`).
    public let keyID: String?
    /// The kind of token (`typ`).
    public let type: String?

    /// Makes a header of its parts.
    init(algorithm: JWSAlgorithm, keyID: String?, type: String?) {
        self.algorithm = algorithm
        self.keyID = keyID
        self.type = type
    }

    /// Reads a header, and refuses one that asks for anything this library does not do.
    init(parsing bytes: [UInt8]) throws(JWTError) {
        let members: JSONMembers
        do {
            members = try JSONMembers(parsing: bytes, maximumDepth: 16)
        } catch {
            throw JWTError(.malformed, "The token's header is refused: \(error.message)", name: error.name)
        }
        for name in ["crit", "b64", "zip"] where members.contains(name) {
            throw JWTError(.unsupportedHeader, "The token's header has a member that is not supported.", name: name)
        }
        guard let algorithm = try Self.text("alg", of: members) else {
            throw JWTError(.malformed, "The token's header names no algorithm.", name: "alg")
        }
        self.init(
            algorithm: JWSAlgorithm(rawValue: algorithm),
            keyID: try Self.text("kid", of: members),
            type: try Self.text("typ", of: members)
        )
    }

    /// A member that has to be a text where it is present.
    private static func text(_ name: String, of members: JSONMembers) throws(JWTError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.stringValue else {
            throw JWTError(.malformed, "A member of the token's header is not a text.", name: name)
        }
        return text
    }
}
