// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension CacheDocument {
    /// Takes in another document; where both have an entry, the other's counts.
    mutating func merge(_ other: CacheDocument) {
        accessTokens = Self.merged(accessTokens, other.accessTokens)
        refreshTokens = Self.merged(refreshTokens, other.refreshTokens)
        idTokens = Self.merged(idTokens, other.idTokens)
        accounts = Self.merged(accounts, other.accounts)
        appMetadata = Self.merged(appMetadata, other.appMetadata)
        let sections = Set(other.foreignSections.map(\.name))
        foreignSections = foreignSections.filter { !sections.contains($0.name) } + other.foreignSections
        let entries = Set(other.foreignEntries.map { [$0.section.rawValue, $0.key] })
        foreignEntries =
            foreignEntries.filter { !entries.contains([$0.section.rawValue, $0.key]) } + other.foreignEntries
    }

    /// Whether there is nothing in it.
    var isEmpty: Bool {
        accessTokens.isEmpty && refreshTokens.isEmpty && idTokens.isEmpty && accounts.isEmpty && appMetadata.isEmpty
            && foreignSections.isEmpty && foreignEntries.isEmpty
    }

    /// Takes out the tokens that an application has of a person; an account goes with the last of its tokens.
    mutating func remove(homeAccountID: String, clientID: String) {
        let isGone = { (home: String, client: String) in
            home == homeAccountID && client.asciiLowercased == clientID.asciiLowercased
        }
        accessTokens.removeAll { isGone($0.homeAccountID, $0.clientID) }
        refreshTokens.removeAll { isGone($0.homeAccountID, $0.clientID) }
        idTokens.removeAll { isGone($0.homeAccountID, $0.clientID) }
        let isHere =
            accessTokens.contains { $0.homeAccountID == homeAccountID }
            || refreshTokens.contains { $0.homeAccountID == homeAccountID }
            || idTokens.contains { $0.homeAccountID == homeAccountID }
        if !isHere { accounts.removeAll { $0.homeAccountID == homeAccountID } }
    }

    /// Leaves one account for each key: several applications of a store keep one each.
    mutating func mergeAccounts() {
        accounts = Self.unique(accounts)
    }

    /// The entities of two lists, the second's where both have one.
    private static func merged<Entity: CacheEntity>(_ first: [Entity], _ second: [Entity]) -> [Entity] {
        if first.isEmpty { return second }
        return second.isEmpty ? first : unique(first + second)
    }

    /// The last entity of each key.
    private static func unique<Entity: CacheEntity>(_ all: [Entity]) -> [Entity] {
        var places: [[String]: Int] = [:]
        var entities: [Entity] = []
        for entity in all {
            let key = [entity.key, entity.distinction ?? ""]
            if let place = places[key] {
                entities[place] = entity
            } else {
                places[key] = entities.count
                entities.append(entity)
            }
        }
        return entities
    }
}
