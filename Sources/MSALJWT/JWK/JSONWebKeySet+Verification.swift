// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension JSONWebKeySet {
    /// Verifies a token's signature with the key it names.
    ///
    /// The token's algorithm has to be allowed, and has to be the one its key is for. A token that names no key is
    /// verified only if the set has exactly one.
    ///
    /// - Parameters:
    ///   - token: the token.
    ///   - algorithms: the algorithms to accept.
    /// - Returns: the token, verified.
    /// - Throws: ``JWTError/Code/algorithmNotAllowed``, ``JWTError/Code/keyNotFound`` (read the set again, not too often),
    ///   ``JWTError/Code/signatureInvalid``, or ``JWTError/Code/json`` if what was signed is no object.
    public func verify(
        _ token: UnverifiedJWT,
        allowing algorithms: Set<JWSAlgorithm> = [.rs256]
    ) throws(JWTError) -> VerifiedJWT {
        let key = try verifySignature(of: token.message, allowing: algorithms)
        return VerifiedJWT(header: token.header, claims: try token.unverifiedClaims(), keyIssuer: key.issuer)
    }

    /// Verifies a message's signature, whatever the payload is, and returns the key that made it.
    func verifySignature(
        of message: CompactJWS,
        allowing algorithms: Set<JWSAlgorithm>
    ) throws(JWTError) -> JSONWebKey {
        let algorithm = message.header.algorithm
        guard algorithms.contains(algorithm), algorithm.isSupported else {
            throw JWTError(.algorithmNotAllowed, "The token's algorithm is not allowed.", name: "alg")
        }
        let key = try key(named: message.header.keyID)
        guard key.algorithm == algorithm else {
            throw JWTError(.algorithmNotAllowed, "The token's algorithm is not its key's.", name: "alg")
        }
        guard key.key.isValid(message.signature, over: message.signedBytes, with: key.algorithm) else {
            throw JWTError(.signatureInvalid, "The token's signature is not valid.")
        }
        return key
    }
}
