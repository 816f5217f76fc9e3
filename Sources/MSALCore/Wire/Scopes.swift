// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The scopes of a request, as they are asked for and as they go over the wire.
enum Scopes {
    /// The OpenID Connect scopes that the library adds by itself and the caller must not name.
    static let reserved: Set<String> = ["openid", "profile", "offline_access"]

    /// The `scope` parameter of a user flow: what is asked for and the reserved ones, in ascending code points.
    ///
    /// - Parameters:
    ///   - asked: the scopes of the caller.
    ///   - excluded: reserved scopes to leave out; `openid` cannot be, since the ID token comes by it.
    /// - Returns: the scopes, each once.
    /// - Throws: ``AuthenticationError`` with the code `scopeInvalid`.
    static func userFlow(_ asked: [String], excluding excluded: Set<String> = []) throws(AuthenticationError)
        -> [String]
    {
        try checkUserFlow(asked)
        guard !excluded.contains("openid") else {
            throw AuthenticationError(
                .invalidCall,
                .scopeInvalid,
                "The scope 'openid' cannot be left out: without it there is no ID token."
            )
        }
        return Set(asked).union(reserved.subtracting(excluded)).sorted(by: byCodePoint)
    }

    /// Checks the scopes of a user flow, at no cost worth naming.
    static func checkUserFlow(_ asked: [String]) throws(AuthenticationError) {
        try check(asked)
        if let scope = asked.first(where: { reserved.contains($0) }) {
            throw AuthenticationError(
                .invalidCall,
                .scopeInvalid,
                "The scope '\(scope)' is added by the library; do not ask for it."
            )
        }
    }

    /// Checks scopes by their syntax (RFC 6749 §3.3).
    static func check(_ asked: [String]) throws(AuthenticationError) {
        for scope in asked {
            let valid =
                !scope.isEmpty
                && scope.utf8.allSatisfy { $0 == 0x21 || (0x23...0x5B).contains($0) || (0x5D...0x7E).contains($0) }
            guard valid else {
                throw AuthenticationError(
                    .invalidCall,
                    .scopeInvalid,
                    "'\(scope)' is not a scope: one is a word of printable ASCII without space, quote and backslash."
                )
            }
        }
    }

    /// Splits a `scope` member of an answer.
    static func split(_ text: String) -> [String] {
        text.split(separator: " ").map(String.init)
    }

    /// The order of scopes on the wire.
    static func byCodePoint(_ left: String, _ right: String) -> Bool {
        left.unicodeScalars.lexicographicallyPrecedes(right.unicodeScalars)
    }
}
