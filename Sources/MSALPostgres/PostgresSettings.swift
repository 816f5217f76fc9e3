// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

/// The limits of a ``PostgresDatabase`` and where it keeps its tables.
public struct PostgresSettings: Sendable, Hashable {
    /// The schema with all tables, made where there is none: a lower-case letter or underscore, then such and digits.
    public var schema: String
    /// How many connections there are at most.
    public var connections: Int
    /// How many callers may wait for a connection; whoever comes then gets an error at once.
    public var waitingCallers: Int
    /// How long a caller waits for a connection.
    public var waitingTime: Duration
    /// How long making a connection may take, for each host, unless the connection string or PGCONNECT_TIMEOUT says.
    public var connectTimeout: Duration
    /// How long a statement may take; a server that does not answer a second later is given up.
    public var statementTimeout: Duration
    /// The longest time between two tries to connect while the server is away; it begins with a tenth of a second.
    public var longestReconnectDelay: Duration

    /// Eight connections with limits of five seconds, unless told otherwise.
    public init(
        schema: String = "msal",
        connections: Int = 8,
        waitingCallers: Int = 256,
        waitingTime: Duration = .seconds(5),
        connectTimeout: Duration = .seconds(5),
        statementTimeout: Duration = .seconds(5),
        longestReconnectDelay: Duration = .seconds(2)
    ) {
        self.schema = schema
        self.connections = connections
        self.waitingCallers = waitingCallers
        self.waitingTime = waitingTime
        self.connectTimeout = connectTimeout
        self.statementTimeout = statementTimeout
        self.longestReconnectDelay = longestReconnectDelay
    }

    /// Checks the settings.
    func validate() throws(AuthenticationError) {
        let letters = schema.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "_") || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte)
        }
        let startsWell = schema.utf8.first.map { !(0x30...0x39).contains($0) } ?? false
        if !letters || !startsWell || schema.utf8.count > 63 || schema.hasPrefix("pg_") {
            throw Self.fault(
                "The schema \"\(schema)\" cannot be used: up to 63 lower-case letters, digits and underscores, not "
                    + "beginning with a digit or \"pg_\"."
            )
        }
        if connections < 1 || waitingCallers < 0 {
            throw Self.fault("PostgreSQL needs at least one connection and no negative number of waiting callers.")
        }
        let times = [waitingTime, connectTimeout, statementTimeout, longestReconnectDelay]
        if times.contains(where: { $0 <= .zero || $0 > .seconds(3600) }) {
            throw Self.fault("The time limits for PostgreSQL must be longer than nothing and at most an hour.")
        }
    }

    /// A fault of the settings.
    private static func fault(_ message: String) -> AuthenticationError {
        AuthenticationError(.misconfigured, .configurationInvalid, message)
    }
}
