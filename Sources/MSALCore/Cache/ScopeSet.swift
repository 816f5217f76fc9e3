// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Scopes as the cache compares them: without case, order and the reserved ones, which every user token has.
struct ScopeSet: Hashable, Sendable {
    /// The scopes in lower case and ascending order.
    let members: [String]

    /// What the question for exactly these scopes is recognised by, in whatever case and order it is put.
    let fingerprint: UInt64

    /// Normalises scopes.
    init(_ scopes: some Sequence<String>) {
        var members = scopes.map { $0.lowercased() }
        members.removeAll { Scopes.reserved.contains($0) }
        if members.count > 1 {
            members = Array(Set(members)).sorted()
        }
        members = members.map { SharedText.of($0) }
        self.members = members
        fingerprint = Self.fingerprint(of: members)
    }

    /// What a question for scopes is recognised by; nothing is allocated for it.
    static func fingerprint(of scopes: [String]) -> UInt64 {
        scopes.reduce(UInt64(scopes.count)) { $0 &+ $1.foldedHash }
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

    /// A quick hash of the text that does not tell capital ASCII letters from small ones.
    ///
    /// It takes some other characters for equal too: what is found by it must be compared.
    var foldedHash: UInt64 {
        let fold: UInt64 = 0x2020_2020_2020_2020
        let prime: UInt64 = 0x9E37_79B9_7F4A_7C15
        let hash = utf8.withContiguousStorageIfAvailable { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            var hash = UInt64(raw.count) &* prime
            var offset = 0
            while offset + 8 <= raw.count {
                let word = raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self) | fold
                hash = (hash ^ word) &* prime
                hash ^= hash >> 32
                offset += 8
            }
            while offset < raw.count {
                hash = (hash ^ UInt64(raw[offset] | 0x20)) &* prime
                offset += 1
            }
            return hash ^ hash >> 29
        }
        if let hash { return hash }
        // A text that lies elsewhere, as Foundation's may on macOS.
        var copy = self
        copy.makeContiguousUTF8()
        return copy.utf8.withContiguousStorageIfAvailable { _ in copy.foldedHash } ?? UInt64(utf8.count)
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
