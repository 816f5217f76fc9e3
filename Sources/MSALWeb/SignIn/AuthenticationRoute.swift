// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The routes this module serves.
enum AuthenticationRoute: String, CaseIterable, Sendable {
    /// Starts a sign-in.
    case signIn = "sign-in"
    /// Takes the provider's answer.
    case callback
    /// Ends the session.
    case signOut = "sign-out"
    /// Where the provider sends people after sign-out.
    case signedOut = "signed-out"
    /// What a repeated answer leads to.
    case error
    /// How the built-in pages look.
    case styleSheet = "style.css"

    /// What all paths begin with.
    static let prefix = "/auth/"

    /// The path.
    var path: String { Self.prefix + rawValue }

    /// The route of a path.
    init?(path: String) {
        guard path.hasPrefix(Self.prefix) else { return nil }
        self.init(rawValue: String(path.dropFirst(Self.prefix.count)))
    }
}

extension LocalPath {
    /// The path, unless it is one of our routes: nobody wants to come back to a callback.
    var asReturnPath: LocalPath {
        path == "/auth" || path.hasPrefix(AuthenticationRoute.prefix) ? .root : self
    }
}
