// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What is around every page: title, navigation, who is signed in.
struct PageFrame: Sendable {
    /// A person's place in the frame.
    struct User: Sendable {
        /// The name.
        let name: String
        /// The first letters of the name.
        let initials: String
        /// The names of the roles, or a word for none.
        let roles: String
    }

    /// A link of the navigation.
    struct Link: Sendable {
        /// Where to.
        let address: String
        /// What it says.
        let title: String
        /// Whether the page shown is the one it leads to, or below it.
        let isCurrent: Bool
    }

    /// The page's title.
    let title: String
    /// The address of the style sheet.
    let stylesheet: String
    /// The address of the icon.
    let icon: String
    /// Who is signed in.
    let user: User?
    /// Where this person may go.
    let links: [Link]
    /// What forms send along to show that they are ours.
    let formToken: String
    /// Where the browser goes on to by itself.
    var refresh: String?
    /// Whether there is a token for forms; else signing out takes one page more.
    let hasToken: Bool

    /// The frame of a page for a viewer.
    init(title: String, path: String, viewer: Viewer?, formToken: String?, assets: Assets) {
        self.title = title
        stylesheet = assets.path(of: "portal.css")
        icon = assets.path(of: "icon.svg")
        user = viewer.map { viewer in
            let roles = viewer.roles.map(\.title).sorted().joined(separator: ", ")
            return User(
                name: viewer.name,
                initials: Self.initials(of: viewer.name),
                roles: roles.isEmpty ? "No role yet" : roles
            )
        }
        links = Self.links(for: viewer, path: path)
        self.formToken = formToken ?? ""
        hasToken = !self.formToken.isEmpty
    }

    /// The first letters of the first and the last word.
    static func initials(of name: String) -> String {
        let words = name.split { !$0.isLetter }
        guard let first = words.first?.first else { return "?" }
        let last = words.count > 1 ? words.last?.first.map(String.init) ?? "" : ""
        return (String(first) + last).uppercased()
    }

    /// Only what the roles allow.
    private static func links(for viewer: Viewer?, path: String) -> [Link] {
        guard let viewer else { return [] }
        var links: [(String, String)] = []
        if viewer.roles.contains(.customer) {
            links += [("/policies", "Policies and claims"), ("/claims/new", "Report a claim")]
        }
        if viewer.roles.contains(.adjuster) { links.append(("/queue", "Claims queue")) }
        if viewer.roles.contains(.underwriter) { links.append(("/insights", "Insights")) }
        if viewer.roles.contains(.admin) { links.append(("/admin", "Administration")) }
        links.append(("/me", "My profile"))
        return links.map { address, title in
            Link(address: address, title: title, isCurrent: path == address || path.hasPrefix(address + "/"))
        }
    }
}
