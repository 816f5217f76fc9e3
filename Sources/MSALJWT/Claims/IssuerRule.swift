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
        let isTemplate = withContiguousBytes(of: issuer.utf8) { issuer in
            withContiguousBytes(of: Self.placeholder.utf8) { issuer.firstRange(of: $0) != nil }
        }
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
        if !isTemplate, issuer.isSameBytes(as: pattern) { return true }
        let varying = isTemplate ? Self.placeholder : tenantID
        return withContiguousBytes(of: issuer.utf8) { issuer in
            withContiguousBytes(of: pattern.utf8) { pattern in
                guard let place = withContiguousBytes(of: varying.utf8, { pattern.firstRange(of: $0) }) else {
                    return issuer.isEqual(to: pattern)
                }
                return withContiguousBytes(of: tenantID.utf8) { tenant in
                    let tail = pattern.extracting(place.upperBound...)
                    let end = place.lowerBound + tenant.count
                    return issuer.count == end + tail.count
                        && issuer.extracting(..<place.lowerBound).isEqual(to: pattern.extracting(..<place.lowerBound))
                        && issuer.extracting(place.lowerBound..<end).isEqualIgnoringASCIICase(to: tenant)
                        && issuer.extracting(end...).isEqual(to: tail)
                }
            }
        }
    }
}
