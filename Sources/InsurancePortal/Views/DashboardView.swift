// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The first page of a signed-in person.
struct DashboardView: Sendable {
    /// Something that the person may do.
    struct Tile: Sendable {
        /// Where to.
        let address: String
        /// What it is.
        let title: String
        /// More about it.
        let text: String
    }

    /// The name to greet.
    let name: String
    /// What the person may do.
    let tiles: [Tile]
    /// Whether the person has none of the roles.
    let hasNoRole: Bool
    /// The name used to sign in, for the administrator to find.
    let username: String

    /// What the roles allow.
    init(_ viewer: Viewer) {
        name = viewer.name
        username = viewer.username
        hasNoRole = viewer.roles.isEmpty
        var tiles: [Tile] = []
        if viewer.roles.contains(.customer) {
            tiles.append(
                Tile(
                    address: "/policies",
                    title: "Policies and claims",
                    text: "What is covered, until when, and how your claims are getting on."
                )
            )
            tiles.append(
                Tile(
                    address: "/claims/new",
                    title: "Report a claim",
                    text: "Tell us what happened. It takes about three minutes."
                )
            )
        }
        if viewer.roles.contains(.adjuster) {
            tiles.append(
                Tile(address: "/queue", title: "Claims queue", text: "Open claims, oldest first. Settle or reject.")
            )
        }
        if viewer.roles.contains(.underwriter) {
            tiles.append(
                Tile(
                    address: "/insights",
                    title: "Insights",
                    text: "Premiums, payments and loss ratios by product and region."
                )
            )
        }
        if viewer.roles.contains(.admin) {
            tiles.append(
                Tile(
                    address: "/admin",
                    title: "Administration",
                    text: "Who signed in, our customers, and the audit trail."
                )
            )
        }
        tiles.append(
            Tile(address: "/me", title: "My profile", text: "What your organisation's directory says about you.")
        )
        self.tiles = tiles
    }
}
