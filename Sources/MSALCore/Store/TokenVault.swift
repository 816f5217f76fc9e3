// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
import Metrics

/// Moves one application's tokens between its memory and a store, sealed.
///
/// Whoever changes a user's tokens through it has the user's turn (`Turnstile`), so that what is read and what is written
/// agree. What the store throws is logged and counted here and goes no further.
struct TokenVault: Sendable {
    /// The store, and how long things live in it.
    let settings: TokenPersistence
    /// The memory.
    let cache: TokenCache
    /// The provider, as the keys of the application's own tokens name it.
    let provider: String
    /// Where it logs.
    let logger: Logger
    /// What tells of the store's answers.
    let instruments: Instruments
    /// Seals and opens entries.
    private let sealer: Sealer
    /// How often the store did not answer.
    private let failures: Counter
    /// How many entries were passed over.
    private let rejections: Counter

    /// A vault over a store; without an authority for one that only looks.
    init(
        _ settings: TokenPersistence,
        cache: TokenCache,
        authority: Authority?,
        logger: Logger,
        instruments: Instruments = .off
    ) {
        self.settings = settings
        self.cache = cache
        // Tenants tell providers apart at the platform alone; elsewhere the whole address does.
        provider =
            authority.map { $0.kind == .entra ? Cloud.canonical($0.environment) : $0.base.url } ?? ""
        self.logger = logger
        self.instruments = instruments
        sealer = Sealer(keys: settings.keys)
        let dimensions = [(MSALMetric.Tag.clientID.rawValue, cache.clientID)]
        failures = Counter(label: MSALMetrics.storeFailures.name, dimensions: dimensions)
        rejections = Counter(label: MSALMetrics.rejectedEntries.name, dimensions: dimensions)
    }

    // MARK: Leases

    /// Takes the lease on a user's tokens.
    ///
    /// - Returns: false while another process holds it; true too when the store does not answer, since waiting for a store
    ///   that is down would cost everybody their sign-in.
    func takeLease(on homeAccountID: String, as holder: String, for duration: Duration) async throws -> Bool {
        let partition = TokenPartition(holder: homeAccountID)
        return try await answer(.takeLease) {
            try await settings.store.takeLease(on: partition, as: holder, for: duration)
        } ?? true
    }

    /// Gives the lease back.
    func releaseLease(on homeAccountID: String, as holder: String) async {
        let partition = TokenPartition(holder: homeAccountID)
        // Where this fails the lease ends by itself.
        _ = try? await answer(.releaseLease) { try await settings.store.releaseLease(on: partition, as: holder) }
    }

    // MARK: Sealing

    /// What an entry is sealed for: its own place, so that one that was moved does not open.
    private func purpose(_ key: String, _ partition: TokenPartition) -> String {
        "token/\(partition)/\(key)"
    }

    /// Seals an entry.
    func seal(_ entry: StoredEntry, in partition: TokenPartition) throws -> StoredToken {
        StoredToken(
            key: entry.key,
            value: try sealer.seal(entry.text, purpose: purpose(entry.key, partition)),
            endsOn: entry.endsOn
        )
    }

    /// The texts of entries by their keys; one that cannot be opened is counted and left out.
    func open(_ entries: [StoredToken], in partition: TokenPartition) -> [(key: String, text: [UInt8])] {
        entries.compactMap { entry in
            guard let text = sealer.open(entry.value, purpose: purpose(entry.key, partition)) else {
                reject()
                return nil
            }
            return (entry.key, text)
        }
    }

    /// Counts an entry that is passed over.
    func reject() {
        rejections.increment()
        logger.warning(
            "An entry of the token store could not be opened and was passed over; is its key missing from the key ring?"
        )
    }

    /// What the store answers; where it throws, that is counted.
    ///
    /// - Throws: what the store throws.
    func demand<Value: Sendable>(
        _ operation: StoreOperation,
        _ ask: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await instruments.asking(operation, ask)
        } catch let error as CancellationError {
            throw error
        } catch {
            failures.increment()
            throw error
        }
    }

    /// What the store answers; nil where it throws, which is counted and logged.
    ///
    /// - Throws: `CancellationError` alone.
    func answer<Value: Sendable>(
        _ operation: StoreOperation,
        _ ask: () async throws -> Value
    ) async throws -> Value? {
        do {
            return try await demand(operation, ask)
        } catch let error as CancellationError {
            throw error
        } catch {
            logger.warning(
                "The token store did not answer; going on with what is in memory",
                metadata: ["msal.error": "\((error as? AuthenticationError)?.message ?? "\(type(of: error))")"]
            )
            return nil
        }
    }
}
