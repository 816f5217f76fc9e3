// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Whether a request that the provider or the network failed is sent once more.
///
/// The second try comes after about a second, within the time limit of the first, and never where the provider says how
/// long to wait: that is for the caller.
@nonexhaustive
public enum RetryPolicy: Sendable, Hashable {
    /// Each request is sent once.
    case never
    /// A request is sent a second time after a fault of the provider's own (5xx), a time-out or a broken connection.
    case once

    /// How long the second try waits in the middle; each waits a quarter more or less, so that not all come at once.
    static let pause = Duration.seconds(1)
    /// With less time left than this there is no second try.
    static let leastTimeLeft = Duration.seconds(1)

    /// The pause for one random byte.
    static func pause(jitter: UInt8) -> Duration {
        pause * (0.75 + Double(jitter) / 255 / 2)
    }
}

/// What it does if a request arrives twice.
enum Repetition: Sendable {
    /// Nothing: the second answer is as good as the first.
    case harmless
    /// Harm: the request spends something that is good once, such as an authorization code (RFC 6749 §4.1.2), or the refresh
    /// token of a provider that takes a second use for theft (RFC 9700 §4.14.2), or one of a person's tries at a password.
    case spendsSomething

    /// Whether a request may be sent again after a transport had no answer.
    func mayRepeat(after failure: any Error) -> Bool {
        switch failure as? TransportError {
        case .notConnected: true
        // Nothing of this mends itself within a second.
        case .tls, .insecure, .responseTooLarge: false
        default: self == .harmless
        }
    }

    /// Whether a request may be sent again after an answer.
    func mayRepeat(after head: HTTPResponse) -> Bool {
        self == .harmless && head.status.code >= 500 && head.headerFields[.retryAfter] == nil
    }
}
