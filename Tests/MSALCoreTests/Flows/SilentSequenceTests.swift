// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

/// What a silent call comes to: the time since the sign-in and the provider's answer, then result, source, reason and
/// requests, and what is left for the next call.
@Suite struct SilentSequenceTests {
    typealias Service = ScriptedTokenService

    /// One row, in which the sign-in brings `at-1` and `rt-1`, and a refresh `at-2` and `rt-2`.
    struct Sequence: Sendable, CustomTestStringConvertible {
        var name: String
        var refreshIn: Int?
        var extended: Int?
        /// The seconds since the sign-in.
        var after: Int
        var scopes = ["User.Read"]
        var isForced = false
        var claims: String?
        /// What the provider answers; it must not be asked where there is nothing.
        var answer: Service.Outcome?
        var expected: Expectation
        /// The refresh tokens that are left.
        var left = ["rt-1"]
        /// What the same call without any option gets once the background has done its work.
        var next: String?

        var testDescription: String { name }
    }

    /// What a call comes to.
    enum Expectation: Sendable {
        case token(String, AuthenticationResult.Source, AuthenticationResult.RefreshReason?, endsIn: Int)
        case error(AuthenticationError.Kind, AuthenticationError.Code)
    }

    static let unchanged: Expectation = .token("at-1", .cache, nil, endsIn: 3_600)
    static let proactive: Expectation = .token("at-1", .cache, .proactive, endsIn: 3_600)
    static let down: Expectation = .error(.transient, .unexpectedStatus)
    static let refused: Expectation = .error(.interactionRequired, .server)
    static let badToken: Service.Outcome = .error("invalid_grant", suberror: "bad_token")
    static let policy = #"{"access_token":{"acrs":{"essential":true,"value":"c1"}}}"#

    /// What a refresh at some second brings.
    static func renewed(_ second: Int, _ reason: AuthenticationResult.RefreshReason) -> Expectation {
        .token("at-2", .identityProvider, reason, endsIn: second + 3_600)
    }

    @Test(arguments: [
        // Fresh: nobody is asked.
        Sequence(name: "fresh", after: 0, expected: unchanged, next: "at-1"),
        Sequence(name: "fresh to the last second", after: 3_299, expected: unchanged, next: "at-1"),
        Sequence(name: "fresh, other case", after: 60, scopes: ["USER.read"], expected: unchanged, next: "at-1"),
        Sequence(name: "not aging yet", refreshIn: 1_800, after: 1_799, expected: unchanged, next: "at-1"),

        // Aging: the token at hand is handed out, whatever the provider says.
        Sequence(
            name: "aging, granted",
            refreshIn: 1_800,
            after: 2_200,
            answer: .grant,
            expected: proactive,
            left: ["rt-2"],
            next: "at-2"
        ),
        Sequence(
            name: "aging, refused",
            refreshIn: 1_800,
            after: 2_200,
            answer: badToken,
            expected: proactive,
            left: [],
            next: "at-1"
        ),
        Sequence(
            name: "aging, 503",
            refreshIn: 1_800,
            after: 2_200,
            answer: .status(503),
            expected: proactive,
            next: "at-1"
        ),
        Sequence(
            name: "aging, 429",
            refreshIn: 1_800,
            after: 2_200,
            answer: .status(429, retryAfter: "60"),
            expected: proactive,
            next: "at-1"
        ),
        Sequence(
            name: "aging, no answer",
            refreshIn: 1_800,
            after: 2_200,
            answer: .timeOut,
            expected: proactive,
            next: "at-1"
        ),
        Sequence(
            name: "aging, consent withdrawn",
            refreshIn: 1_800,
            after: 2_200,
            answer: .error("invalid_grant", suberror: "consent_required"),
            expected: proactive,
            next: "at-1"
        ),
        Sequence(
            name: "aging and about to end",
            refreshIn: 1_800,
            after: 3_300,
            answer: .grant,
            expected: renewed(3_300, .expired),
            left: ["rt-2"],
            next: "at-2"
        ),

        // Expired: the caller waits.
        Sequence(
            name: "about to end, granted",
            after: 3_300,
            answer: .grant,
            expected: renewed(3_300, .expired),
            left: ["rt-2"],
            next: "at-2"
        ),
        Sequence(
            name: "expired, granted",
            after: 4_000,
            answer: .grant,
            expected: renewed(4_000, .expired),
            left: ["rt-2"],
            next: "at-2"
        ),
        Sequence(name: "expired, refused", after: 4_000, answer: badToken, expected: refused, left: []),
        Sequence(name: "expired, 503", after: 4_000, answer: .status(503), expected: down),
        Sequence(
            name: "expired, no answer",
            after: 4_000,
            answer: .timeOut,
            expected: .error(.transient, .unreachable),
            next: "at-2"
        ),
        Sequence(
            name: "expired, 429",
            after: 4_000,
            answer: .status(429),
            expected: .error(.throttled, .tooManyRequests)
        ),

        // The service is down: a token serves to its end, and beyond where the provider granted that.
        Sequence(name: "about to end, 503", after: 3_400, answer: .status(503), expected: unchanged, next: "at-1"),
        Sequence(name: "last second, 503", after: 3_599, answer: .status(503), expected: unchanged, next: "at-1"),
        Sequence(
            name: "extended, 503",
            extended: 7_200,
            after: 4_000,
            answer: .status(503),
            expected: .token("at-1", .cache, nil, endsIn: 7_200),
            next: "at-1"
        ),
        Sequence(
            name: "extended, 429",
            extended: 7_200,
            after: 4_000,
            answer: .status(429),
            expected: .token("at-1", .cache, nil, endsIn: 7_200),
            next: "at-1"
        ),
        Sequence(
            name: "extended, no answer",
            extended: 7_200,
            after: 7_199,
            answer: .timeOut,
            expected: .token("at-1", .cache, nil, endsIn: 7_200),
            next: "at-2"
        ),
        Sequence(
            name: "extended, granted",
            extended: 7_200,
            after: 4_000,
            answer: .grant,
            expected: renewed(4_000, .expired),
            left: ["rt-2"],
            next: "at-2"
        ),
        Sequence(
            name: "extended, refused",
            extended: 7_200,
            after: 4_000,
            answer: badToken,
            expected: refused,
            left: []
        ),
        Sequence(name: "extension over, 503", extended: 7_200, after: 7_200, answer: .status(503), expected: down),

        // Nothing at hand.
        Sequence(
            name: "other scopes, granted",
            after: 60,
            scopes: ["api://other/Read"],
            answer: .grant,
            expected: renewed(60, .noToken),
            left: ["rt-2"],
            next: "at-2"
        ),
        Sequence(
            name: "other scopes, 503",
            after: 60,
            scopes: ["api://other/Read"],
            answer: .status(503),
            expected: down
        ),

        // The caller passes over the token at hand.
        Sequence(
            name: "forced, granted",
            after: 60,
            isForced: true,
            answer: .grant,
            expected: renewed(60, .forced),
            left: ["rt-2"],
            next: "at-2"
        ),
        Sequence(
            name: "forced, 503",
            after: 60,
            isForced: true,
            answer: .status(503),
            expected: down,
            next: "at-1"
        ),
        Sequence(
            name: "forced, refused",
            after: 60,
            isForced: true,
            answer: badToken,
            expected: refused,
            left: [],
            next: "at-1"
        ),
        Sequence(
            name: "claims, granted",
            after: 60,
            claims: policy,
            answer: .grant,
            expected: renewed(60, .claims),
            left: ["rt-2"],
            next: "at-2"
        ),
        Sequence(
            name: "claims, 503",
            extended: 7_200,
            after: 60,
            claims: policy,
            answer: .status(503),
            expected: down,
            next: "at-1"
        ),
        Sequence(
            name: "claims, refused",
            after: 60,
            claims: policy,
            answer: .error("interaction_required", suberror: "basic_action", claims: policy),
            expected: refused,
            next: "at-1"
        ),
    ])
    func aSilentCallComesTo(_ row: Sequence) async throws {
        let service = Service()
        service.issue {
            $0.refreshIn = row.refreshIn
            $0.extended = row.extended
        }
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        let start = service.time.now
        service.time.advance(by: .seconds(row.after))
        if let answer = row.answer { service.script(answer) }

        let outcome = await Result {
            try await application.acquireTokenSilently(
                scopes: row.scopes,
                account: account,
                forceRefresh: row.isForced,
                claims: row.claims
            )
        }
        await application.refreshes.drain()

        switch (row.expected, outcome) {
        case (.token(let token, let source, let reason, let end), .success(let result)):
            #expect(result.accessToken.reveal() == token)
            #expect(result.source == source)
            #expect(result.refreshReason == reason)
            #expect(result.expiresOn == start.addingTimeInterval(Double(end)))
            #expect(result.account == account)
            #expect(result.tenantID == Service.home)
            #expect(result.idToken?.claims.subject?.hasPrefix("ada") == true)
            #expect((result.correlationID == nil) == (source == .cache))
            #expect(result.durations.total >= result.durations.http)
        case (.error(let kind, let code), .failure(let error)):
            let error = try #require(error as? AuthenticationError)
            #expect(error.kind == kind)
            #expect(error.code == code)
        default:
            Issue.record("It came to \(outcome).")
        }
        #expect(service.calls.count == (row.answer == nil ? 0 : 1))
        #expect(service.calls.last?.form["claims"] == (row.answer == nil ? nil : row.claims))
        #expect(application.cache.refreshTokens(of: account).map { $0.secret.reveal() } == row.left)

        // What answered with a pause is not asked again meanwhile, so that what comes now is what is kept.
        let next = await Result { try await application.acquireTokenSilently(scopes: row.scopes, account: account) }
        #expect(next.token == row.next)
    }

    @Test(arguments: [
        ("message_only", AuthenticationError.InteractionReason.messageOnly), ("basic_action", .basicAction),
        ("additional_action", .additionalAction), ("consent_required", .consent),
        ("user_password_expired", .passwordExpired), ("bad_token", .signIn), ("token_expired", .signIn),
        ("device_authentication_failed", .signIn), ("something_new", .signIn),
    ])
    func aSuberrorSaysWhyThePersonMustAct(
        _ suberror: String,
        _ reason: AuthenticationError.InteractionReason
    ) async throws {
        let service = Service()
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        service.script(.error("invalid_grant", suberror: suberror))
        let error = await authenticationError {
            try await application.acquireTokenSilently(scopes: ["api://other/Read"], account: account)
        }
        #expect(error?.kind == .interactionRequired)
        #expect(error?.interaction == reason)
        #expect(error?.suberror == suberror)
        #expect(error?.aadstsCodes == [])
        // Only what says that the token itself is no good takes it away.
        let isGone = ["bad_token", "token_expired"].contains(suberror)
        #expect(application.cache.refreshTokens(of: account).isEmpty == isGone)
    }

    @Test func aFailureInTheBackgroundIsReportedAndTriedAgainAfterAMinute() async throws {
        let service = Service()
        service.issue { $0.refreshIn = 1_800 }
        let outcomes = Outcomes()
        let application = try service.makeApplication { $0.onBackgroundRefresh = { outcomes.note($0) } }
        let account = try await service.signIn(at: application)
        service.time.advance(by: .seconds(2_200))
        service.script(.status(503), .status(503), .grant)
        for seconds in [0, 10, 49, 1, 30, 30] {
            service.time.advance(by: .seconds(seconds))
            let result = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
            #expect(result.accessToken.reveal() == "at-1")
            await application.refreshes.drain()
        }
        #expect(service.calls.count == 3)
        #expect(outcomes.all.map { ($0.error as? AuthenticationError)?.kind } == [.transient, .transient, nil])
        #expect(outcomes.all.allSatisfy { $0.account == account && $0.tenantID == Service.home })
        let renewed = try await application.acquireTokenSilently(scopes: ["User.Read"], account: account)
        #expect(renewed.accessToken.reveal() == "at-2")
    }

    @Test func manyTokensOfOneMomentAreNotRenewedAtOneMoment() async throws {
        let service = Service()
        service.issue {
            $0.lifetime = 86_400
            $0.refreshIn = 43_200
        }
        let application = try service.makeApplication()
        let account = try await service.signIn(at: application)
        for number in 0..<50 {
            _ = try await application.acquireTokenSilently(scopes: ["api://\(number)/Read"], account: account)
        }
        let tokens = try #require(application.cache.contents(of: account.homeAccountID)?.realms.first?.tokens.all)
        let moment = service.time.now
        #expect(!tokens.contains { $0.isDueForRefresh(at: moment.addingTimeInterval(43_199)) })
        let due = tokens.filter { $0.isDueForRefresh(at: moment.addingTimeInterval(43_350)) }.count
        #expect((10...41).contains(due))
        #expect(tokens.allSatisfy { $0.isDueForRefresh(at: moment.addingTimeInterval(43_501)) })
    }
}
