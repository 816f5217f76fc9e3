// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension Account {
    /// The account of a validated ID token.
    ///
    /// The platform's `client_info` names the home account, which for a guest is not the one the token is about. Without
    /// it the token's own object and tenant count; at other providers the subject.
    ///
    /// - Throws: ``AuthenticationError`` with the code `clientInfo` when it is malformed, or names another object of the
    ///   very tenant the token is from.
    init(claims: JWTClaims, clientInfo text: String?, authority: Authority) throws(AuthenticationError) {
        let subject = claims.subject ?? ""
        // `oid` and `tid` identify people at the platform alone; elsewhere anybody may have put anything into them.
        let isPlatform = authority.kind.sendsClientInfo
        let local = isPlatform ? claims.objectID ?? subject : subject
        let tenant = isPlatform ? claims.tenantID ?? "" : ""
        var home = tenant.isEmpty ? subject : "\(local).\(tenant)"
        if isPlatform, let text, let info = try ClientInfo(text) {
            let sameTenant = info.utid.lowercased() == tenant.lowercased()
            // B2C appends the policy to the object.
            let sameObject = info.uid.lowercased().hasPrefix(local.lowercased())
            guard !sameTenant || sameObject else {
                throw AuthenticationError(
                    .rejectedToken,
                    .clientInfo,
                    "client_info and ID token name different accounts; both were refused."
                )
            }
            home = info.homeAccountID
        }
        self.init(
            homeAccountID: home,
            environment: authority.environment,
            tenantID: tenant,
            localAccountID: local,
            username: claims.preferredUsername ?? claims.email ?? "",
            name: claims.name
        )
    }
}
