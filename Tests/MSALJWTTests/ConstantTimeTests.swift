// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALJWT

@Suite("Comparing in constant time")
struct ConstantTimeTests {
    @Test(
        "Only equal bytes are equal",
        arguments: [
            ("", "", true), ("a", "a", true), ("a", "b", false), ("a", "", false), ("ab", "a", false),
            ("abc", "abd", false),
            ("xbc", "abc", false), ("é", "e\u{301}", false),
        ]
    )
    func compares(first: String, second: String, isEqual: Bool) {
        #expect(isEqualInConstantTime(first, second) == isEqual)
        #expect(isEqualInConstantTime(Array(first.utf8), Array(second.utf8)[...]) == isEqual)
    }
}
