// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct ThrottleTests {
    /// 1 September 2026, 10:00 UTC.
    let now = Date(timeIntervalSince1970: 1_788_256_800)

    private func key(_ scope: String = "a", of token: String = "r", tenant: String = "t") throws -> ThrottleKey {
        let request = TokenRequest.refresh(Secret(token), scopes: [scope, "openid"], at: .entra)
        let endpoint = try #require(Endpoint("https://login.example/\(tenant)/token"))
        return try #require(request.throttleKey(at: endpoint, clientID: "client"))
    }

    private func failure(_ status: Int?, after seconds: Int? = nil) -> AuthenticationError {
        var error = AuthenticationError(.throttled, .tooManyRequests, "Slow down.")
        error.httpStatus = status
        error.retryAfter = seconds.map { .seconds($0) }
        return error
    }

    @Test func anEqualRequestGetsTheErrorUntilThePauseIsOver() throws {
        let throttle = Throttle()
        throttle.note(failure(429, after: 10), for: try key(), at: now)
        let error = try #require(throttle.error(for: try key(), at: now.addingTimeInterval(4)))
        #expect(error.kind == .throttled && error.code == .tooManyRequests && error.httpStatus == 429)
        #expect(error.retryAfter == .seconds(6))
        #expect(error.message.hasPrefix("Slow down. The request was not sent"))
        #expect(throttle.error(for: try key(), at: now.addingTimeInterval(10)) == nil)
        #expect(throttle.count == 0)
    }

    @Test func nobodyElsesRequestIsHeldBack() throws {
        let throttle = Throttle()
        throttle.note(failure(429), for: try key(), at: now)
        #expect(throttle.error(for: try key("A"), at: now) != nil)
        #expect(throttle.error(for: try key("b"), at: now) == nil)
        #expect(throttle.error(for: try key(of: "another"), at: now) == nil)
        #expect(throttle.error(for: try key(tenant: "another"), at: now) == nil)
        let own = TokenRequest.clientCredentials(scopes: ["a"])
        #expect(
            throttle.error(for: try #require(own.throttleKey(at: key().endpoint, clientID: "client")), at: now) == nil
        )
    }

    @Test func aSuccessEndsThePause() throws {
        let throttle = Throttle()
        throttle.note(failure(503), for: try key(), at: now)
        throttle.clear(try key())
        #expect(throttle.error(for: try key(), at: now) == nil)
    }

    @Test(arguments: [nil, 200, 400, 404, 302])
    func whatIsNoPauseHoldsNothingBack(_ status: Int?) throws {
        let throttle = Throttle()
        throttle.note(failure(status), for: try key(), at: now)
        #expect(throttle.count == 0)
    }

    @Test func noConnectionHoldsNothingBackThoughThereWasAPauseBefore() throws {
        let throttle = Throttle()
        throttle.note(failure(nil, after: 60), for: try key(), at: now)
        #expect(throttle.count == 0)
    }

    @Test func aClockThatIsSetBackEndsThePause() throws {
        let throttle = Throttle()
        throttle.note(failure(429, after: 3_600), for: try key(), at: now)
        #expect(throttle.error(for: try key(), at: now) != nil)
        #expect(throttle.error(for: try key(), at: now.addingTimeInterval(-1)) == nil)
    }

    @Test func pastItsBoundThePauseThatEndsSoonestIsForgotten() throws {
        let throttle = Throttle(capacity: 3)
        for (scope, seconds) in [("a", 30), ("b", 10), ("c", 20), ("d", 40), ("e", 5)] {
            throttle.note(failure(429, after: seconds), for: try key(scope), at: now)
        }
        #expect(throttle.count == 3)
        let held = try ["a", "b", "c", "d", "e"].filter { throttle.error(for: try key($0), at: now) != nil }
        #expect(held == ["a", "c", "d"])
    }

    @Test func aKeyHoldsNoSecret() throws {
        var dumped = ""
        dump(try key(of: "refresh-token-text"), to: &dumped)
        #expect(!dumped.contains("refresh-token-text"))
    }
}
