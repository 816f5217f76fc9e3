// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One entry as it lies in a store: its key, and what is sealed under it.
///
/// The text is the entity as the MSALs share it, and after a line break what only this library knows about it.
struct StoredEntry: Sendable {
    /// The entry's name in its partition: whose it is, its kind, and a hash of what tells it from others.
    var key: String
    /// What is sealed.
    var text: [UInt8]
    /// When it may be forgotten; nil for as long as its owner is seen now and then.
    var endsOn: Date?

    /// The kinds of entry, as their keys name them.
    enum Kind: String {
        case accessToken = "at"
        case refreshToken = "rt"
        case account = "ac"
        case idToken = "id"
    }

    /// What begins the keys of an application's own entries.
    static func tag(clientID: String) -> String {
        "c" + StoreName.hash([clientID]).prefix(16)
    }

    /// What begins the keys of entries that a family of applications shares.
    static func tag(familyID: String) -> String {
        "f" + StoreName.hash([familyID]).prefix(16)
    }

    /// The key of an entry.
    static func key(_ tag: String, _ kind: Kind, _ parts: [String]) -> String {
        "\(tag).\(kind.rawValue).\(StoreName.hash(parts))"
    }

    /// The kind that a key names, if it is the application's own or a family's; nil for another application's.
    static func kind(of key: String, clientID: String) -> Kind? {
        let parts = key.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasPrefix("f") || parts[0] == tag(clientID: clientID)[...] else { return nil }
        return Kind(rawValue: String(parts[1]))
    }

    /// The text with what only this library knows.
    static func text(_ entity: [UInt8], note: String?) -> [UInt8] {
        entity + (note.map { [0x0A] + Array($0.utf8) } ?? [])
    }

    /// Takes a text apart.
    static func parts(of text: [UInt8]) -> (entity: [UInt8], note: String?) {
        // Compact JSON has no line break outside of strings, and none inside.
        guard let end = text.lastIndex(of: 0x0A) else { return (text, nil) }
        return (Array(text[..<end]), String(decoding: text[(end + 1)...], as: UTF8.self))
    }
}

extension CacheEntry {
    /// The key of the entry, and of the one beside it: an account has its ID token beside it.
    func keys(clientID: String) -> [String] {
        let own = StoredEntry.tag(clientID: clientID)
        switch self {
        case .accessToken(let token, let account):
            let place = [Cloud.canonical(account.environment), account.tenantID.lowercased()]
            let isolation = token.isolation.map { [" " + $0] } ?? []
            return [StoredEntry.key(own, .accessToken, place + token.grant.members + isolation)]
        case .refreshToken(let token):
            let tag = token.familyID.map { StoredEntry.tag(familyID: $0) } ?? own
            return [StoredEntry.key(tag, .refreshToken, [Cloud.canonical(token.environment)])]
        case .account(let realm):
            let place = [Cloud.canonical(realm.account.environment), realm.account.tenantID.lowercased()]
            return [StoredEntry.key(own, .account, place), StoredEntry.key(own, .idToken, place)]
        }
    }

    /// The entries that a store keeps.
    func stored(clientID: String, lasting lifetime: Duration, at now: Date) -> [StoredEntry] {
        let keys = keys(clientID: clientID)
        let end = now.adding(lifetime)
        switch self {
        case .accessToken(let token, let account):
            let entity = AccessTokenEntity(token, of: account, clientID: clientID)
            let note = token.asked?.members.joined(separator: " ")
            return [StoredEntry(key: keys[0], text: StoredEntry.text(entity.json(), note: note), endsOn: token.endsOn)]
        case .refreshToken(let token):
            return [StoredEntry(key: keys[0], text: RefreshTokenEntity(token, of: "").json(), endsOn: end)]
        case .account(let realm):
            var entries = [StoredEntry(key: keys[0], text: AccountEntity(realm).json(), endsOn: end)]
            if let token = IDTokenEntity(realm, clientID: clientID) {
                let note = realm.isIDTokenValidated ? "validated" : nil
                entries.append(
                    StoredEntry(key: keys[1], text: StoredEntry.text(token.json(), note: note), endsOn: end)
                )
            }
            return entries
        }
    }
}
