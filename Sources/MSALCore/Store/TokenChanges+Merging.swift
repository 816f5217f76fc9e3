// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension TokenChanges {
    /// These changes and later ones in one.
    func followed(by later: TokenChanges) -> TokenChanges {
        guard !isEmpty else { return later }
        let keys = Set(later.put.map(\.key)).union(later.remove)
        return TokenChanges(
            put: put.filter { !keys.contains($0.key) } + later.put,
            remove: Array(Set(remove).union(later.remove).subtracting(later.put.map(\.key)))
        )
    }
}

extension [StoredToken] {
    /// The entries after some changes.
    func applying(_ changes: TokenChanges) -> [StoredToken] {
        let gone = Set(changes.put.map(\.key)).union(changes.remove)
        return filter { !gone.contains($0.key) } + changes.put
    }
}
