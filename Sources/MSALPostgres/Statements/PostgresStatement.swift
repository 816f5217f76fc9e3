// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A statement that every connection prepares once.
struct PostgresStatement: Sendable {
    /// Its name on a connection.
    let name: String
    /// Its text; parameters are typed by casts or by where they stand.
    let text: String

    /// A statement by its name and text.
    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }
}
