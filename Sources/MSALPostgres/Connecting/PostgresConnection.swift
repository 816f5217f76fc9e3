// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
import MSALCore

/// A place for one connection, with a thread of its own: it connects when it is used, and anew when that broke.
actor PostgresConnection {
    /// Its thread.
    private nonisolated let executor: QueueExecutor
    /// What all connections of a database share.
    private let shared: PostgresShared
    /// The connection; nil before the first use and after it broke.
    private var link: PostgresLink?

    /// A place that is not connected yet.
    init(_ shared: PostgresShared, number: Int) {
        self.shared = shared
        executor = QueueExecutor(label: "swift-msal.postgresql.\(number)")
    }

    /// Runs on its own thread.
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Does some work over the connection, which it makes first where there is none.
    ///
    /// - Parameters:
    ///   - isRepeatable: whether the work may be done twice: then a connection that breaks under it costs one more try.
    ///   - work: what to do; it may run several times, never partly.
    /// - Returns: what `work` returned.
    /// - Throws: ``PostgresFault``, and what `work` throws.
    func run<Value: Sendable>(isRepeatable: Bool, _ work: @Sendable (PostgresLink) throws -> Value) throws -> Value {
        var races = 0
        var mayReconnect = isRepeatable
        while true {
            let (link, isNew) = try connected()
            do {
                if !shared.isSchemaReady {
                    try PostgresSchema(name: shared.settings.schema, place: shared.address.place).prepare(over: link)
                    shared.isSchemaReady = true
                }
                return try work(link)
            } catch let fault as PostgresFault {
                if fault.spoilsConnection || !link.isAlive { self.link = nil }
                if fault.isSchemaGone { shared.isSchemaReady = false }
                if fault.isRace, races < 5 {
                    races += 1
                } else if fault.spoilsConnection, fault.reason != .timedOut, !isNew, mayReconnect {
                    mayReconnect = false
                } else {
                    throw fault
                }
            }
        }
    }

    /// The connection, and whether it was made just now.
    private func connected() throws -> (link: PostgresLink, isNew: Bool) {
        if let link, link.isAlive { return (link, false) }
        link = nil
        let attempt = try shared.outage.beginConnecting(at: shared.time.now)
        do {
            let link = try PostgresLink(to: shared.address, settings: shared.settings)
            shared.outage.succeeded(attempt)
            shared.logger.debug("Connected to PostgreSQL.", metadata: ["msal.server": "\(shared.address.place.server)"])
            self.link = link
            return (link, true)
        } catch let fault as PostgresFault {
            shared.outage.failed(attempt, with: fault, at: shared.time.now)
            throw fault
        }
    }
}
