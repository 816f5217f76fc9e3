// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Knows to which cloud an authority's host belongs, and asks where it must (the platform's instance discovery).
///
/// What was learned is kept for a day, and longer while nobody can be asked. Equal questions in flight share one answer.
final class Instances: Sendable {
    /// What was learned of one host.
    private struct Entry {
        /// The cloud it belongs to.
        var cloud: Cloud
        /// When the platform said so.
        var learnedAt: Date
    }

    /// How long an answer is used without asking again.
    static let lifetime: TimeInterval = 86_400

    /// What is configured.
    private let discovery: InstanceDiscovery
    /// What the caller gave; metadata that cannot be read know no host.
    private let given: [Cloud]
    /// What carries the questions.
    private let client: ServiceClient
    /// Where the time comes from.
    private let time: any TimeSource
    /// What was learned, by host.
    private let entries = Mutex(BoundedTable<String, Entry>(capacity: 256))
    /// The questions under way, by host.
    private let flights = SingleFlight<String, Cloud>()

    /// Makes one that has asked nothing yet.
    init(_ discovery: InstanceDiscovery, client: ServiceClient, time: any TimeSource) {
        self.discovery = discovery
        self.client = client
        self.time = time
        given = if case .metadata(let text) = discovery { (try? InstanceDiscovery.clouds(text)) ?? [] } else { [] }
    }

    /// The cloud of an authority as far as it is known without asking; one of its own host alone where it is not.
    func known(_ authority: Authority) -> Cloud {
        given.first { $0.holds(authority) } ?? entries.withLock { $0[authority.environment] }?.cloud
            ?? Cloud.of(host: authority.host) ?? .alone(authority)
    }

    /// The cloud of an authority, from memory or by asking.
    ///
    /// - Throws: ``AuthenticationError`` with the code `authorityUnknown` where the platform does not know the host, or why
    ///   it could not be asked.
    func cloud(of authority: Authority, correlationID: String) async throws -> Cloud {
        guard authority.kind == .entra, !authority.base.isLoopback else { return known(authority) }
        let builtIn = Cloud.of(host: authority.host)
        switch discovery {
        case .enabled where authority.needsInstanceDiscovery:
            return try await learned(authority, at: Cloud.instanceDiscovery(for: authority.host), correlationID)
        case .enabled, .disabled:
            return known(authority)
        case .metadata:
            guard builtIn != nil || given.contains(where: { $0.holds(authority) }) else {
                throw Self.unknown(authority, "The instance metadata given to the application do not hold the host")
            }
            return known(authority)
        case .at(let url):
            let endpoint = try InstanceDiscovery.endpoint(url)
            do {
                return try await learned(authority, at: endpoint, correlationID)
            } catch let error as AuthenticationError where error.code != .authorityUnknown {
                // Nobody said that the host is wrong.
                guard let builtIn else { throw error }
                return builtIn
            }
        }
    }

    /// What was learned before, if it is not too old, or what is learned now.
    private func learned(_ authority: Authority, at endpoint: Endpoint, _ correlationID: String) async throws -> Cloud {
        let host = authority.environment
        let entry = entries.withLock { $0[host] }
        // A clock that was set back makes ages negative; their size counts.
        if let entry, abs(time.now.timeIntervalSince(entry.learnedAt)) < Self.lifetime { return entry.cloud }
        do {
            return try await flights.value(for: host) { [self] in
                let cloud = try await ask(about: authority, at: endpoint, correlationID)
                let entry = Entry(cloud: cloud, learnedAt: time.now)
                entries.withLock { $0.change(host, from: entry) { $0 = entry } }
                return cloud
            }
        } catch let error as AuthenticationError where error.code != .authorityUnknown {
            guard let entry else { throw error }
            return entry.cloud
        }
    }

    /// Asks about a host.
    private func ask(about authority: Authority, at endpoint: Endpoint, _ correlationID: String) async throws -> Cloud {
        let question = endpoint.adding([
            ("api-version", "1.1"),
            ("authorization_endpoint", "\(authority.base.origin)/\(authority.tenant)/oauth2/v2.0/authorize"),
        ])
        let answer = try await client.get(question, correlationID: correlationID)
        guard answer.isSuccess, answer.json["tenant_discovery_endpoint"]?.stringValue != nil else {
            var error = ServerError(answer).error(correlationID: correlationID)
            let refusal = Self.unknown(authority, "The platform does not know the host")
            error.kind = refusal.kind
            error.code = refusal.code
            error.message = refusal.message
            throw error
        }
        return Cloud.read(answer.json)?.compactMap { $0 }.first { $0.holds(authority) } ?? .alone(authority)
    }

    /// The refusal of a host.
    private static func unknown(_ authority: Authority, _ reason: String) -> AuthenticationError {
        AuthenticationError(
            .misconfigured,
            .authorityUnknown,
            "\(reason) '\(authority.environment)'. For another OpenID Connect provider, "
                + "use Authority.openIDConnect(issuer:)."
        )
    }
}
