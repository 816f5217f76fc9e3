// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A page that says one thing: errors, sign-out, refusals.
struct MessageView: Sendable, Equatable {
    /// A link or a button at the end.
    struct Step: Sendable, Equatable {
        /// Where to.
        let address: String
        /// What it says.
        let title: String
        /// The hidden fields of a form; nil for a link.
        var fields: [ProfileView.Fact]?
    }

    /// A small line above: `404`.
    var label: String?
    /// What happened.
    var headline: String
    /// More about it, a paragraph each.
    var paragraphs: [String] = []
    /// What to do next.
    var steps: [Step] = []
    /// What support will ask for.
    var facts: [ProfileView.Fact] = []
    /// What finds this very event in the logs.
    var reference: String?
}
