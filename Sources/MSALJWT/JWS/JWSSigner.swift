// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Signs tokens with one private key.
public struct JWSSigner: Sendable, CustomStringConvertible {
    /// The algorithm.
    public let algorithm: JWSAlgorithm
    /// The key's name, which goes into each header.
    public let keyID: String
    /// The public half, for a key set.
    public let publicKey: JSONWebKey
    /// The private key.
    private let key: SigningKey

    /// Makes a new RSA key.
    ///
    /// - Parameters:
    ///   - keyID: the key's name.
    ///   - bits: its size, 2048 to 8192 and a multiple of 8.
    /// - Returns: a signer for RS256.
    /// - Throws: ``JWTError/Code/unusableKey`` for another size.
    public static func generateRSA(keyID: String, bits: Int = 2048) throws(JWTError) -> JWSSigner {
        try generate(keyID: keyID, algorithm: .rs256, bits: bits)
    }

    /// Makes a new key for an algorithm.
    ///
    /// - Parameters:
    ///   - keyID: the key's name.
    ///   - algorithm: what the key is for; elliptic curves follow from it.
    ///   - bits: the size of an RSA key, 2048 to 8192 and a multiple of 8.
    /// - Returns: a signer for the algorithm.
    /// - Throws: ``JWTError/Code/unusableKey`` for another size, or an algorithm that is not supported.
    public static func generate(
        keyID: String,
        algorithm: JWSAlgorithm,
        bits: Int = 2048
    ) throws(JWTError) -> JWSSigner {
        guard RSAKeyCheck.sizes.contains(bits), bits.isMultiple(of: 8) else {
            throw JWTError(.unusableKey, "An RSA key has 2048 to 8192 bits, a multiple of 8.", name: keyID)
        }
        return try JWSSigner(keyID: keyID, algorithm: algorithm) {
            try SigningKey(generatingFor: algorithm, bits: bits)
        }
    }

    /// Reads a private key.
    ///
    /// - Parameters:
    ///   - pem: the key as PKCS #8, PKCS #1 or SEC 1 text, not encrypted.
    ///   - keyID: the key's name.
    ///   - algorithm: what the key is used for. It must fit the key.
    /// - Throws: ``JWTError/Code/unusableKey``.
    public init(pem: String, keyID: String, algorithm: JWSAlgorithm = .rs256) throws(JWTError) {
        try self.init(keyID: keyID, algorithm: algorithm) { try SigningKey(pem: pem, for: algorithm) }
    }

    /// Makes or reads a key, and keeps its public half ready.
    private init(keyID: String, algorithm: JWSAlgorithm, key: () throws -> SigningKey) throws(JWTError) {
        guard algorithm.isSupported else {
            throw JWTError(.unusableKey, "The algorithm is not supported.", name: algorithm.rawValue)
        }
        do {
            let key = try key()
            self.key = key
            publicKey = JSONWebKey(
                keyID: keyID,
                algorithm: algorithm,
                issuer: nil,
                key: try key.verificationKey()
            )
        } catch {
            // What the cryptography says could hold parts of the key.
            throw JWTError(.unusableKey, "This is not a private key for \(algorithm).", name: keyID)
        }
        self.keyID = keyID
        self.algorithm = algorithm
    }

    /// The private key as PEM text (PKCS #8).
    ///
    /// A secret.
    public var pemRepresentation: String { key.pemRepresentation }

    /// The kind of value and the key's name; nothing of the key.
    public var description: String { "JWSSigner(\(algorithm), \(keyID))" }

    /// Signs claims.
    ///
    /// - Parameters:
    ///   - claims: the payload, an object.
    ///   - type: the header's `typ`.
    ///   - header: more members of the header. `alg`, `kid` and `typ` are the signer's to set.
    /// - Returns: the token, in compact form.
    /// - Throws: ``JWTError/Code/malformed`` if the claims are no object, ``JWTError/Code/unsupportedHeader`` if the extra
    ///   members hold one of the signer's own.
    public func sign(
        _ claims: JSONValue,
        type: String? = "JWT",
        header: [String: JSONValue] = [:]
    ) throws(JWTError) -> String {
        guard case .object = claims else { throw JWTError(.malformed, "The claims are not a JSON object.") }
        var members = header
        if let type { members["typ", default: .null] = .string(type) }
        let own: [String: JSONValue] = ["alg": .string(algorithm.rawValue), "kid": .string(keyID)]
        members.merge(own) { _, own in own }
        for name in ["alg", "kid", "typ"] where header[name] != nil {
            throw JWTError(.unsupportedHeader, "The signer sets this member of the header itself.", name: name)
        }
        return try sign(header: JSONValue.object(members).serialized(), payload: claims.serialized())
    }

    /// Signs a payload under a header, whatever they say: for tests of those who read tokens.
    package func sign(header: [UInt8], payload: [UInt8]) throws(JWTError) -> String {
        let input = JWSSigningInput(header: header, payload: payload)
        do {
            return input.compact(with: try key.signature(over: input.bytes, with: algorithm))
        } catch {
            throw JWTError(.unusableKey, "Signing failed.", name: keyID)
        }
    }
}
