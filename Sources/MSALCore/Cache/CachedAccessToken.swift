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
    /// What few tokens have.
    private struct Special: Sendable {
        var tokenType: String
        var asked: SharedScopes?
        var foreign: ForeignMembers
        var isolation: String?
    }

    let secret: Secret
    /// What it is good for: one object for all tokens that are good for the same.
    let granted: SharedScopes
    let cachedAt: Date
    let expiresOn: Date
    /// The seconds of ``extendedExpiresOn``, or no number.
    private let extendedEnd: Double
    /// The seconds of ``refreshOn``, or no number.
    private let refreshMoment: Double
    /// None, or one: an array is a box that is empty at no cost.
    private let special: [Special]
    /// The bits of the moment from which the next caller has it renewed in the background.
    private let refreshDue: Atomic<UInt64>

    /// A token with all that is known about it.
    ///
    /// Where the provider wants it renewed early, that is put off by a random part of five minutes, so that many tokens
    /// and many machines do not do so at once.
    ///
    /// - Parameters:
    ///   - secret: the token.
    ///   - tokenType: how it is presented.
    ///   - scopes: what it is good for, as granted.
    ///   - asked: what it was asked for, which counts where the grant is called something else.
    ///   - cachedAt: when it came.
    ///   - expiresOn: when it ends.
    ///   - extendedExpiresOn: until when it may be used while the provider is down.
    ///   - refreshOn: when the provider wants it renewed.
    ///   - foreign: what other libraries keep about it.
    ///   - isolation: what keeps it apart: the hash of further parameters of its request.
    init(
        secret: Secret,
        tokenType: String = "Bearer",
        scopes: [String],
        asked: ScopeSet? = nil,
        cachedAt: Date,
        expiresOn: Date,
        extendedExpiresOn: Date? = nil,
        refreshOn: Date? = nil,
        foreign: ForeignMembers = ForeignMembers(),
        isolation: String? = nil
    ) {
        let granted = SharedText.of(scopes)
        self.secret = secret
        self.granted = granted
        self.cachedAt = cachedAt
        self.expiresOn = expiresOn
        extendedEnd = extendedExpiresOn?.timeIntervalSinceReferenceDate ?? .nan
        refreshMoment = refreshOn?.timeIntervalSinceReferenceDate ?? .nan
        let other = asked.flatMap { !$0.members.isEmpty && granted.set.holds($0.members) ? nil : $0 }
        let isSpecial = tokenType != "Bearer" || other != nil || !foreign.json.isEmpty || isolation != nil
        special =
            isSpecial
            ? [
                Special(
                    tokenType: tokenType,
                    asked: other.map { SharedText.of($0.members) },
                    foreign: foreign,
                    isolation: isolation
                )
            ] : []
        let slack = Self.slack(from: cachedAt, to: expiresOn)
        let spread = refreshOn.map { min(300, max(0, expiresOn.seconds(since: $0) - slack) / 8) } ?? 0
        let due = refreshOn?.addingTimeInterval(.random(in: 0...1) * spread) ?? .distantFuture
        refreshDue = Atomic(due.timeIntervalSince1970.bitPattern)
    }

    /// The token of an answer.
    convenience init(
        _ answer: TokenResponse,
        askedFor scopes: [String],
        isolation: String? = nil,
        at now: Date
    ) {
        self.init(
            secret: answer.accessToken,
            tokenType: answer.tokenType,
            scopes: answer.scopes ?? scopes,
            asked: ScopeSet(scopes),
            cachedAt: now,
            expiresOn: now.adding(answer.lifetime),
            extendedExpiresOn: answer.extendedLifetime.map { now.adding($0) },
            refreshOn: answer.refreshIn.map { now.adding($0) },
            isolation: isolation
        )
    }

    /// How it is presented.
    var tokenType: String { special.first?.tokenType ?? "Bearer" }

    /// What it is good for, as granted.
    var scopes: [String] { granted.spelled }

    /// The same as the cache compares it.
    var grant: ScopeSet { granted.set }

    /// What was asked for, where the grant is called something else (`…/.default`); the empty set for no scope at all.
    var asked: ScopeSet? { special.first?.asked?.set }

    /// Until when it may be used while the provider is down.
    var extendedExpiresOn: Date? { extendedEnd.isNaN ? nil : Date(timeIntervalSinceReferenceDate: extendedEnd) }

    /// When the provider wants it renewed.
    var refreshOn: Date? { refreshMoment.isNaN ? nil : Date(timeIntervalSinceReferenceDate: refreshMoment) }

    /// What keeps it apart from requests without the same further parameters; nil for an ordinary token.
    var isolation: String? { special.first?.isolation }

    /// Whether it is for requests that are kept apart by the same.
    func isKeptApart(by isolation: String?) -> Bool {
        special.isEmpty ? isolation == nil : self.isolation == isolation
    }

    /// What other libraries keep about it.
    var foreign: ForeignMembers { special.first?.foreign ?? ForeignMembers() }

    /// The last moment at which it is of any use.
    var endsOn: Date { max(expiresOn, extendedExpiresOn ?? expiresOn) }

    /// How many bytes it holds, about.
    var bytes: Int { 160 + secret.byteCount + (special.first.map { 96 + $0.foreign.json.count } ?? 0) }

    /// How long before its end it is renewed before it is handed out: it could end on its way.
    var expirySlack: TimeInterval { Self.slack(from: cachedAt, to: expiresOn) }

    private static func slack(from begin: Date, to end: Date) -> TimeInterval {
        min(300, max(0, end.seconds(since: begin)) / 4)
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
        if granted.set.holds(wanted) { return true }
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
