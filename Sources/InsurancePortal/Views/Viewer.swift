// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What somebody may do in the portal: the app roles of its registration.
enum PortalRole: String, CaseIterable, Sendable {
    case customer = "Customer"
    case adjuster = "Claims.Adjuster"
    case underwriter = "Policy.Underwriter"
    case admin = "Portal.Admin"

    /// The name that people see.
    var title: String {
        switch self {
        case .customer: "Customer"
        case .adjuster: "Claims adjuster"
        case .underwriter: "Underwriter"
        case .admin: "Administrator"
        }
    }
}

/// The signed-in person who looks at a page.
struct Viewer: Sendable {
    /// The stable key.
    var key: String
    /// The name for people.
    var name: String
    /// The name used to sign in.
    var username: String
    /// The roles that the portal knows.
    var roles: Set<PortalRole>

    /// The person as the audit trail names them.
    var actor: Actor { Actor(key: key, name: name) }
}
