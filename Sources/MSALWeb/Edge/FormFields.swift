// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// The name-value pairs of a form body or a query, in order, decoded; names may repeat.
public struct FormFields: Sendable, Hashable {
    /// The pairs in the order they came.
    private let pairs: [Pair]

    /// One name with its value.
    private struct Pair: Sendable, Hashable {
        let name: String
        let value: String
    }

    /// Reads application/x-www-form-urlencoded text; nil for broken percent escapes, for text that is not UTF-8 and for
    /// more than a thousand pairs.
    public init?(parsing bytes: some Collection<UInt8>) {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        self.init(query: text)
    }

    /// Reads a query, without its question mark.
    public init?(query: String) {
        guard query.utf8.count(where: { $0 == UInt8(ascii: "&") }) < 1000 else { return nil }
        guard let pairs = FormEncoding.decode(query) else { return nil }
        self.pairs = pairs.map { Pair(name: $0.name, value: $0.value) }
    }

    /// The value of a name that occurs exactly once.
    public subscript(_ name: String) -> String? {
        var found: String?
        for pair in pairs where pair.name == name {
            guard found == nil else { return nil }
            found = pair.value
        }
        return found
    }
}
