// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The keys that providers sign with, fetched when needed and again when a token names one that is not known.
///
/// Keys roll without notice, so an unknown one is a reason to look again, but not each time: tokens with made-up key
/// identifiers must not turn into requests. The last good set serves while the provider cannot be asked; a key that a
/// successful fetch no longer lists is dropped at once.
final class SigningKeys: Sendable {
    private let client: ServiceClient
    private let time: any TimeSource
    private let sets = Mutex<[Endpoint: KeySetState]>([:])
    private let flights = SingleFlight<Endpoint, JSONWebKeySet>()

    init(client: ServiceClient, time: any TimeSource) {
        self.client = client
        self.time = time
    }

    /// Verifies a token's signature with the keys of an endpoint.
    ///
    /// - Throws: `JWTError` when the token is refused, ``AuthenticationError`` when no keys can be had.
    func verify(_ token: UnverifiedJWT, withKeysAt endpoint: Endpoint, correlationID: String) async throws
        -> VerifiedJWT
    {
        let (set, isNew) = try await keys(at: endpoint, for: .anyKey, correlationID)
        do throws(JWTError) {
            return try set.verify(token)
        } catch {
            // What was fetched a moment ago will not be newer now.
            guard error.code == .keyNotFound, !isNew else { throw error }
            return try await keys(at: endpoint, for: .newerKey, correlationID).set.verify(token)
        }
    }

    private func keys(
        at endpoint: Endpoint,
        for need: KeySetState.Need,
        _ correlationID: String
    ) async throws -> (set: JSONWebKeySet, isNew: Bool) {
        let state = sets.withLock { $0[endpoint] ?? KeySetState() }
        let fallback: JSONWebKeySet?
        switch state.action(for: need, at: time.now) {
        case .use(let set): return (set, false)
        case .fetch(let last): fallback = last
        }
        do {
            let set = try await flights.value(for: endpoint) { [self] in
                try await fetch(endpoint, forced: need == .newerKey, correlationID)
            }
            return (set, true)
        } catch let error as AuthenticationError {
            guard let fallback else { throw error }
            return (fallback, false)
        }
    }

    private func fetch(_ endpoint: Endpoint, forced: Bool, _ correlationID: String) async throws -> JSONWebKeySet {
        do {
            let answer = try await client.get(endpoint, correlationID: correlationID)
            guard answer.isSuccess else { throw ServerError(answer).error(correlationID: correlationID) }
            let set = try Self.read(answer.body, from: endpoint)
            sets.withLock { $0[endpoint, default: KeySetState()].fetched(set, at: time.now, forced: forced) }
            return set
        } catch let error as AuthenticationError {
            sets.withLock { $0[endpoint, default: KeySetState()].failed(at: time.now) }
            throw error
        }
    }

    private static func read(_ body: [UInt8], from endpoint: Endpoint) throws(AuthenticationError) -> JSONWebKeySet {
        do throws(JWTError) {
            return try JSONWebKeySet(parsing: body)
        } catch {
            throw AuthenticationError(
                .rejectedToken,
                .malformedDocument,
                "The keys at \(endpoint.url) cannot be used: \(error.message)",
                underlying: error
            )
        }
    }
}

/// What is known of one endpoint's keys, and what to do when keys are wanted.
struct KeySetState: Sendable {
    /// What a caller wants.
    enum Need: Sendable {
        /// A set that is not too old.
        case anyKey
        /// A set newer than the one at hand, which lacks the key.
        case newerKey
    }

    /// What to do.
    enum Action {
        /// Use this set.
        case use(JSONWebKeySet)
        /// Fetch, and fall back on this set where there is one and the fetch fails.
        case fetch(JSONWebKeySet?)
    }

    /// A set is looked at again after twelve hours.
    static let refreshAfter: TimeInterval = 12 * 3_600
    /// A set that could not be refreshed serves for a day more.
    static let lastGoodUntil: TimeInterval = 36 * 3_600
    /// An unknown key is a reason to look again once in five minutes.
    static let coolDown: TimeInterval = 300
    /// After a failed fetch the next one waits half a minute, if there is a set to serve meanwhile.
    static let failureCoolDown: TimeInterval = 30

    private var set: JSONWebKeySet?
    private var fetchedAt = Date.distantPast
    private var forcedAt: Date?
    private var failedAt: Date?

    /// Decides.
    func action(for need: Need, at now: Date) -> Action {
        guard let set else { return .fetch(nil) }
        // A clock that was set back makes ages negative; their size counts.
        let age = abs(now.timeIntervalSince(fetchedAt))
        let fallback = age < Self.lastGoodUntil ? set : nil
        if let failedAt, let fallback, abs(now.timeIntervalSince(failedAt)) < Self.failureCoolDown {
            return .use(fallback)
        }
        switch need {
        case .anyKey:
            return age < Self.refreshAfter ? .use(set) : .fetch(fallback)
        case .newerKey:
            if let forcedAt, abs(now.timeIntervalSince(forcedAt)) < Self.coolDown { return .use(set) }
            return .fetch(fallback)
        }
    }

    /// Takes a set that was fetched.
    mutating func fetched(_ set: JSONWebKeySet, at now: Date, forced: Bool) {
        self.set = set
        fetchedAt = now
        failedAt = nil
        if forced { forcedAt = now }
    }

    /// Notes that a fetch failed.
    mutating func failed(at now: Date) {
        failedAt = now
    }
}
