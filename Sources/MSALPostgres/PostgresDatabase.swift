// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

public import Logging
public import MSALCore

/// A PostgreSQL database in which machines share tokens and sessions.
///
/// It makes connections when they are needed, and its tables at first use. Nothing it throws or logs holds the connection
/// string's secrets. TLS is libpq's: `sslmode=verify-full` with `sslrootcert` in the string, or their environment
/// variables. So is the password: in the string, in `PGPASSWORD` or in a password file.
///
/// A server that is away costs each caller an error at once, not a wait: a few tries a second find out when it is back.
/// Connections are closed when the last store that uses the database is gone.
public final class PostgresDatabase: Sendable {
    /// What its connections share.
    private let shared: PostgresShared
    /// The connections, and those who wait for one.
    private let connections: WaitingLine<PostgresConnection>

    /// A database by its connection string; nothing is connected yet.
    ///
    /// - Parameters:
    ///   - connectionString: libpq's: a URI such as `postgresql://role@host/database?sslmode=verify-full`, or words such
    ///     as `host=… dbname=…`. What it leaves out, libpq takes from the environment.
    ///   - settings: the schema, the number of connections and the limits.
    ///   - time: where the time comes from.
    ///   - logger: where to log.
    /// - Throws: ``MSALCore/AuthenticationError`` of the kind `misconfigured` if the string or a setting cannot be used.
    public init(
        _ connectionString: Secret,
        settings: PostgresSettings = PostgresSettings(),
        time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "swift-msal.postgresql") { _ in SwiftLogNoOpLogHandler() }
    ) throws(AuthenticationError) {
        try settings.validate()
        let shared = PostgresShared(
            address: try PostgresAddress(connectionString, settings: settings),
            settings: settings,
            time: time,
            logger: logger
        )
        self.shared = shared
        connections = WaitingLine(
            // The first one is taken first.
            for: (1...settings.connections).reversed().map { PostgresConnection(shared, number: $0) },
            capacity: settings.waitingCallers,
            limit: settings.waitingTime,
            time: time
        )
    }

    /// How many callers wait for a connection just now.
    var waitingCount: Int { connections.waitingCount }

    /// How many connections nobody uses just now.
    var idleCount: Int { connections.idleCount }

    /// The schema with the tables.
    var schema: String { shared.settings.schema }

    /// Connects and makes or checks the tables, so that a wrong setting shows at start.
    ///
    /// - Throws: ``MSALCore/AuthenticationError`` with the code `storeUnavailable`.
    public func check() async throws {
        try await run(isRepeatable: true) { _ in }
    }

    /// Does some work over a connection, on that connection's own thread.
    ///
    /// - Parameters:
    ///   - isRepeatable: whether the work may be done twice: then a connection that breaks under it costs one more try.
    ///   - work: what to do.
    /// - Returns: what `work` returned.
    /// - Throws: ``MSALCore/AuthenticationError`` with the code `storeUnavailable`, or `CancellationError`.
    func run<Value: Sendable>(
        isRepeatable: Bool,
        _ work: @Sendable (PostgresLink) throws -> Value
    ) async throws -> Value {
        do {
            let connection = try await connections.take()
            defer { connections.giveBack(connection) }
            return try await connection.run(isRepeatable: isRepeatable, work)
        } catch let fault as PostgresFault {
            throw fault.error(at: shared.address.place, schema: schema)
        } catch let refusal as WaitingLine<PostgresConnection>.Refusal {
            throw busy(refusal)
        }
    }

    /// The error of somebody who got no connection.
    private func busy(_ refusal: WaitingLine<PostgresConnection>.Refusal) -> AuthenticationError {
        let settings = shared.settings
        let reason =
            switch refusal {
            case .full: "\(settings.waitingCallers) callers wait already"
            case .tookTooLong: "none came free in \(settings.waitingTime.inSeconds) s"
            }
        return AuthenticationError(
            .transient,
            .storeUnavailable,
            "All \(settings.connections) connections to \(shared.address.place.server) are in use and \(reason). "
                + "Try again later, or allow more connections."
        )
    }
}
