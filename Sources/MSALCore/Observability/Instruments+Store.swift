// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Tracing

/// Something that a token store is asked for, as spans and metrics name it.
enum StoreOperation: String, Sendable {
    /// Entries of a partition.
    case read
    /// Changes of a partition.
    case write
    /// Names of partitions.
    case list
    /// Entries that have ended go.
    case sweep
    /// A lease is taken.
    case takeLease
    /// A lease is given back.
    case releaseLease
}

extension Instruments {
    /// Asks a store for something, and tells how that went; not whose tokens it was about.
    ///
    /// - Parameters:
    ///   - operation: what is asked for.
    ///   - ask: asks it.
    /// - Returns: the answer.
    /// - Throws: what the store throws.
    func asking<Value>(_ operation: StoreOperation, _ ask: () async throws -> Value) async throws -> Value {
        guard isOn else { return try await ask() }
        let watch = Stopwatch()
        var attributes: SpanAttributes = [:]
        attributes["msal.client_id"] = self.attributes["msal.client_id"]
        attributes["msal.store.operation"] = operation.rawValue
        return try await span("msal.store", ofKind: .client, attributes) {
            do {
                let value = try await ask()
                meters?.record(watch.elapsed, MSALMetrics.storeDuration, [operation.rawValue, "success"])
                return value
            } catch {
                meters?.record(watch.elapsed, MSALMetrics.storeDuration, [operation.rawValue, Self.outcome(error)])
                throw error
            }
        } note: { result, attributes in
            switch result {
            case .success: attributes["msal.store.outcome"] = "success"
            case .failure(let error): attributes["msal.store.outcome"] = Self.outcome(error)
            }
        }
    }

    /// How something went that threw.
    private static func outcome(_ error: any Error) -> String {
        error is CancellationError ? "cancelled" : "failure"
    }
}
