// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A public key of a key set (RFC 7517), checked and ready to verify with.
///
/// The algorithm is settled here, when the key is read, from the key alone; a token never chooses it.
public struct JSONWebKey: Sendable, Hashable, CustomStringConvertible {
    /// The key's name (`kid`).
    public let keyID: String?
    /// The only algorithm this key verifies.
    public let algorithm: JWSAlgorithm
    /// The issuer this key belongs to (fixed, or a template with `{tenantid}`), where the set says so.
    public let issuer: String?
    /// The key itself.
    let key: VerificationKey

    /// Makes a key of parts that were checked.
    init(keyID: String?, algorithm: JWSAlgorithm, issuer: String?, key: VerificationKey) {
        self.keyID = keyID
        self.algorithm = algorithm
        self.issuer = issuer
        self.key = key
    }

    /// Reads a key.
    ///
    /// Members that are not understood are passed over, as the platform adds its own. Refused are: any kind but RSA and
    /// EC; RSA under 2048 or over 8192 bits, with an exponent that is even or one, or with the mark of the 2017 generator
    /// fault (CVE-2017-15361); points off their curve or of the wrong length; an `alg` for another kind of key; keys for
    /// anything but verifying (`use`, `key_ops`); and private keys, which have no business in a public set.
    ///
    /// - Parameters:
    ///   - json: the key.
    ///   - defaultRSAAlgorithm: what an RSA key without `alg` is for. The platform leaves it out and means RS256.
    /// - Throws: ``JWTError/Code/unusableKey``, with the member at fault.
    public init(_ json: JSONValue, defaultRSAAlgorithm: JWSAlgorithm = .rs256) throws(JWTError) {
        guard case .object(let members) = json else { throw JWTError(.unusableKey, "The key is not a JSON object.") }
        let reader = JSONWebKeyReader(members: members)
        try reader.refuseOtherPurposes()
        try reader.refusePrivateMembers()
        let keyID = try reader.text("kid")
        let issuer = try reader.text("issuer")
        let named = try reader.text("alg").map { JWSAlgorithm(rawValue: $0) }
        switch try reader.requiredText("kty") {
        case "RSA":
            let algorithm = named ?? defaultRSAAlgorithm
            guard JWSAlgorithm.rsa.contains(algorithm) else { throw .contradictoryAlgorithm }
            self.init(keyID: keyID, algorithm: algorithm, issuer: issuer, key: try reader.rsaKey())
        case "EC":
            let (algorithm, key) = try reader.ellipticCurveKey()
            guard named == nil || named == algorithm else { throw .contradictoryAlgorithm }
            self.init(keyID: keyID, algorithm: algorithm, issuer: issuer, key: key)
        default:
            throw JWTError(.unusableKey, "The key is neither RSA nor EC.", name: "kty")
        }
    }

    /// Whether both are the same public key with the same name, algorithm and issuer.
    public static func == (first: JSONWebKey, second: JSONWebKey) -> Bool {
        first.jsonRepresentation() == second.jsonRepresentation()
    }

    /// Hashes what ``==(_:_:)`` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(jsonRepresentation())
    }

    /// The key as a JWK: public members only.
    public func jsonRepresentation() -> JSONValue {
        var members = key.members
        members["use"] = "sig"
        members["alg"] = .string(algorithm.rawValue)
        members["kid"] = keyID.map { .string($0) }
        members["issuer"] = issuer.map { .string($0) }
        return .object(members)
    }

    /// The key's name and algorithm.
    public var description: String { "JSONWebKey(\(algorithm), \(keyID ?? "no kid"))" }
}

extension JWTError {
    /// The refusal of a key that names an algorithm of another family.
    fileprivate static let contradictoryAlgorithm = JWTError(
        .unusableKey,
        "The key's algorithm does not fit its kind.",
        name: "alg"
    )
}
