// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CMSALPostgres
import MSALCore

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One connection of libpq, whose calls block their thread until the server has answered or time is up.
///
/// libpq's own blocking calls wait without an end when a server hangs; so these wait on the socket themselves.
final class PostgresLink {
    /// libpq's own connection.
    private let connection: OpaquePointer
    /// The names of the statements it has prepared.
    private var prepared: Set<String> = []
    /// How long an answer may take.
    private let answerLimit: Duration
    /// What libpq says, made fit to be shown.
    private let showable: (String) -> String?

    /// Makes a connection.
    ///
    /// - Throws: ``PostgresFault``.
    init(to address: PostgresAddress, settings: PostgresSettings) throws {
        guard let started = address.withKeywords({ PQconnectStartParams($0, $1, 1) }), let connection = started else {
            throw PostgresFault(stage: .connecting, reason: .unreachable("out of memory"))
        }
        self.connection = connection
        showable = { address.showable($0) }
        // The server's own limit comes first; ours is for a server that hangs.
        answerLimit = settings.statementTimeout + .seconds(1)
        // A code in place of words: those may quote data, and come in any language.
        PQsetErrorVerbosity(connection, PQERRORS_SQLSTATE)
        try finishConnecting(before: .now + address.connectLimit)
        PQsetnonblocking(connection, 1)
        let limit = Int64((settings.statementTimeout.inSeconds * 1000).rounded())
        try run("SET statement_timeout = \(limit)")
    }

    deinit {
        PQfinish(connection)
    }

    /// Whether it looks usable: open, with no transaction left over, and nothing to be read.
    ///
    /// A server speaks unasked when it stops, and when its settings were changed: then a new connection is right too.
    var isAlive: Bool {
        guard PQstatus(connection) == CONNECTION_OK, PQtransactionStatus(connection) == PQTRANS_IDLE else {
            return false
        }
        return (try? wait(for: Int16(POLLIN), until: .now)) == nil
    }

    /// Carries out a statement, which is prepared the first time.
    ///
    /// - Throws: ``PostgresFault``.
    func execute(_ statement: PostgresStatement, _ parameters: [PostgresValue] = []) throws -> PostgresRows {
        let deadline = ContinuousClock.now + answerLimit
        if !prepared.contains(statement.name) {
            guard PQsendPrepare(connection, statement.name, statement.text, 0, nil) == 1 else { throw fault(.working) }
            _ = try answer(before: deadline)
            prepared.insert(statement.name)
        }
        guard send(statement, parameters.map(\.encoded)) else { throw fault(.working) }
        return try answer(before: deadline)
    }

    /// Carries out statements without parameters, separated by semicolons, all or none of them.
    ///
    /// - Throws: ``PostgresFault``.
    func run(_ script: String) throws {
        guard PQsendQuery(connection, script) == 1 else { throw fault(.working) }
        _ = try answer(before: .now + answerLimit)
    }

    /// Sends a prepared statement with its parameters in binary format.
    private func send(_ statement: PostgresStatement, _ parameters: [[UInt8]?]) -> Bool {
        // One more byte, so that there always is an address: a null pointer would mean `null`.
        let bytes = parameters.compactMap { $0 }.joined() + [0]
        let lengths = parameters.map { Int32($0?.count ?? 0) }
        let formats = [Int32](repeating: 1, count: parameters.count)
        return bytes.withUnsafeBytes { bytes in
            var offset = 0
            let values = parameters.map { parameter -> UnsafePointer<CChar>? in
                guard let parameter else { return nil }
                defer { offset += parameter.count }
                return bytes.baseAddress?.advanced(by: offset).assumingMemoryBound(to: CChar.self)
            }
            return PQsendQueryPrepared(
                connection,
                statement.name,
                Int32(parameters.count),
                values,
                lengths,
                formats,
                1
            ) == 1
        }
    }
}

// MARK: - Waiting

extension PostgresLink {
    /// Goes through the steps of connecting.
    private func finishConnecting(before deadline: ContinuousClock.Instant) throws {
        guard PQstatus(connection) != CONNECTION_BAD else { throw fault(.connecting) }
        var step = PGRES_POLLING_WRITING
        while step != PGRES_POLLING_OK {
            switch step {
            case PGRES_POLLING_READING: try wait(for: Int16(POLLIN), until: deadline, .connecting)
            case PGRES_POLLING_WRITING: try wait(for: Int16(POLLOUT), until: deadline, .connecting)
            default: throw fault(.connecting)
            }
            step = PQconnectPoll(connection)
        }
    }

    /// The last result of what was sent.
    private func answer(before deadline: ContinuousClock.Instant) throws -> PostgresRows {
        while true {
            let rest = PQflush(connection)
            if rest < 0 { throw fault(.working) }
            if rest == 0 { break }
            try wait(for: Int16(POLLIN | POLLOUT), until: deadline)
            // A server that answers while we still send must be read, or both wait for ever.
            guard PQconsumeInput(connection) == 1 else { throw fault(.working) }
        }
        var last: PostgresRows?
        var refused: PostgresFault?
        while true {
            while PQisBusy(connection) == 1 {
                try wait(for: Int16(POLLIN), until: deadline)
                guard PQconsumeInput(connection) == 1 else { throw fault(.working) }
            }
            guard let result = PQgetResult(connection) else { break }
            let rows = PostgresRows(result)
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: last = rows
            default: refused = refused ?? fault(of: result)
            }
        }
        if let refused { throw refused }
        guard let last else { throw fault(.working) }
        return last
    }

    /// Waits for the socket.
    ///
    /// - Throws: ``PostgresFault`` when time is up.
    private func wait(
        for events: Int16,
        until deadline: ContinuousClock.Instant,
        _ stage: PostgresFault.Stage = .working
    ) throws {
        while true {
            var socket = pollfd(fd: PQsocket(connection), events: events, revents: 0)
            let left = (deadline - .now).inSeconds * 1000
            let ready = poll(&socket, 1, Int32(min(max(0, left.rounded(.up)), 60_000)))
            if ready > 0 { return }
            if ready < 0 && errno != EINTR {
                throw PostgresFault(stage: stage, reason: .unreachable(nil))
            }
            if left <= 0 { throw PostgresFault(stage: stage, reason: .timedOut) }
        }
    }
}

// MARK: - Faults

extension PostgresLink {
    /// The fault that a result tells of.
    private func fault(of result: OpaquePointer) -> PostgresFault {
        guard let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))) else { return fault(.working) }
        return PostgresFault(stage: .working, reason: .refused(String(cString: state)))
    }

    /// The fault that the connection tells of.
    private func fault(_ stage: PostgresFault.Stage) -> PostgresFault {
        let words = String(cString: PQerrorMessage(connection))
        let reason: PostgresFault.Reason =
            if let state = Self.sqlState(in: words) {
                .refused(state)
            } else if stage == .connecting, PQconnectionNeedsPassword(connection) == 1 {
                .passwordMissing
            } else if stage == .connecting, Self.isAboutOption(words) {
                .option
            } else if stage == .connecting, Self.isAboutSecurity(words) {
                .security(showable(words))
            } else {
                .unreachable(showable(words))
            }
        return PostgresFault(stage: stage, reason: reason)
    }

    /// Whether libpq could not agree on TLS with the server, and not just lost the connection meanwhile.
    static func isAboutSecurity(_ words: String) -> Bool {
        ["certificate", "support SSL", "SSL error"].contains(where: words.contains) && !words.contains("unexpected eof")
    }

    /// Whether libpq did not understand an option, before it tried to connect.
    static func isAboutOption(_ words: String) -> Bool {
        words.hasPrefix("invalid ") || words.hasPrefix("could not match ")
    }

    /// The SQLSTATE at the end of a line, after two spaces: how libpq reports a refused connection at our verbosity.
    static func sqlState(in words: String) -> String? {
        let states = words.split(separator: "\n").compactMap { line -> String? in
            let state = line.suffix(5)
            guard line.dropLast(5).hasSuffix(":  "), state.utf8.count == 5 else { return nil }
            let isState = state.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) }
            return isState ? String(state) : nil
        }
        return states.last
    }
}
