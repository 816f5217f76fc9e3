// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A promise that a store has not kept.
public struct StoreSuiteFailure: Error, Sendable, Hashable {
    /// The name of the check: the promise as a sentence.
    public let check: String

    /// What was looked at.
    public let subject: String

    /// What should have come.
    public let expected: String

    /// What came.
    public let found: String

    /// A failure with all that is known of it; long values are cut.
    init(check: String, subject: String, expected: String, found: String) {
        self.check = check
        self.subject = subject
        self.expected = Self.cut(expected)
        self.found = Self.cut(found)
    }

    /// A text of a length that fits into a report.
    private static func cut(_ text: String) -> String {
        text.utf8.count <= 400 ? text : "\(text.prefix(400))… (\(text.utf8.count) bytes)"
    }
}

extension StoreSuiteFailure: CustomStringConvertible {
    /// The promise, what was looked at, what was expected and what came.
    public var description: String {
        "\(check)\nLooked at \(subject).\nExpected: \(expected)\nFound: \(found)"
    }
}
