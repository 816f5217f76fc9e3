// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What the directory says about the signed-in person, and the token that fetched it.
struct ProfileView: Sendable {
    /// A name and a value.
    struct Fact: Sendable, Equatable {
        /// What it is.
        let name: String
        /// What it says.
        let value: String
    }

    /// The name.
    let name: String
    /// The first letters of it.
    let initials: String
    /// A line below the name.
    let line: String
    /// What the directory says.
    let facts: [Fact]
    /// What the portal knows by itself.
    let session: [Fact]
    /// About the access token; its content is never shown.
    let token: [Fact]
    /// Where the facts come from.
    let source: String
    /// Why there are no facts, if there are none.
    let problem: String?
}
