// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import MSALCore

@Suite struct TokenCacheTests {
    private let now = Date(timeIntervalSince1970: 1_788_256_800)

    private func account(_ number: Int, tenant: String = "t") -> Account {
        Account(
            homeAccountID: "\(number)-user.t",
            environment: "login.microsoftonline.com",
            tenantID: tenant,
            localAccountID: "l",
            username: "u",
            name: nil
        )
    }

    private func grant(_ account: Account, _ text: String = "a", scopes: [String] = ["A"], at now: Date) -> UserGrant {
        UserGrant(
            account: account,
            tenantName: account.tenantID,
            idToken: nil,
            accessToken: CachedAccessToken(
                secret: Secret(text),
                scopes: scopes,
                cachedAt: now,
                expiresOn: now.addingTimeInterval(3_600)
            ),
            refreshToken: Secret("r-\(text)"),
            familyID: nil
        )
    }

    @Test func theCacheNeverHoldsMoreUsersThanItsBoundAndGivesUpTheOneUnusedForTheLongest() {
        let cache = TokenCache(clientID: "c", limits: CacheLimits(maximumCount: 10))
        for number in 0..<10 {
            _ = cache.store(grant(account(number), at: now), at: now.addingTimeInterval(Double(number)))
        }
        // Used again, so that the second is now the one unused for the longest.
        let later = now.addingTimeInterval(60)
        #expect(cache.userToken(of: account(0), in: "t", for: ["a"], at: later) != nil)
        _ = cache.store(grant(account(10), at: now), at: later)
        #expect(cache.totals.partitionCount == 10)
        #expect(cache.account(homeAccountID: account(1).homeAccountID) == nil)
        for number in [0, 2, 9, 10] { #expect(cache.account(homeAccountID: account(number).homeAccountID) != nil) }
    }

    @Test func theCacheNeverHoldsManyMoreUsersThanItsBoundWhereTheyAreMany() {
        let cache = TokenCache(clientID: "c", limits: CacheLimits(maximumCount: 1_000))
        for number in 0..<3_000 {
            let time = now.addingTimeInterval(Double(number))
            _ = cache.store(grant(account(number), at: time), at: time)
            #expect(cache.userToken(of: account(number), in: "t", for: ["A"], at: time) != nil)
        }
        #expect(cache.totals.partitionCount == 1_000)
        // Picked among some at random: of the last quarter of what fits, next to all are there.
        let kept = (2_750..<3_000).filter { cache.account(homeAccountID: account($0).homeAccountID) != nil }
        #expect(kept.count > 225)
    }

    @Test func theBytesAreBoundedToo() {
        let cache = TokenCache(clientID: "c", limits: CacheLimits(maximumBytes: 100_000))
        for number in 0..<200 {
            let text = String(repeating: "x", count: 2_000)
            _ = cache.store(grant(account(number), text, at: now), at: now.addingTimeInterval(Double(number)))
        }
        #expect(cache.totals.byteCount <= 100_000)
        #expect((10...25).contains(cache.totals.partitionCount))
        for number in 0..<200 { cache.remove(homeAccountID: account(number).homeAccountID) }
        #expect(cache.totals.byteCount == 0)
        #expect(cache.totals.partitionCount == 0)
    }

    @Test func oneTenantWithTooManyTokensLosesThoseThatEndFirst() {
        let cache = TokenCache(clientID: "c", limits: CacheLimits(maximumBytes: 100_000))
        for number in 0..<500 {
            let token = CachedAccessToken(
                secret: Secret(String(repeating: "x", count: 1_000)),
                scopes: ["api-\(number)/.default"],
                cachedAt: now,
                expiresOn: now.addingTimeInterval(3_600 + Double(number))
            )
            cache.store(token, in: "tenant", at: now)
        }
        #expect(cache.totals.byteCount <= 100_000)
        #expect(cache.applicationToken(in: "TENANT", for: ["API-499/.default"], at: now) != nil)
        #expect(cache.applicationToken(in: "tenant", for: ["api-0/.default"], at: now) == nil)
    }

    @Test func theEndedAreSweptAndWhoHasARefreshTokenStays() {
        let cache = TokenCache(clientID: "c")
        _ = cache.store(grant(account(1), at: now), at: now)
        var without = grant(account(2), at: now)
        without.refreshToken = nil
        _ = cache.store(without, at: now)
        cache.store(without.accessToken, in: "tenant", at: now)
        #expect(cache.totals.partitionCount == 3)
        cache.sweep(at: now.addingTimeInterval(3_600))
        #expect(cache.accounts() == [account(1)])
        #expect(cache.totals.partitionCount == 1)
        #expect(cache.contents(of: account(1).homeAccountID)?.realms.first?.tokens.count == 0)
        cache.remove(homeAccountID: account(1).homeAccountID)
        #expect(cache.totals.byteCount == 0)
    }

    @Test func aliasesOfACloudAreOneTenantAndOtherCloudsAreNot() {
        let cache = TokenCache(clientID: "c")
        _ = cache.store(grant(account(1), at: now), at: now)
        for (environment, found) in [
            ("login.windows.net", true), ("sts.windows.net", true), ("login.microsoftonline.us", false), ("x", false),
        ] {
            let alias = Account(
                homeAccountID: account(1).homeAccountID,
                environment: environment,
                tenantID: "T",
                localAccountID: "l",
                username: "u",
                name: nil
            )
            #expect((cache.userToken(of: alias, in: "T", for: ["A"], at: now) != nil) == found)
        }
    }

    @Test func tokensOfOneUserTenantOrApplicationServeNoOther() {
        let cache = TokenCache(clientID: "c")
        _ = cache.store(grant(account(1), at: now), at: now)
        _ = cache.store(grant(account(1, tenant: "other"), "b", at: now), at: now)
        cache.store(grant(account(1), "app", at: now).accessToken, in: "t", at: now)
        #expect(cache.userToken(of: account(1), in: "t", for: ["A"], at: now)?.token.secret == Secret("a"))
        #expect(cache.userToken(of: account(1), in: "other", for: ["A"], at: now)?.token.secret == Secret("b"))
        #expect(cache.userToken(of: account(1), in: "third", for: ["A"], at: now) == nil)
        #expect(cache.userToken(of: account(2), in: "t", for: ["A"], at: now) == nil)
        #expect(cache.applicationToken(in: "t", for: ["A"], at: now)?.secret == Secret("app"))
        #expect(cache.applicationToken(in: "u", for: ["A"], at: now) == nil)
    }
}
