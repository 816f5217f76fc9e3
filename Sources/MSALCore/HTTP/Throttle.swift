// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What makes two token requests equal to a provider that asks for a pause.
struct ThrottleKey: Sendable, Hashable {
    /// For whom a token is asked: one person's pause is nobody else's.
    enum Party: Sendable, Hashable {
        /// The application itself.
        case application
        /// Whoever holds a refresh token, an assertion or the like, by its SHA-256.
        case holder([UInt8])

        /// The party that a secret stands for.
        static func holder(of secret: Secret) -> Party {
            .holder(Array(SHA256.hash(data: Array(secret.reveal().utf8))))
        }
    }

    /// The token endpoint, which stands for the provider and the tenant.
    var endpoint: Endpoint
    var clientID: String
    /// The `grant_type`.
    var grant: String
    var scopes: ScopeSet
    var party: Party
}

/// Remembers which requests a provider asked to hold back, and answers them with its last error meanwhile.
///
/// A look-up is one dictionary read under a lock. At most so many requests are remembered; past that, the one whose pause
/// ends soonest is forgotten first.
final class Throttle: Sendable {
    private struct Pause {
        var until: Date
        var error: AuthenticationError
    }

    private let capacity: Int
    private let pauses = Mutex<[ThrottleKey: Pause]>([:])

    /// Makes one that holds nothing back.
    init(capacity: Int = 1_024) {
        self.capacity = capacity
    }

    /// How many requests are remembered.
    var count: Int { pauses.withLock { $0.count } }

    /// The error that a request gets without being sent; nil when it may be sent.
    ///
    /// It is the provider's own, with what is left of the pause as its ``AuthenticationError/retryAfter``.
    func error(for key: ThrottleKey, at now: Date) -> AuthenticationError? {
        let pause = pauses.withLock { pauses -> Pause? in
            guard let pause = pauses[key] else { return nil }
            // A clock that was set back must not make a pause longer than any is.
            guard pause.until > now, pause.until <= now.adding(RetryAfter.maximum) else {
                pauses[key] = nil
                return nil
            }
            return pause
        }
        guard let pause else { return nil }
        var error = pause.error
        error.retryAfter = .seconds(pause.until.seconds(since: now))
        error.message +=
            " The request was not sent: an equal one failed so a moment ago, and the pause after it is not over."
        return error
    }

    /// Takes in how a request failed.
    ///
    /// Only an answer begins a pause. No connection, or none in time, says nothing about the next one.
    func note(_ error: AuthenticationError, for key: ThrottleKey, at now: Date) {
        guard let status = error.httpStatus else { return }
        let length = ThrottleRule.pause(status: status, retryAfter: error.retryAfter)
        guard length > .zero else { return }
        pauses.withLock { pauses in
            pauses[key] = Pause(until: now.adding(length), error: error)
            if pauses.count > capacity, let next = pauses.min(by: { $0.value.until < $1.value.until }) {
                pauses[next.key] = nil
            }
        }
    }

    /// Takes in that a request succeeded.
    func clear(_ key: ThrottleKey) {
        pauses.withLock { $0[key] = nil }
    }
}
