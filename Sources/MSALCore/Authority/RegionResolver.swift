// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds out in which region the application runs, if it is to know at all.
///
/// The network is asked for `.automatic` only, once for all who want to know, and for a second at most: a machine outside
/// Azure has nobody there to answer. What was found stays; that nothing was found stays for an hour.
final class RegionResolver: Sendable {
    /// What is known.
    private enum Knowledge {
        /// The region.
        case found(String)
        /// That nobody says which it is, and since when.
        case nothing(since: Date)
    }

    /// How long the metadata service is given to answer; it lies on the same machine.
    static let timeout = Duration.seconds(1)
    /// How long it is not asked again after a failure.
    static let failureCoolDown: TimeInterval = 3_600

    /// What is configured, the environment's say included.
    private let setting: AzureRegion
    /// Reads a variable of the process.
    private let environment: @Sendable (String) -> String?
    /// What carries the question.
    private let transport: any HTTPTransport
    /// Where the time comes from.
    private let time: any TimeSource
    /// What tells of the question.
    private let instruments: Instruments
    /// What was found out; nil where nobody was asked yet.
    private let knowledge = Mutex<Knowledge?>(nil)
    /// The one question under way.
    private let flights = SingleFlight<String, String?>()

    /// Makes a resolver; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - setting: what is configured; nil where nothing is, so that `MSAL_FORCE_REGION` decides.
    ///   - environment: reads a variable of the process.
    ///   - transport: what carries the question.
    ///   - time: where the time comes from.
    ///   - instruments: what tells of the question.
    /// - Throws: ``AuthenticationError`` with the code `configurationInvalid` for a name that is none.
    init(
        _ setting: AzureRegion?,
        environment: @escaping @Sendable (String) -> String?,
        transport: any HTTPTransport,
        time: any TimeSource,
        instruments: Instruments = .off
    ) throws(AuthenticationError) {
        try setting?.validate()
        if let setting {
            self.setting = setting
        } else if let forced = environment("MSAL_FORCE_REGION"), !forced.isEmpty {
            guard Region.isValid(forced) else { throw Region.invalid(forced, of: "The region in MSAL_FORCE_REGION") }
            self.setting = .named(forced)
        } else {
            self.setting = .off
        }
        self.environment = environment
        self.transport = transport
        self.time = time
        self.instruments = instruments
    }

    /// The region; nil for the central endpoint.
    ///
    /// - Throws: `CancellationError` when the task is cancelled meanwhile, and nothing else.
    func region() async throws -> String? {
        switch setting {
        case .off: return nil
        case .named(let name): return name
        case .automatic: break
        }
        switch knowledge.withLock({ $0 }) {
        case .found(let name): return name
        // A clock that was set back makes ages negative; their size counts.
        case .nothing(let since) where abs(time.now.timeIntervalSince(since)) < Self.failureCoolDown: return nil
        default: break
        }
        if let name = environment("REGION_NAME"), Region.isValid(name) {
            return learn(name)
        }
        return try await flights.value(for: "") { [self] in learn(try await ask()) }
    }

    /// Keeps what was found out.
    @discardableResult
    private func learn(_ name: String?) -> String? {
        let found = name.map { Knowledge.found($0) } ?? .nothing(since: time.now)
        knowledge.withLock { $0 = found }
        return name
    }

    /// Asks Azure's metadata service; nil where there is none or it does not say.
    private func ask() async throws -> String? {
        var request = TransportRequest(
            head: Endpoint.instanceMetadata(path: "/metadata/instance/compute", query: "api-version=2021-02-01")
                .request(.get, fields: [.metadata: "true"])
        )
        request.timeout = Self.timeout
        request.maximumResponseBytes = 1 << 16
        do {
            let response = try await instruments.send(request, over: transport)
            return response.head.status == .ok ? Region.read(response.body) : nil
        } catch let error as CancellationError {
            throw error
        } catch {
            return nil
        }
    }
}

// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
    /// Shows the metadata service that the request was not forwarded from elsewhere; a token (RFC 9110 §5.6.2).
    static let metadata = HTTPField.Name("Metadata")!
}
