// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
import MSALCore
import Synchronization

/// What all connections of a database share.
final class PostgresShared: Sendable {
    /// Where they go.
    let address: PostgresAddress
    /// Their limits.
    let settings: PostgresSettings
    /// Whether the server is away.
    let outage: Outage
    /// What the time is.
    let time: any TimeSource
    /// Where they log.
    let logger: Logger
    /// Whether the schema was found or made.
    private let schemaReady = Atomic(false)

    /// Whether the schema was found or made.
    var isSchemaReady: Bool {
        get { schemaReady.load(ordering: .acquiring) }
        set { schemaReady.store(newValue, ordering: .releasing) }
    }

    /// What connections to an address share.
    init(address: PostgresAddress, settings: PostgresSettings, time: any TimeSource, logger: Logger) {
        self.address = address
        self.settings = settings
        self.time = time
        self.logger = logger
        outage = Outage(longestDelay: settings.longestReconnectDelay)
    }
}
