// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The keys an issuer publishes (RFC 7517 §5), read tolerantly as a set and strictly key by key.
public struct JSONWebKeySet: Sendable, Hashable {
    /// A key of the set that is not used.
    public struct SkippedKey: Sendable, Hashable {
        /// Its place in the set, from 0.
        public let position: Int
        /// Its name, if it says one.
        public let keyID: String?
        /// Why.
        public let reason: JWTError
    }

    /// The largest set that is read, in bytes.
    public static let maximumSize = 1_048_576
    /// The most keys a set may have.
    public static let maximumCount = 1000

    /// The keys that can be used, in their order.
    public let keys: [JSONWebKey]
    /// The others, each with its reason.
    public let skipped: [SkippedKey]
    /// Where each named key is in ``keys``.
    private let positions: [String: Int]

    /// Reads a set.
    ///
    /// A key that cannot be used is skipped and does not spoil the others. Two different keys under one name are both
    /// skipped, as nobody can say which one a token means; the same key listed twice counts once.
    ///
    /// - Parameters:
    ///   - bytes: the set, at most ``maximumSize``.
    ///   - defaultRSAAlgorithm: what RSA keys without `alg` are for. The platform leaves it out and means RS256.
    /// - Throws: ``JWTError/Code/tooLarge``, ``JWTError/Code/json``, or ``JWTError/Code/malformed`` if there is no list of
    ///   keys.
    public init(parsing bytes: [UInt8], defaultRSAAlgorithm: JWSAlgorithm = .rs256) throws(JWTError) {
        guard bytes.count <= Self.maximumSize else { throw JWTError(.tooLarge, "The key set is larger than 1 MiB.") }
        guard let list = try JSONValue(parsing: bytes)["keys"]?.arrayValue else {
            throw JWTError(.malformed, "The key set has no list of keys.", name: "keys")
        }
        guard list.count <= Self.maximumCount else {
            throw JWTError(.tooLarge, "The key set has more than \(Self.maximumCount) keys.", name: "keys")
        }
        var read: [(position: Int, key: JSONWebKey)] = []
        var skipped: [SkippedKey] = []
        for (position, json) in list.enumerated() {
            do {
                read.append((position, try JSONWebKey(json, defaultRSAAlgorithm: defaultRSAAlgorithm)))
            } catch {
                skipped.append(SkippedKey(position: position, keyID: json["kid"]?.stringValue, reason: error))
            }
        }
        self.init(read: read, skipped: skipped)
    }

    /// Makes a set of keys at hand, for an issuer to publish.
    ///
    /// Names that are not unique are treated as when reading.
    public init(keys: [JSONWebKey]) {
        self.init(read: keys.enumerated().map { ($0.offset, $0.element) }, skipped: [])
    }

    /// Keeps the keys whose names are unique.
    private init(read: [(position: Int, key: JSONWebKey)], skipped: [SkippedKey]) {
        var keys: [JSONWebKey] = []
        var skipped = skipped
        var first: [String: (position: Int, key: JSONWebKey)] = [:]
        var ambiguous: Set<String> = []
        for (position, key) in read {
            guard let keyID = key.keyID else { continue }
            if let namesake = first[keyID] {
                if namesake.key != key { ambiguous.insert(keyID) }
            } else {
                first[keyID] = (position, key)
            }
        }
        for (position, key) in read {
            if let keyID = key.keyID, ambiguous.contains(keyID) {
                skipped.append(SkippedKey(position: position, keyID: keyID, reason: .ambiguousKey(keyID)))
            } else if let keyID = key.keyID, first[keyID]?.position != position {
                skipped.append(SkippedKey(position: position, keyID: keyID, reason: .repeatedKey(keyID)))
            } else {
                keys.append(key)
            }
        }
        self.keys = keys
        self.skipped = skipped.sorted { $0.position < $1.position }
        let named = keys.enumerated().compactMap { position, key in key.keyID.map { ($0, position) } }
        positions = Dictionary(named) { first, _ in first }
    }

    /// The set as JSON: public members only.
    public func jsonRepresentation() -> JSONValue {
        .object(["keys": .array(keys.map { $0.jsonRepresentation() })])
    }

    /// The key of a name, or the only key if the token names none.
    func key(named keyID: String?) throws(JWTError) -> JSONWebKey {
        guard let keyID else {
            guard keys.count == 1 else {
                throw JWTError(.keyNotFound, "The token names no key, and the set has \(keys.count).", name: "kid")
            }
            return keys[0]
        }
        guard let position = positions[keyID] else {
            throw JWTError(.keyNotFound, "The key set has no usable key of the name in the token.", name: keyID)
        }
        return keys[position]
    }
}

extension JWTError {
    /// The reason for skipping two keys that share a name.
    fileprivate static func ambiguousKey(_ keyID: String) -> JWTError {
        JWTError(.unusableKey, "Another key of the set has the same name.", name: keyID)
    }

    /// The reason for skipping a key that was read before.
    fileprivate static func repeatedKey(_ keyID: String) -> JWTError {
        JWTError(.unusableKey, "The key is listed twice.", name: keyID)
    }
}
