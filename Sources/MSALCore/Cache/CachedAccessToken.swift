// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An access token as the cache keeps it: made once, handed out as often as it is asked for.
final class CachedAccessToken: Sendable {
    let secret: Secret
    let tokenType: String
    /// What it is good for, as granted.
    let scopes: [String]
    /// The same as the cache compares it.
    let grant: ScopeSet
    /// What was asked for, where the grant is called something else (`…/.default`); the empty set for no scope at all.
    let asked: ScopeSet?
    let cachedAt: Date
    let expiresOn: Date
    /// Until when it may be used while the provider is down.
    let extendedExpiresOn: Date?
    /// When the provider wants it renewed.
    let refreshOn: Date?
    let foreign: ForeignMembers
    /// A token this close to its end is renewed before it is handed out: it could end on its way.
    let expirySlack: TimeInterval
    /// The bits of the moment from which the next caller has it renewed in the background.
    private let refreshDue: Atomic<UInt64>

    /// A token with all that is known about it.
    ///
    /// Where the provider wants it renewed early, that is put off by a random part of five minutes, so that many tokens
    /// and many machines do not do so at once.
    init(
        secret: Secret,
        tokenType: String = "Bearer",
        scopes: [String],
        asked: ScopeSet? = nil,
        cachedAt: Date,
        expiresOn: Date,
        extendedExpiresOn: Date? = nil,
        refreshOn: Date? = nil,
        foreign: ForeignMembers = ForeignMembers()
    ) {
        let shared = SharedText.of(scopes)
        let grant = shared.set
        self.secret = secret
        self.tokenType = tokenType
        self.scopes = shared.spelled
        self.grant = grant
        self.asked = asked.flatMap { !$0.members.isEmpty && grant.holds($0.members) ? nil : $0 }
        self.cachedAt = cachedAt
        self.expiresOn = expiresOn
        self.extendedExpiresOn = extendedExpiresOn
        self.refreshOn = refreshOn
        self.foreign = foreign
        let slack = min(300, max(0, expiresOn.seconds(since: cachedAt)) / 4)
        expirySlack = slack
        let spread = refreshOn.map { min(300, max(0, expiresOn.seconds(since: $0) - slack) / 8) } ?? 0
        let due = refreshOn?.addingTimeInterval(.random(in: 0...1) * spread) ?? .distantFuture
        refreshDue = Atomic(due.timeIntervalSince1970.bitPattern)
    }

    /// The token of an answer.
    convenience init(_ answer: TokenResponse, askedFor scopes: [String], at now: Date) {
        self.init(
            secret: answer.accessToken,
            scopes: answer.scopes ?? scopes,
            asked: ScopeSet(scopes),
            cachedAt: now,
            expiresOn: now.adding(answer.lifetime),
            extendedExpiresOn: answer.extendedLifetime.map { now.adding($0) },
            refreshOn: answer.refreshIn.map { now.adding($0) }
        )
    }

    /// The last moment at which it is of any use.
    var endsOn: Date {
        max(expiresOn, extendedExpiresOn ?? expiresOn)
    }

    /// How many bytes it holds, about.
    var bytes: Int {
        256 + secret.byteCount + scopes.reduce(0) { $0 + 2 * $1.utf8.count } + foreign.json.count
    }

    /// Whether it can be handed out, at best for as long as its callers need it.
    func isUsable(at now: Date, _ use: TokenUse = .renewedInTime) -> Bool {
        switch use {
        case .renewedInTime: expiresOn.seconds(since: now) > expirySlack
        case .toTheEnd: now < expiresOn
        case .extended: now < endsOn
        }
    }

    /// Whether it serves a request for some scopes.
    ///
    /// A request for no scope is served by the answer to such a request alone: any other token may be for another API.
    func serves(_ wanted: [String]) -> Bool {
        if wanted.isEmpty { return asked?.members.isEmpty == true }
        if grant.holds(wanted) { return true }
        // The provider's own answer to this very question.
        return asked.map { $0 == ScopeSet(wanted) } ?? false
    }

    /// Whether the provider wants it renewed by now.
    func isDueForRefresh(at now: Date) -> Bool {
        now.timeIntervalSince1970 >= Double(bitPattern: refreshDue.load(ordering: .relaxed))
    }

    /// Takes it on to have the token renewed, if that is due; one caller alone is told so, others a minute later.
    func claimRefresh(at now: Date) -> Bool {
        let due = refreshDue.load(ordering: .relaxed)
        guard now.timeIntervalSince1970 >= Double(bitPattern: due) else { return false }
        let next = now.timeIntervalSince1970 + 60
        return refreshDue.compareExchange(expected: due, desired: next.bitPattern, ordering: .relaxed).exchanged
    }
}

/// How long a token in the cache counts as usable.
enum TokenUse: Sendable {
    /// Until it must be renewed, a while before its end.
    case renewedInTime
    /// Until its very end, for want of a better one.
    case toTheEnd
    /// Until the end that the provider grants for an outage of its own.
    case extended
}
