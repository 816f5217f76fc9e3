// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// How the renewal of a token in the background went.
public struct BackgroundRefresh: Sendable {
    /// Whose token; nil for the application's own.
    public let account: Account?

    /// The tenant.
    public let tenantID: String

    /// What the token is good for, as it was asked for.
    public let scopes: [String]

    /// Why it failed; nil when it went well.
    ///
    /// The token in the cache stays in use, and the next try is a minute away.
    public let error: (any Error)?
}
