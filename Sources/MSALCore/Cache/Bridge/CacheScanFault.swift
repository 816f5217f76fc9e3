// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Why a document is no JSON.
struct CacheScanFault: Error {
    /// What is wrong.
    enum Reason {
        /// A byte that cannot stand where it does.
        case unexpected
        /// The end, where something must follow.
        case tooEarly
        /// Too many lists and objects in one another.
        case tooDeep
        /// A text that is not UTF-8.
        case encoding
        /// A document that is something else than an object.
        case notAnObject
    }

    let reason: Reason
    let position: Int

    init(_ reason: Reason, at position: Int) {
        self.reason = reason
        self.position = position
    }

    /// What the caller gets to see.
    var authenticationError: AuthenticationError {
        switch reason {
        case .unexpected: Self.malformed("an unexpected character at byte \(position)")
        case .tooEarly: Self.malformed("the text ends too early")
        case .tooDeep: Self.malformed("it is nested too deeply at byte \(position)")
        case .encoding: Self.malformed("the text at byte \(position) is not UTF-8")
        case .notAnObject: Self.malformed("it is not an object")
        }
    }

    /// The error for a document, with what is wrong with it.
    static func malformed(_ fault: String) -> AuthenticationError {
        AuthenticationError(.invalidCall, .cacheMalformed, "This is not a token cache in JSON: \(fault).")
    }
}
