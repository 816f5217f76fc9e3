// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds providers' metadata when they are first needed, and renews them daily.
///
/// Equal questions in flight share one answer; a failure is forgotten, so that the next caller tries again.
final class Discovery: Sendable {
    /// What is known of one authority.
    private struct Entry {
        /// The checked document.
        var metadata: ProviderMetadata
        /// When it was fetched.
        var fetchedAt: Date
        /// When the provider last failed to renew them.
        var failedAt: Date?

        /// Whether it serves without asking again.
        func isFresh(at now: Date) -> Bool {
            if abs(now.timeIntervalSince(fetchedAt)) < Discovery.lifetime { return true }
            return failedAt.map { abs(now.timeIntervalSince($0)) < Discovery.failureCoolDown } ?? false
        }
    }

    /// After a failed renewal the next one waits half a minute.
    static let failureCoolDown: TimeInterval = 30

    /// How long metadata are used without asking again, as the platform's own `Cache-Control` says.
    static let lifetime: TimeInterval = 86_400

    /// Metadata that could not be renewed serve for a week in all: they change by the year.
    static let lastGoodUntil: TimeInterval = 7 * 86_400

    /// To which cloud each authority belongs.
    let instances: Instances
    /// What carries the questions.
    private let client: ServiceClient
    /// Where the time comes from.
    private let time: any TimeSource
    /// What is known, by authority.
    private let entries = Mutex(BoundedTable<Authority, Entry>(capacity: 1_000))
    /// The questions under way.
    private let flights = SingleFlight<Authority, ProviderMetadata>()

    /// Makes one that has asked nothing yet.
    init(client: ServiceClient, time: any TimeSource, instanceDiscovery: InstanceDiscovery = .enabled) {
        instances = Instances(instanceDiscovery, client: client, time: time)
        self.client = client
        self.time = time
    }

    /// The metadata of an authority, from memory or from the provider.
    func metadata(of authority: Authority, correlationID: String) async throws -> ProviderMetadata {
        let now = time.now
        let known = entries.withLock { $0[authority] }
        if let known, known.isFresh(at: now) {
            return known.metadata
        }
        do {
            return try await flights.value(for: authority) { [self] in
                let metadata = try await fetch(authority, correlationID)
                let entry = Entry(metadata: metadata, fetchedAt: time.now)
                entries.withLock { $0.change(authority, from: entry) { $0 = entry } }
                return metadata
            }
        } catch let error as AuthenticationError where error.kind == .transient || error.kind == .throttled {
            // Yesterday's serve while the provider cannot be asked.
            guard let known, abs(now.timeIntervalSince(known.fetchedAt)) < Self.lastGoodUntil else { throw error }
            entries.withLock { $0.change(authority) { $0.failedAt = now } }
            return known.metadata
        }
    }

    /// Asks the provider, once its host is known to be one.
    private func fetch(_ authority: Authority, _ correlationID: String) async throws -> ProviderMetadata {
        let cloud = try await instances.cloud(of: authority, correlationID: correlationID)
        let answer = try await client.get(authority.discovery, correlationID: correlationID)
        guard answer.isSuccess else {
            var error = ServerError(answer).error(correlationID: correlationID)
            error.kind = .misconfigured
            error.code = .authorityUnknown
            error.message =
                "The provider has no metadata at \(authority.discovery.url) (HTTP \(answer.status)). "
                + "Check the authority's tenant."
            throw error
        }
        return try ProviderMetadata(answer.json, of: authority, in: cloud)
    }
}
