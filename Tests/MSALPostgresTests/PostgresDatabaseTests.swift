// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import Testing

@testable import MSALPostgres

extension PostgreSQL {
    @Suite struct PostgresDatabaseTests {
        /// A database by another connection string.
        private func database(_ uri: String, schema: String = "never_made") throws -> PostgresDatabase {
            try PostgresDatabase(Secret(uri), settings: PostgresSettings(schema: schema))
        }

        /// Makes a role that may connect and nothing else, and drops it afterwards.
        private func withRole(_ body: (_ name: String, _ password: String) async throws -> Void) async throws {
            let name = "guest_" + String(UInt64.random(in: .min ... .max), radix: 36)
            try ScratchServer.run("CREATE ROLE \(name) LOGIN PASSWORD 'guest-secret'; GRANT \(name) TO CURRENT_USER")
            let result: Result<Void, any Error>
            do { result = .success(try await body(name, "guest-secret")) } catch { result = .failure(error) }
            try ScratchServer.run("DROP OWNED BY \(name); DROP ROLE \(name)")
            try result.get()
        }

        @Test func aWrongPasswordIsASentenceWithoutThePassword() async throws {
            let database = try database(ScratchServer.uri(password: "seek-wrong"))
            let error = try await error { try await database.check() }
            #expect(error.kind == .misconfigured && error.code == .storeUnavailable)
            #expect(error.message.contains("does not let the role \"msal\" in"))
            #expect(error.message.contains("28P01"))
            #expect(!String(reflecting: error).contains("seek-wrong"))
        }

        @Test func aMissingPasswordSaysWhereItMayBe() async throws {
            let words = try ScratchServer.uri(options: ["passfile": "/nonexistent"])
            let password = try ScratchServer.password()
            let error = try await error {
                try await database(words.replacing(":\(password)@", with: "@")).check()
            }
            #expect(error.kind == .misconfigured)
            #expect(error.message.contains("PGPASSFILE"))
        }

        @Test func aWrongDatabaseIsASentence() async throws {
            let error = try await error { try await database(ScratchServer.uri(database: "nowhere")).check() }
            #expect(error.kind == .misconfigured)
            #expect(error.message.contains("no database \"nowhere\""))
            #expect(!String(reflecting: error).contains(try ScratchServer.password()))
        }

        @Test(.enabled(if: ScratchServer.authority != nil, "the server has no certificate"))
        func tlsIsLibpqsOwn() async throws {
            try await ScratchServer.withSchema { schema in
                let options = ["sslmode": "verify-full", "sslrootcert": try #require(ScratchServer.authority)]
                let database = try database(ScratchServer.uri(options: options), schema: schema)
                let isEncrypted = try await database.run(isRepeatable: true) { link in
                    let statement = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
                    return try link.execute(PostgresStatement("ssl", statement)).boolean(0, 0)
                }
                #expect(isEncrypted)
            }
        }

        @Test(.enabled(if: ScratchServer.authority != nil, "the server has no certificate"))
        func aCertificateNobodyVouchesForIsASentence() async throws {
            let options = ["sslmode": "verify-full", "sslrootcert": "/nonexistent"]
            let error = try await error { try await database(ScratchServer.uri(options: options)).check() }
            #expect(error.kind == .misconfigured)
            #expect(error.message.contains("sslrootcert"))
            #expect(!String(reflecting: error).contains(try ScratchServer.password()))
        }

        @Test func aRoleWithoutRightsIsToldWhatToGrant() async throws {
            try await withRole { role, password in
                let uri = try ScratchServer.uri(role: role, password: password)
                let error = try await error { try await database(uri).check() }
                #expect(error.kind == .misconfigured)
                #expect(error.message.contains("GRANT CREATE ON DATABASE \"msal\" TO \"\(role)\""))
            }
        }

        @Test func aRoleThatMayUseTheTablesNeedsNoRightToMakeThem() async throws {
            try await ScratchServer.withSchema { schema in
                try await withRole { role, password in
                    try await ScratchServer.database(schema).check()
                    let uri = try ScratchServer.uri(role: role, password: password)
                    let error = try await error { try await database(uri, schema: schema).check() }
                    #expect(error.kind == .misconfigured)
                    #expect(error.message.contains("USAGE ON SCHEMA \(schema)"))
                    try ScratchServer.run(
                        """
                        GRANT USAGE ON SCHEMA \(schema) TO \(role);
                        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(schema) TO \(role);
                        GRANT USAGE ON ALL SEQUENCES IN SCHEMA \(schema) TO \(role);
                        """
                    )
                    let store = PostgresTokenStore(database: try database(uri, schema: schema))
                    let alice = TokenPartition(kind: .user, name: "alice")
                    let changes = TokenChanges(put: [StoredToken(key: "k", value: [1], endsOn: nil)])
                    let version = try await store.write(changes, to: alice, if: .none)
                    #expect(try await store.read(alice, keys: nil).version == version)
                }
            }
        }

        @Test func theTablesOfANewerProgramAreLeftAlone() async throws {
            try await ScratchServer.withSchema { schema in
                try await ScratchServer.database(schema).check()
                try ScratchServer.run("UPDATE \(schema).schema_version SET version = 99")
                let error = try await error { try await ScratchServer.database(schema).check() }
                #expect(error.kind == .misconfigured)
                #expect(error.message.contains("are of version 99"))
            }
        }

        @Test func manyWhoStartAtOnceMakeTheTablesOnce() async throws {
            for _ in 0..<5 {
                try await ScratchServer.withSchema { schema in
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<8 {
                            let database = try ScratchServer.database(schema)
                            group.addTask { try await database.check() }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }

        @Test func tablesThatVanishAreMadeAnewByTheNextUse() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema)
                let store = PostgresTokenStore(database: database)
                let alice = TokenPartition(kind: .user, name: "alice")
                _ = try await store.read(alice, keys: nil)
                try ScratchServer.run("DROP SCHEMA \(schema) CASCADE")
                let error = try await error { _ = try await store.read(alice, keys: nil) }
                #expect(error.message.contains("are gone"))
                #expect(try await store.read(alice, keys: nil).version == nil)
            }
        }

        @Test func aConnectionThatBrokeWhileNobodyUsedItIsReplacedUnnoticed() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema) { $0.connections = 1 }
                for _ in 0..<3 {
                    let process = try await database.run(isRepeatable: false) { link in
                        try link.execute(PostgresStatement("pid", "SELECT pg_backend_pid()::bigint")).integer(0, 0)
                    }
                    // Returns when the process is gone.
                    try ScratchServer.run("SELECT pg_terminate_backend(\(try #require(process)), 5000)")
                    try await database.run(isRepeatable: false) { try $0.run("SELECT 1") }
                }
            }
        }

        @Test func aConnectionThatBreaksInUseIsAnErrorAndTheNextUseConnectsAnew() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema) { $0.connections = 1 }
                try await database.check()
                let suicide = "SELECT pg_terminate_backend(pg_backend_pid())"
                let error = try await error { try await database.run(isRepeatable: false) { try $0.run(suicide) } }
                #expect(error.kind == .transient && error.code == .storeUnavailable)
                try await database.run(isRepeatable: false) { try $0.run("SELECT 1") }
            }
        }

        @Test func aStatementThatTakesTooLongIsEndedByTheServer() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema) { $0.statementTimeout = .milliseconds(100) }
                try await database.check()
                let start = ContinuousClock.now
                let error = try await error {
                    // The server's own time, which no test can set: it ends the statement long before.
                    try await database.run(isRepeatable: true) { try $0.run("SELECT pg_sleep(60)") }
                }
                #expect(error.kind == .transient)
                #expect(error.message.contains("57014"))
                #expect(.now - start < .seconds(5))
            }
        }

        @Test func aServerThatHangsIsGivenUp() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema) { $0.statementTimeout = .milliseconds(100) }
                try await database.check()
                let error = try await error {
                    try await database.run(isRepeatable: true) { link in
                        // As if the server's own limit did not work.
                        try link.run("SET statement_timeout = 0")
                        // The server's own time: the client gives it up a second after the limit.
                        try link.run("SELECT pg_sleep(60)")
                    }
                }
                #expect(error.kind == .transient)
                #expect(error.message.contains("did not answer in time"))
                try await database.check()
            }
        }

        @Test func moreCallersThanConnectionsWaitTheirTurn() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema) { $0.connections = 2 }
                let processes = try await withThrowingTaskGroup(of: Int64.self) { group in
                    for _ in 0..<100 {
                        group.addTask {
                            try await database.run(isRepeatable: true) { link in
                                let statement = PostgresStatement("pid", "SELECT pg_backend_pid()::bigint")
                                return try link.execute(statement).integer(0, 0) ?? 0
                            }
                        }
                    }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(processes.count <= 2)
            }
        }

        @Test func whoComesWhenTooManyWaitIsToldSo() async throws {
            try await ScratchServer.withSchema { schema in
                let database = try ScratchServer.database(schema) {
                    $0.connections = 1
                    $0.waitingCallers = 1
                }
                try await database.check()
                // The server's own time, for which the one connection is taken.
                let busy = Task { try await database.run(isRepeatable: true) { try $0.run("SELECT pg_sleep(2)") } }
                while database.idleCount > 0 { await Task.yield() }
                let waiting = Task { try await database.check() }
                while database.waitingCount == 0 { await Task.yield() }
                let error = try await error { try await database.check() }
                #expect(error.kind == .transient && error.code == .storeUnavailable)
                #expect(error.message.contains("1 callers wait already"))
                waiting.cancel()
                await #expect(throws: CancellationError.self) { try await waiting.value }
                #expect(database.waitingCount == 0)
                try await busy.value
                try await database.check()
            }
        }

        @Test func connectionsAreClosedWhenNobodyNeedsThem() async throws {
            let name = "closing_" + String(UInt64.random(in: .min ... .max), radix: 36)
            try await ScratchServer.withSchema { schema in
                let count = { () async throws -> Int64? in
                    try await ScratchServer.database(schema).run(isRepeatable: true) { link in
                        let text = "SELECT count(*) FROM pg_stat_activity WHERE application_name = '\(name)'"
                        return try link.execute(PostgresStatement("count", text)).integer(0, 0)
                    }
                }
                do {
                    let database = try database(ScratchServer.uri(options: ["application_name": name]), schema: schema)
                    try await database.check()
                    #expect(try await count() == 1)
                }
                // The server takes a moment to notice.
                var rest = try await count()
                for _ in 0..<100 where rest != 0 { rest = try await count() }
                #expect(rest == 0)
            }
        }
    }
}
