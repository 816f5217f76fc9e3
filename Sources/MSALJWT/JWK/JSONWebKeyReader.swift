// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import CryptoExtras

/// Reads the members of one JWK.
struct JSONWebKeyReader {
    /// The members.
    let members: [String: JSONValue]

    /// Refuses a key that is not for verifying signatures (RFC 7517 §4.2, §4.3).
    func refuseOtherPurposes() throws(JWTError) {
        if let use = members["use"], use != "sig" {
            throw JWTError(.unusableKey, "The key is not for signatures.", name: "use")
        }
        guard let operations = members["key_ops"] else { return }
        guard let operations = operations.arrayValue, operations.contains("verify") else {
            throw JWTError(.unusableKey, "The key is not for verifying.", name: "key_ops")
        }
    }

    /// Refuses a key with any private or secret member: whoever published it has lost it (RFC 7518 §6.2.2, §6.3.2, §6.4).
    func refusePrivateMembers() throws(JWTError) {
        for name in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] where members[name] != nil {
            throw JWTError(.unusableKey, "The key holds a private member.", name: name)
        }
    }

    /// A member that has to be a text where it is present.
    func text(_ name: String) throws(JWTError) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.stringValue else {
            throw JWTError(.unusableKey, "A member of the key is not a text.", name: name)
        }
        return text
    }

    /// A member that has to be there and be a text.
    func requiredText(_ name: String) throws(JWTError) -> String {
        guard let text = try text(name) else {
            throw JWTError(.unusableKey, "The key lacks a member.", name: name)
        }
        return text
    }

    /// A member that has to be there and be base64url.
    private func bytes(_ name: String) throws(JWTError) -> [UInt8] {
        guard let bytes = Base64URL.decode(try requiredText(name)) else {
            throw JWTError(.unusableKey, "A member of the key is not base64url.", name: name)
        }
        return bytes
    }

    /// The RSA key (RFC 7518 §6.3.1).
    func rsaKey() throws(JWTError) -> VerificationKey {
        let check = RSAKeyCheck(modulus: try bytes("n"), exponent: try bytes("e"))
        try check.refuseUnsafe()
        do {
            let key = try _RSA.Signing.PublicKey(n: check.modulus, e: check.exponent)
            return .rsa(key, modulus: check.modulus, exponent: check.exponent)
        } catch {
            throw JWTError(.unusableKey, "The numbers are not an RSA key.", name: "n")
        }
    }

    /// The key on an elliptic curve, and the algorithm the curve stands for (RFC 7518 §6.2.1).
    func ellipticCurveKey() throws(JWTError) -> (JWSAlgorithm, VerificationKey) {
        let curve = try requiredText("crv")
        let size = ["P-256": 32, "P-384": 48, "P-521": 66][curve]
        guard let size else { throw JWTError(.unusableKey, "The key is on an unknown curve.", name: "crv") }
        let horizontal = try bytes("x")
        let vertical = try bytes("y")
        guard horizontal.count == size else { throw .wrongCoordinate("x") }
        guard vertical.count == size else { throw .wrongCoordinate("y") }
        let point = horizontal + vertical
        do {
            switch curve {
            case "P-256": return (.es256, .p256(try P256.Signing.PublicKey(rawRepresentation: point)))
            case "P-384": return (.es384, .p384(try P384.Signing.PublicKey(rawRepresentation: point)))
            default: return (.es512, .p521(try P521.Signing.PublicKey(rawRepresentation: point)))
            }
        } catch {
            throw JWTError(.unusableKey, "The point is not on the curve.", name: "x")
        }
    }
}

extension JWTError {
    /// The refusal of a coordinate that is not exactly as long as its curve's.
    fileprivate static func wrongCoordinate(_ name: String) -> JWTError {
        JWTError(.unusableKey, "A coordinate has the wrong length.", name: name)
    }
}
