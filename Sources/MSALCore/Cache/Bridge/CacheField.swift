// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The members of cache entries that this library reads.
enum CacheField: UInt8 {
    case homeAccountID, environment, clientID, credentialType, secret, realm, target, tokenType
    case cachedAt, expiresOn, extendedExpiresOn, refreshOn, keyID, extendedKey, assertionHash
    case familyID, modifiedAt, localAccountID, username, name, authorityType
    // What other libraries call some of these.
    case extExpiresOn, accessTokenType, kid, plainKeyID, camelAssertionHash, extendedKeyHash
    // Further parameters of the request, from which the extended key is made.
    case extendedParameters, additionalParameters

    /// How many there are.
    static let count = 29

    /// What the field is called in JSON.
    var text: StaticString {
        switch self {
        case .homeAccountID: "home_account_id"
        case .environment: "environment"
        case .clientID: "client_id"
        case .credentialType: "credential_type"
        case .secret: "secret"
        case .realm: "realm"
        case .target: "target"
        case .tokenType: "token_type"
        case .cachedAt: "cached_at"
        case .expiresOn: "expires_on"
        case .extendedExpiresOn: "extended_expires_on"
        case .refreshOn: "refresh_on"
        case .keyID: "key_id"
        case .extendedKey: "ext_cache_key"
        case .assertionHash: "user_assertion_hash"
        case .familyID: "family_id"
        case .modifiedAt: "last_modification_time"
        case .localAccountID: "local_account_id"
        case .username: "username"
        case .name: "name"
        case .authorityType: "authority_type"
        case .extExpiresOn: "ext_expires_on"
        case .accessTokenType: "access_token_type"
        case .kid: "kid"
        case .plainKeyID: "keyid"
        case .camelAssertionHash: "userAssertionHash"
        case .extendedKeyHash: "ext_cache_key_hash"
        case .extendedParameters: "ext"
        case .additionalParameters: "additionalCacheKeyComponents"
        }
    }

    /// The field of a name as it stands in a document.
    init?(_ name: UnsafeBufferPointer<UInt8>) {
        let candidates: (CacheField, CacheField?)
        switch name.count {
        case 3: candidates = (.kid, .extendedParameters)
        case 4: candidates = (.name, nil)
        case 5: candidates = (.realm, .plainKeyID)
        case 6:
            let isKeyID = name[0] == UInt8(ascii: "k")
            candidates = isKeyID ? (.keyID, nil) : (.secret, .target)
        case 8: candidates = (.username, nil)
        case 9:
            let isFamilyID = name[0] == UInt8(ascii: "f")
            candidates = isFamilyID ? (.familyID, nil) : (.clientID, .cachedAt)
        case 10:
            let isTokenType = name[0] == UInt8(ascii: "t")
            candidates = isTokenType ? (.tokenType, nil) : (.expiresOn, .refreshOn)
        case 11: candidates = (.environment, nil)
        case 13: candidates = (.extendedKey, nil)
        case 14: candidates = (.authorityType, .extExpiresOn)
        case 15: candidates = (.homeAccountID, .credentialType)
        case 16: candidates = (.localAccountID, nil)
        case 17: candidates = (.accessTokenType, .camelAssertionHash)
        case 18: candidates = (.extendedKeyHash, nil)
        case 19: candidates = (.extendedExpiresOn, .assertionHash)
        case 22: candidates = (.modifiedAt, nil)
        case 28: candidates = (.additionalParameters, nil)
        default: return nil
        }
        if candidates.0.isNamed(name) {
            self = candidates.0
        } else if let other = candidates.1, other.isNamed(name) {
            self = other
        } else {
            return nil
        }
    }

    /// Whether a name is this field's.
    private func isNamed(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = name.baseAddress, text.utf8CodeUnitCount == name.count else { return false }
        return SameBytes.are(start, text.utf8Start, count: name.count)
    }
}

/// Some of the fields.
struct CacheFieldSet: ExpressibleByArrayLiteral {
    private var bits: UInt32

    init(arrayLiteral elements: CacheField...) {
        bits = elements.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
    }

    /// Whether a field is among them.
    func contains(_ field: CacheField) -> Bool {
        bits & 1 << UInt32(field.rawValue) != 0
    }

    /// Adds a field.
    mutating func insert(_ field: CacheField) {
        bits |= 1 << UInt32(field.rawValue)
    }

    /// Takes a field out.
    mutating func remove(_ field: CacheField) {
        bits &= ~(1 << UInt32(field.rawValue))
    }
}
