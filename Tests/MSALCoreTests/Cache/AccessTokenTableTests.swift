// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import MSALCore

@Suite struct AccessTokenTableTests {
    private let now = Date(timeIntervalSince1970: 1_788_256_800)

    private func token(
        _ text: String,
        _ scopes: [String],
        asked: [String]? = nil,
        lifetime: TimeInterval = 3_600
    ) -> CachedAccessToken {
        CachedAccessToken(
            secret: Secret(text),
            scopes: scopes,
            asked: ScopeSet(asked ?? scopes),
            cachedAt: now,
            expiresOn: now.addingTimeInterval(lifetime)
        )
    }

    /// A table with so many other tokens in it that it has an index, or with few.
    private func table(_ others: Int) -> AccessTokenTable {
        var table = AccessTokenTable()
        for number in 0..<others { table.insert(token("other-\(number)", ["other-\(number)"]), at: now) }
        return table
    }

    @Test(arguments: [0, 3, 100]) func aGrantServesEveryPartOfItInEveryCase(_ others: Int) {
        var table = table(others)
        table.insert(token("ab", ["A", "B"]), at: now)
        table.insert(token("c", ["C"]), at: now)
        for asked in [["b", "A"], ["b"], ["B"], ["a"], ["A", "a"]] {
            #expect(table.token(for: asked, at: now)?.secret == Secret("ab"))
        }
        #expect(table.token(for: ["a", "c"], at: now) == nil)
        #expect(table.token(for: ["d"], at: now) == nil)
        #expect(table.token(for: ["openid"], at: now) == nil)
    }

    @Test(arguments: [0, 100]) func whatWasAskedForFindsWhatWasGrantedUnderAnotherName(_ others: Int) {
        var table = table(others)
        table.insert(token("t", ["User.Read"], asked: ["https://graph.microsoft.com/.default", "openid"]), at: now)
        #expect(table.token(for: ["https://graph.microsoft.com/.DEFAULT"], at: now)?.secret == Secret("t"))
        #expect(table.token(for: ["user.read"], at: now)?.secret == Secret("t"))
        #expect(table.token(for: ["https://graph.microsoft.com/.default", "other-1"], at: now) == nil)
    }

    @Test(arguments: [0, 100]) func aRequestForNoScopeIsServedByTheAnswerToOneOnly(_ others: Int) {
        var table = table(others)
        table.insert(token("t", ["User.Read"]), at: now)
        #expect(table.token(for: [], at: now) == nil)
        table.insert(token("n", ["User.Read"], asked: []), at: now)
        #expect(table.token(for: [], at: now)?.secret == Secret("n"))
        table.insert(token("o", ["User.Read"], asked: []), at: now)
        #expect(table.token(for: [], at: now)?.secret == Secret("o"))
        #expect(table.count == others + 1)
    }

    @Test(arguments: [0, 100]) func aWiderGrantReplacesTheNarrower(_ others: Int) {
        var table = table(others)
        table.insert(token("a", ["A"]), at: now)
        table.insert(token("ab", ["A", "B"]), at: now)
        #expect(table.count == others + 1)
        #expect(table.token(for: ["a"], at: now)?.secret == Secret("ab"))
        table.insert(token("ac", ["A", "C"], lifetime: 7_200), at: now)
        #expect(table.count == others + 2)
        // The one that ends last serves.
        #expect(table.token(for: ["a"], at: now)?.secret == Secret("ac"))
        #expect(table.token(for: ["b"], at: now)?.secret == Secret("ab"))
    }

    @Test(arguments: [0, 100]) func theEndedAreSweptWhenSomethingIsKept(_ others: Int) {
        var table = table(others)
        table.insert(token("a", ["A"], lifetime: 100), at: now)
        #expect(table.token(for: ["a"], at: now)?.isUsable(at: now.addingTimeInterval(76)) == false)
        #expect(table.token(for: ["a"], at: now)?.isUsable(at: now.addingTimeInterval(76), .toTheEnd) == true)
        table.insert(token("b", ["B"]), at: now.addingTimeInterval(101))
        #expect(table.token(for: ["a"], at: now) == nil)
        #expect(table.count == others + 1)
    }

    @Test(arguments: [0, 100]) func aUsableTokenServesBeforeOneThatFitsExactly(_ others: Int) {
        var table = table(others)
        table.insert(token("ab", ["A", "B"]), at: now)
        table.insert(token("a", ["A"], asked: ["other-name"], lifetime: 10), at: now)
        #expect(table.token(for: ["A"], at: now)?.secret == Secret("a"))
        #expect(table.token(for: ["A"], at: now.addingTimeInterval(9))?.secret == Secret("ab"))
    }

    @Test func theBytesAreThoseOfTheTokensThatAreThere() {
        var table = AccessTokenTable()
        #expect(table.bytes == 0)
        for number in 0..<50 { table.insert(token("t", ["scope-\(number)"], lifetime: 100), at: now) }
        let expected = table.all.reduce(0) { $0 + $1.bytes }
        #expect(table.bytes == expected)
        #expect(table.removeHalf().count == 25)
        table.sweep(at: now.addingTimeInterval(100))
        #expect(table.count == 0)
        #expect(table.bytes == 0)
    }

    @Test func reservedScopesDoNotCount() {
        #expect(ScopeSet(["openid", "User.Read", "profile", "offline_access"]) == ScopeSet(["user.read"]))
        #expect(ScopeSet(["b", "A", "a"]).members == ["a", "b"])
    }
}

@Suite struct CachedAccessTokenTests {
    private let now = Date(timeIntervalSince1970: 1_788_256_800)

    @Test func oneCallerAloneIsToldToRenewAndOthersAMinuteLater() {
        let token = CachedAccessToken(
            secret: Secret("t"),
            scopes: ["a"],
            cachedAt: now,
            expiresOn: now.addingTimeInterval(3_600),
            refreshOn: now.addingTimeInterval(1_800)
        )
        #expect(!token.isDueForRefresh(at: now.addingTimeInterval(1_799)))
        #expect(!token.claimRefresh(at: now.addingTimeInterval(1_799)))
        // Put off by at most an eighth of what is left until it must be renewed.
        let due = now.addingTimeInterval(1_800 + 1_500 / 8)
        #expect(token.isDueForRefresh(at: due))
        #expect(token.claimRefresh(at: due))
        #expect(!token.claimRefresh(at: due))
        #expect(!token.isDueForRefresh(at: due.addingTimeInterval(59)))
        #expect(token.claimRefresh(at: due.addingTimeInterval(60)))
    }

    @Test(arguments: [(3_600.0, 300.0), (1_200, 300), (300, 75), (4, 1)])
    func theSlackIsFiveMinutesOrAQuarterOfAShortLife(_ lifetime: TimeInterval, _ slack: TimeInterval) {
        let token = CachedAccessToken(
            secret: Secret("t"),
            scopes: ["a"],
            cachedAt: now,
            expiresOn: now.addingTimeInterval(lifetime),
            extendedExpiresOn: now.addingTimeInterval(lifetime + 10)
        )
        #expect(token.expirySlack == slack)
        #expect(!token.isUsable(at: now.addingTimeInterval(lifetime - slack)))
        #expect(token.isUsable(at: now.addingTimeInterval(lifetime - slack - 0.5)))
        #expect(token.isUsable(at: now.addingTimeInterval(lifetime - 1), .toTheEnd))
        #expect(!token.isUsable(at: now.addingTimeInterval(lifetime), .toTheEnd))
        #expect(token.isUsable(at: now.addingTimeInterval(lifetime + 9), .extended))
        #expect(!token.isUsable(at: now.addingTimeInterval(lifetime + 10), .extended))
    }
}
