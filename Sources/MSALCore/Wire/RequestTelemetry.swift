// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Synchronization

/// Tells the platform, with each token request, how the requests before it went (schema 4).
///
/// Nothing is sent by itself, and nothing names a person: what went wrong since the last success travels along with the
/// next request, as do the hits of the cache, by their number.
final class RequestTelemetry: Sendable {
    /// What the application asked for.
    enum API: Int, Sendable {
        /// A token for an account that is known.
        case silent = 84
        /// A refresh token from elsewhere.
        case refreshToken = 85
        /// A browser and a listener on this machine.
        case interactive = 169
        /// A user name and a password.
        case usernamePassword = 301
        /// The token of a caller.
        case onBehalfOf = 523
        /// A code that is entered on another device.
        case deviceCode = 622
        /// The application's own credentials.
        case client = 730
        /// A code that came with the browser.
        case authorizationCode = 832
        /// An agent's federated credential.
        case userFederatedIdentity = 950
    }

    /// Why a request went to the network.
    enum Reason: Int, Sendable {
        /// It never looks into the cache.
        case notSilent = 0
        /// A fresh token was asked for, or other claims.
        case forced = 1
        /// There was no access token.
        case noAccessToken = 2
        /// There was one, and it had expired.
        case expired = 3
        /// There was a good one that the provider wants renewed.
        case dueForRefresh = 4
    }

    /// A request that failed.
    private struct Failure {
        /// What was asked for.
        var api: API
        /// Under what the provider logged it.
        var correlationID: String
        /// The error's code.
        var error: String

        /// What it takes of the field, separators included.
        var size: Int { ",\(api.rawValue),\(correlationID),\(error)".utf8.count }
    }

    /// The sum of the sizes that failures may take; the platform reads no longer field.
    private static let maximumSize = 350

    /// How many requests the cache served; apart, so that a hit takes no lock.
    private let hits = StripedCount()
    /// How many of them the platform was sent last, and how many it was told by a request that succeeded.
    private let counted = Mutex<(sent: Int, told: Int)>((0, 0))
    /// What failed since the last success, in its order.
    private let failures = Mutex<[Failure]>([])

    /// Makes one that has nothing to tell.
    init() {}

    /// The two fields of a request.
    func fields(_ api: API, _ reason: Reason) -> HTTPFields {
        var fields = HTTPFields()
        fields[.currentTelemetry] = "4|\(api.rawValue),\(reason.rawValue)|"
        fields[.lastTelemetry] = last
        return fields
    }

    /// What happened since the last success.
    var last: String {
        let failures = failures.withLock { $0 }
        let requests = failures.map { "\($0.api.rawValue),\($0.correlationID)" }.joined(separator: ",")
        let errors = failures.map(\.error).joined(separator: ",")
        let count = counted.withLock { counted in
            counted.sent = max(counted.sent, hits.sum)
            return counted.sent - counted.told
        }
        return "4|\(count)|\(requests)|\(errors)|"
    }

    /// Notes that the cache served a request.
    ///
    /// - Parameter token: what it was served with.
    func noteHit(_ token: AnyObject) {
        hits.add(for: token)
    }

    /// Notes that a request failed; of more failures than the field holds, the first count.
    ///
    /// - Parameters:
    ///   - api: what was asked for.
    ///   - correlationID: under what the provider logged it.
    ///   - error: the error's OAuth code; what else it may hold is taken out of it.
    func noteFailure(_ api: API, correlationID: String, error: String) {
        let failure = Failure(api: api, correlationID: Self.word(correlationID), error: Self.word(error))
        failures.withLock { failures in
            guard failures.reduce(failure.size, { $0 + $1.size }) < Self.maximumSize else { return }
            failures.append(failure)
        }
    }

    /// Notes that a request was answered, which tells the platform all there was to tell.
    func noteSuccess() {
        // What came after the request was sent is told with the next one.
        counted.withLock { $0.told = $0.sent }
        failures.withLock { $0 = [] }
    }

    /// A text that breaks neither the field nor its schema: letters, digits and a few signs, and not too many.
    private static func word(_ text: String) -> String {
        let kept = text.utf8.prefix(128).map { byte in
            let isSafe =
                byte < 0x80 && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
            return isSafe || "-_.".utf8.contains(byte) ? byte : UInt8(ascii: "_")
        }
        return String(decoding: kept, as: UTF8.self)
    }
}

// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
    // Both texts are tokens (RFC 9110 §5.6.2), which is all that the initializer asks for.

    /// What this request is, for the platform's statistics.
    static let currentTelemetry = HTTPField.Name("x-client-current-telemetry")!
    /// How the requests before it went.
    static let lastTelemetry = HTTPField.Name("x-client-last-telemetry")!
}
