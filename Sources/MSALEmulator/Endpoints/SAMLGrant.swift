// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

extension GrantRedemption {
    /// The grants of RFC 7522 and its older sister: a person of a federated domain, by the word of its server.
    func assertion(_ form: Parameters, of version: SAMLVersion) throws -> OrderedJSON {
        try checkDirectGrant()
        guard let assertion = form["assertion"] else { throw PlatformError.missing("assertion") }
        let reader = SAMLAssertionReader(
            version: version,
            key: platform.assertionKey,
            directory: platform.directory,
            now: platform.now()
        )
        let user = try reader.user(assertion)
        guard SignInStep.isWelcome(user, at: segment) else {
            throw PlatformError.userUnknown(user.userPrincipalName, tenant: segment.path)
        }
        return try tokens(for: user, form)
    }
}
