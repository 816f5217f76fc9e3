// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Which issuer a token must come from.
public enum IssuerRule: Sendable, Hashable {
    /// Exactly this one.
    case exact(String)
    /// One per tenant: `{tenantid}` stands for the token's `tid`.
    case template(String)

    /// What a template writes for the tenant.
    private static let placeholder = "{tenantid}"

    /// The rule that a key's own issuer stands for, which may be either kind.
    init(ofKey issuer: String) {
        let isTemplate = Self.firstRange(of: Array(Self.placeholder.utf8), in: Array(issuer.utf8)) != nil
        self = isTemplate ? .template(issuer) : .exact(issuer)
    }

    /// The issuer's text, fixed or with a placeholder.
    private var pattern: String {
        switch self {
        case .exact(let issuer), .template(let issuer): issuer
        }
    }

    /// Whether the issuer depends on the tenant.
    var isTemplate: Bool {
        if case .template = self { true } else { false }
    }

    /// Whether an issuer is the one expected.
    ///
    /// All bytes must agree, except that the GUID of the tenant may be written in either case.
    ///
    /// - Parameters:
    ///   - issuer: the token's issuer.
    ///   - tenantID: the token's tenant, if it is a GUID.
    /// - Returns: `true` if they agree.
    func isMatch(_ issuer: String, tenantID: String?) -> Bool {
        guard let tenantID else { return issuer.isSameBytes(as: pattern) }
        let template = Array(pattern.utf8)
        let varying = isTemplate ? Self.placeholder : tenantID
        guard let place = Self.firstRange(of: Array(varying.utf8), in: template) else {
            return issuer.isSameBytes(as: pattern)
        }
        let bytes = Array(issuer.utf8)
        let tail = template[place.upperBound...]
        guard bytes.count == place.lowerBound + tenantID.utf8.count + tail.count else { return false }
        let end = bytes.count - tail.count
        return bytes[..<place.lowerBound] == template[..<place.lowerBound]
            && isEqualIgnoringASCIICase(bytes[place.lowerBound..<end], tenantID.utf8)
            && bytes[end...] == tail
    }

    /// Where some bytes stand first among others, ASCII letters counting the same in both cases.
    private static func firstRange(of pattern: [UInt8], in bytes: [UInt8]) -> Range<Int>? {
        guard pattern.count <= bytes.count else { return nil }
        for start in 0...bytes.count - pattern.count {
            let range = start..<start + pattern.count
            if isEqualIgnoringASCIICase(bytes[range], pattern) { return range }
        }
        return nil
    }
}
