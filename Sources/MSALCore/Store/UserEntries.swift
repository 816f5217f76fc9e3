// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A user's entries out of a store, read one by one: what cannot be read is counted and harms no other.
struct UserEntries {
    private var accessTokens: [(AccessTokenEntity, asked: ScopeSet?)] = []
    private var idTokens: [(IDTokenEntity, isValidated: Bool)] = []
    private var accounts: [AccountEntity] = []
    private var refreshTokens: [RefreshTokenEntity] = []
    /// How many entries could not be read.
    private(set) var unreadable = 0
    /// Whether there were entries and none of them opened.
    var isUseless = false

    /// Reads the entries of an application and of its family; those of other applications are passed over.
    init(_ entries: [(key: String, text: [UInt8])], clientID: String) {
        for (key, text) in entries {
            guard let kind = StoredEntry.kind(of: key, clientID: clientID) else { continue }
            let (json, note) = StoredEntry.parts(of: text)
            do throws(AuthenticationError) {
                switch kind {
                case .accessToken:
                    accessTokens.append((try AccessTokenEntity(json: json), note.map { ScopeSet(Scopes.split($0)) }))
                case .idToken: idTokens.append((try IDTokenEntity(json: json), isValidated: note == "validated"))
                case .account: accounts.append(try AccountEntity(json: json))
                case .refreshToken: refreshTokens.append(try RefreshTokenEntity(json: json))
                }
            } catch {
                unreadable += 1
            }
        }
    }

    /// Whether there is a newer refresh token here than among others; never where the others have none.
    func isNewer(than others: UserEntries) -> Bool {
        guard let newest = refreshTokens.compactMap(\.modifiedAt).max(),
            let other = others.refreshTokens.map({ $0.modifiedAt ?? .distantPast }).max()
        else { return false }
        return newest > other
    }

    /// The user as the cache keeps them: accounts with their tokens; tokens without an account serve nobody.
    func contents(of homeAccountID: String) -> UserContents {
        var contents = UserContents(refreshTokens: refreshTokens.map(\.cached))
        let isSession = OnBehalf.isPartition(homeAccountID)
        for account in accounts where isSession || account.homeAccountID == homeAccountID {
            var realm = account.cached()
            // A session on behalf of somebody is kept under its own name.
            if isSession { realm.keep(realm.account.changed { $0.partition = homeAccountID }) }
            let isHere = { (environment: String, tenant: String) in
                realm.isNamed(environment: environment, tenant: tenant)
            }
            let isTheirs = { (holder: String) in !isSession || holder == account.homeAccountID }
            for (token, asked) in accessTokens
            where isHere(token.environment, token.realm) && isTheirs(token.homeAccountID) {
                realm.tokens.insert(token.cached(asked: asked), at: token.cachedAt)
            }
            let idToken = idTokens.first { isHere($0.0.environment, $0.0.realm) && isTheirs($0.0.homeAccountID) }
            if let (token, isValidated) = idToken {
                realm.keep(realm.account, idToken: token.secret, isValidated: isValidated)
            }
            contents.realms.append(realm)
        }
        return contents
    }
}
