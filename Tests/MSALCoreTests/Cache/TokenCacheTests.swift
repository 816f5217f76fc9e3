// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALTesting
import Testing

@testable import MSALCore

/// A token as the cache keeps it.
private func makeToken(_ text: String, _ scopes: [String], endingAt end: Date) -> CachedAccessToken {
    CachedAccessToken(token: Secret(text), tokenType: "Bearer", scopes: scopes, expiresOn: end, expirySlack: 300)
}

@Suite struct AccessTokenTableTests {
    private let now = Date(timeIntervalSince1970: 1_788_256_800)

    private func token(_ text: String, _ scopes: [String], lifetime: TimeInterval = 3_600) -> CachedAccessToken {
        makeToken(text, scopes, endingAt: now.addingTimeInterval(lifetime))
    }

    @Test func aGrantServesEveryPartOfIt() {
        var table = AccessTokenTable()
        table.insert(token("ab", ["A", "B"]), askedFor: ScopeSet(["a", "b"]), at: now)
        table.insert(token("c", ["C"]), askedFor: ScopeSet(["c"]), at: now)
        #expect(table.token(for: ScopeSet(["b", "A"]), at: now)?.token == Secret("ab"))
        #expect(table.token(for: ScopeSet(["b"]), at: now)?.token == Secret("ab"))
        #expect(table.token(for: ScopeSet(["a", "c"]), at: now) == nil)
        #expect(table.token(for: ScopeSet(["d"]), at: now) == nil)
    }

    @Test func whatWasAskedForFindsWhatWasGrantedUnderAnotherName() {
        var table = AccessTokenTable()
        table.insert(token("t", ["User.Read"]), askedFor: ScopeSet(["https://graph.microsoft.com/.default"]), at: now)
        #expect(table.token(for: ScopeSet(["https://graph.microsoft.com/.default"]), at: now) != nil)
        #expect(table.token(for: ScopeSet(["user.read"]), at: now) != nil)
    }

    @Test func aWiderGrantReplacesTheNarrower() {
        var table = AccessTokenTable()
        table.insert(token("a", ["A"]), askedFor: ScopeSet(["A"]), at: now)
        table.insert(token("ab", ["A", "B"]), askedFor: ScopeSet(["A", "B"]), at: now)
        #expect(table.count == 1)
        #expect(table.token(for: ScopeSet(["a"]), at: now)?.token == Secret("ab"))
    }

    @Test func theEndedAreSweptWhenSomethingIsKept() {
        var table = AccessTokenTable()
        table.insert(token("a", ["A"], lifetime: 100), askedFor: ScopeSet(["A"]), at: now)
        #expect(table.token(for: ScopeSet(["a"]), at: now) == nil)
        #expect(table.token(for: ScopeSet(["a"]), at: now, untilTheEnd: true) != nil)
        table.insert(token("b", ["B"]), askedFor: ScopeSet(["B"]), at: now.addingTimeInterval(101))
        #expect(table.count == 1)
    }

    @Test func reservedScopesDoNotCount() {
        #expect(ScopeSet(["openid", "User.Read", "profile", "offline_access"]) == ScopeSet(["user.read"]))
        #expect(ScopeSet(["b", "A", "a"]).members == ["a", "b"])
    }

    @Test func aliasesOfACloudAreOneTenant() {
        let one = TenantKey(environment: "login.windows.net", tenant: "T")
        let other = TenantKey(environment: "login.microsoftonline.com", tenant: "t")
        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
        #expect(one != TenantKey(environment: "login.microsoftonline.us", tenant: "t"))
    }
}

@Suite struct TokenCacheBoundsTests {
    @Test func theCacheNeverHoldsMoreUsersThanItsBound() async throws {
        let cache = TokenCache(maximumUserCount: 10)
        let provider = ScriptedProvider()
        let application = try provider.makeApplication()
        let result = try await provider.signIn(application)
        let idToken = try #require(result.idToken)
        let token = makeToken("t", ["a"], endingAt: provider.time.now.addingTimeInterval(3_600))
        for number in 0..<50 {
            let account = Account(
                homeAccountID: "user-\(number)",
                environment: "e",
                tenantID: "",
                localAccountID: "",
                username: "",
                name: nil
            )
            cache.store(
                .init(
                    account: account,
                    idToken: idToken,
                    accessToken: token,
                    asked: ScopeSet(["a"]),
                    refreshToken: Secret("r")
                ),
                at: provider.time.now
            )
            // The newest is always there.
            #expect(cache.userToken(of: account, for: ScopeSet(["a"]), at: provider.time.now) != nil)
            #expect(cache.accounts().count <= 10)
        }
        #expect(cache.accounts().count == 10)
    }
}

@Suite struct BoundedTableTests {
    @Test func whatIsUsedStaysAndTheBoundHolds() {
        var table = BoundedTable<Int, String>(capacity: 100)
        for number in 0..<1_000 {
            table.change(number, from: "new") { $0 += "!" }
            table.touch(0)
            #expect(table.count <= 100)
            #expect(table[number] == "new!")
        }
        // Picked at random, the one just used goes only when it is picked eight times of eight.
        #expect(table[0] == "new!")
    }

    @Test func removedKeysLeaveTheOthersInPlace() {
        var table = BoundedTable<Int, Int>(capacity: 10)
        for number in 0..<10 { table.change(number, from: number) { _ in } }
        for number in [0, 9, 4] { table.remove(number) }
        table.remove(4)
        table.change(4) { $0 = 7 }
        #expect(table.values.sorted() == [1, 2, 3, 5, 6, 7, 8])
        for number in [10, 11, 12] { table.change(number, from: number) { _ in } }
        #expect(table.count == 10)
        #expect([1, 2, 3, 5, 6, 7, 8, 10, 11, 12].allSatisfy { table[$0] == $0 })
    }
}
