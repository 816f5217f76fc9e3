// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Texts and scopes that many entries of a cache repeat, kept once for all of them.
///
/// It saves memory, and time: equal texts that lie in one place are compared at a glance. So many are shared and no more;
/// what comes later stands for itself.
enum SharedText {
    /// How many texts, and how many lists of scopes, are shared.
    private static let capacity = 4_096

    private static let texts = Mutex<[String: String]>([:])
    private static let scopes = Mutex<[[String]: SharedScopes]>([:])

    /// The text, shared with those who asked for an equal one before.
    static func of(_ text: String) -> String {
        // A text so short lies in the value itself.
        // One that is very long is nobody else's.
        guard (16...256).contains(text.utf8.count) else { return text }
        return texts.withLock { texts in
            if let shared = texts[text] { return shared }
            if texts.count < capacity { texts[text] = text }
            return text
        }
    }

    /// The scopes, shared likewise.
    static func of(_ spelled: [String]) -> SharedScopes {
        scopes.withLock { scopes in
            if let shared = scopes[spelled] { return shared }
            let made = SharedScopes(spelled.map { of($0) })
            if scopes.count < capacity, spelled.count <= 64, spelled.allSatisfy({ $0.utf8.count <= 256 }) {
                scopes[spelled] = made
            }
            return made
        }
    }
}

/// Scopes as they are spelled, and as the cache compares them: one object for all tokens that have them.
final class SharedScopes: Sendable {
    /// The scopes as they came.
    let spelled: [String]
    /// The scopes as they are compared.
    let set: ScopeSet

    /// Scopes in an object of their own.
    init(_ spelled: [String]) {
        self.spelled = spelled
        set = ScopeSet(spelled)
    }
}
