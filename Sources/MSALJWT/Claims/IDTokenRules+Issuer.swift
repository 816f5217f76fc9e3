// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension IDTokenRules {
    /// The issuer is the one expected, its tenant too, and the signing key is that issuer's.
    func checkIssuer(of claims: JWTClaims, keyIssuer: String?) throws(JWTError) {
        let issuer = try claims.requiredText("iss")
        let keyIssuer = keyIssuer.map { IssuerRule(ofKey: $0) }
        let tenant = try tenant(of: claims, keyIssuer: keyIssuer)
        guard self.issuer.isMatch(issuer, tenantID: tenant) else {
            throw JWTError(.issuer, "The token comes from another issuer.", name: "iss")
        }
        if let keyIssuer, !keyIssuer.isMatch(issuer, tenantID: tenant) {
            throw JWTError(.keyIssuer, "The signing key belongs to another issuer.", name: "iss")
        }
    }

    /// The token's tenant, a GUID, if any rule speaks of tenants; else whatever GUID there is.
    private func tenant(of claims: JWTClaims, keyIssuer: IssuerRule?) throws(JWTError) -> String? {
        let isNeeded = issuer.isTemplate || tenantID != nil || keyIssuer?.isTemplate == true
        guard isNeeded else {
            return claims.tenantID.flatMap { $0.isGUID ? $0 : nil }
        }
        let tenant = try claims.requiredText("tid")
        guard tenant.isGUID else {
            throw JWTError(.malformedClaim, "The token's tenant is not a GUID.", name: "tid")
        }
        if let tenantID, !isEqualIgnoringASCIICase(tenant, tenantID) {
            throw JWTError(.tenant, "The token is of another tenant.", name: "tid")
        }
        return tenant
    }
}
