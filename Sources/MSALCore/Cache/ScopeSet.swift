// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Scopes as the cache compares them: without case, order and the reserved ones, which every user token has.
struct ScopeSet: Hashable, Sendable {
    /// The scopes in lower case and ascending order.
    let members: [String]

    /// Normalises scopes.
    init(_ scopes: some Sequence<String>) {
        var members = scopes.map { $0.lowercased() }
        members.removeAll { Scopes.reserved.contains($0) }
        if members.count > 1 {
            members = Array(Set(members)).sorted()
        }
        self.members = members
    }

    /// Whether it holds a scope, in whatever case; nothing is allocated for the answer.
    func contains(_ scope: String) -> Bool {
        members.contains { scope.isEqual(toLowercased: $0) }
    }

    /// Whether it holds each of these scopes, in whatever case.
    func holds(_ scopes: [String]) -> Bool {
        scopes.allSatisfy { contains($0) }
    }
}

extension String {
    /// Whether this text is another one, which is in lower case, but for the case of ASCII letters.
    func isEqual(toLowercased other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        if self == other { return true }
        let equal = utf8.withContiguousStorageIfAvailable { own in
            other.utf8.withContiguousStorageIfAvailable { other in
                for index in 0..<own.count where own[index].asciiLowercased != other[index] { return false }
                return true
            }
        }
        return (equal ?? nil) ?? (lowercased() == other)
    }

    /// The text in lower case; the very same where it is already.
    var asciiLowercased: String {
        utf8.contains { $0 != $0.asciiLowercased } ? lowercased() : self
    }
}

extension UInt8 {
    /// The small letter of a capital one, and any other byte as it is.
    var asciiLowercased: UInt8 {
        (0x41...0x5A).contains(self) ? self | 0x20 : self
    }
}
