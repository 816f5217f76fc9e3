// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

package import Hummingbird
import MSALHummingbird
package import MSALWeb

/// What is known about a request.
package struct PortalContext: AuthenticatedRequestContext {
    /// What Hummingbird itself needs.
    package var coreContext: CoreRequestContextStorage
    /// Who sends the request.
    package var authentication = RequestAuthentication()

    /// The context of a new request.
    package init(source: Source) {
        coreContext = CoreRequestContextStorage(source: source)
    }

    /// The largest form: a claim's account with room for escapes.
    package var maxUploadSize: Int { 64 * 1_024 }
}

/// The context of routes for people who have signed in.
typealias MemberContext = SignedInContext<PortalContext>

extension AppRole {
    /// Somebody with policies.
    static let customer = AppRole(rawValue: PortalRole.customer.rawValue)
    /// Somebody who decides claims.
    static let adjuster = AppRole(rawValue: PortalRole.adjuster.rawValue)
    /// Somebody who looks at figures.
    static let underwriter = AppRole(rawValue: PortalRole.underwriter.rawValue)
    /// Somebody who looks at people and the audit trail.
    static let admin = AppRole(rawValue: PortalRole.admin.rawValue)
}

extension Viewer {
    /// The signed-in person as pages know them; roles that the portal does not know are left out.
    init(_ user: SignedInUser) {
        self.init(
            key: user.key.description,
            name: user.name.isEmpty ? user.username : user.name,
            username: user.username,
            roles: Set(user.roles.compactMap { PortalRole(rawValue: $0.rawValue) })
        )
    }
}
