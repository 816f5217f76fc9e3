// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// Text that must not be seen: a client secret, a token, a code verifier.
///
/// It prints as `<redacted>` however it is printed, and compares in constant time. The text comes out by ``reveal()``
/// alone, so that every place that uses it can be found.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// How many bytes the text has.
    package var byteCount: Int { text.utf8.count }

    /// Wraps a text.
    public init(_ text: String) {
        self.text = text
    }

    /// The text itself, for the one place that sends or stores it.
    public func reveal() -> String {
        text
    }

    /// Always `<redacted>`.
    public var description: String { "<redacted>" }

    /// Always `<redacted>`.
    public var debugDescription: String { "<redacted>" }

    /// A mirror with nothing in it.
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Whether two secrets are the same text; the time taken tells nothing about where they differ.
    public static func == (left: Secret, right: Secret) -> Bool {
        isEqualInConstantTime(left.text, right.text)
    }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}
