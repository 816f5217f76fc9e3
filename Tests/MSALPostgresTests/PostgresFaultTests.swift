// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import Testing

@testable import MSALPostgres

@Suite struct PostgresFaultTests {
    let place = PostgresPlace(host: "db.example", port: "5433", database: "tokens", role: "portal")

    @Test(arguments: [
        ("28P01", "pg_hba.conf"), ("28000", "password"), ("3D000", "CREATE DATABASE"),
        ("42501", "GRANT CONNECT ON DATABASE \"tokens\" TO \"portal\""), ("0A000", "connection string"),
    ])
    func aRefusedConnectionThatOnlySettingsMendSaysWhichOnes(_ state: String, _ words: String) {
        let error = PostgresFault(stage: .connecting, reason: .refused(state)).error(at: place, schema: "msal")
        #expect(error.kind == .misconfigured && error.code == .storeUnavailable)
        #expect(error.message.contains(words))
        #expect(error.message.contains("db.example:5433"))
    }

    @Test(arguments: ["57P03", "57P01", "53300", "08006", "58030", "XX000"])
    func aRefusedConnectionThatTimeMendsIsTransient(_ state: String) {
        let error = PostgresFault(stage: .connecting, reason: .refused(state)).error(at: place, schema: "msal")
        #expect(error.kind == .transient && error.code == .storeUnavailable)
    }

    @Test(arguments: ["57014", "55P03", "25006", "40P01", "40001", "53200", "08P01", "XX001"])
    func aFailedStatementThatTimeMendsIsTransient(_ state: String) {
        let error = PostgresFault(stage: .working, reason: .refused(state)).error(at: place, schema: "msal")
        #expect(error.kind == .transient && error.code == .storeUnavailable)
    }

    @Test(arguments: [("42501", "GRANT CREATE ON DATABASE"), ("42P01", "are gone"), ("22P02", "schema of its own")])
    func aFailedStatementThatTimeDoesNotMendSaysWhatDoes(_ state: String, _ words: String) {
        let error = PostgresFault(stage: .working, reason: .refused(state)).error(at: place, schema: "msal")
        #expect(error.kind == .misconfigured)
        #expect(error.message.contains(words))
    }

    @Test(arguments: [
        ("connection to server at \"h\" (::1), port 1 failed: FATAL:  28P01\n", "28P01"),
        ("connection to server at \"h\", port 1 failed: refused\nconnection to … failed: FATAL:  57P03\n", "57P03"),
        ("connection to server at \"h\", port 1 failed: Connection refused\n\tIs the server running?\n", nil),
        ("could not translate host name \"a  ABCDE\" to address: Name or service not known", nil),
        ("", nil),
    ])
    func theStateIsFoundWhereLibpqPutsIt(_ words: String, _ state: String?) {
        #expect(PostgresLink.sqlState(in: words) == state)
    }

    @Test(arguments: [
        ("… failed: SSL error: certificate verify failed", true),
        ("… failed: server does not support SSL, but SSL was required", true),
        ("… failed: root certificate file \"/none\" does not exist", true),
        ("… failed: SSL error: unexpected eof while reading", false),
        ("… failed: SSL connection has been closed unexpectedly", false),
        ("… failed: SSL SYSCALL error: Connection reset by peer", false),
    ])
    func aConnectionThatIsCutWhileTLSIsAgreedOnIsNoFaultOfTheSettings(_ words: String, _ isSecurity: Bool) {
        #expect(PostgresLink.isAboutSecurity(words) == isSecurity)
    }

    @Test(arguments: [
        "postgresql://u:seek@[broken/db", "host=h password=seek port", "host = 'h password=seek", "seek",
        "postgresql://u:seek@h/db?nonsense=1", "host=h nonsense=seek", "postgresql://u:se/ek@h/db",
        "postgresql://u:p@seek@h/db", "postgresql://u:seek[", "host=h port=seek",
    ])
    func aStringThatCannotBeReadIsRefusedWithoutBeingQuoted(_ text: String) {
        let error = #expect(throws: AuthenticationError.self) { try PostgresDatabase(Secret(text)) }
        #expect(error?.kind == .misconfigured && error?.code == .configurationInvalid)
        #expect(error.map { !"\($0)\($0.message)\(String(reflecting: $0))".contains("seek") } == true)
    }

    @Test func whatLooksLikeNoNameIsNotShown() throws {
        let address = try PostgresAddress(Secret("postgresql://u:12/seek@h/db"), settings: PostgresSettings())
        #expect(address.place.server == "PostgreSQL at u:12")
        #expect(!"\(address.place)".contains("seek"))
    }

    @Test(arguments: ["sslmode=seek", "target_session_attrs=seek", "port=1,2"])
    func anOptionWithAValueThatDoesNotExistIsASentence(_ option: String) async throws {
        let database = try PostgresDatabase(Secret("host=127.0.0.1 port=1 user=u \(option)"))
        let error = try await error { try await database.check() }
        #expect(error.kind == .misconfigured)
        #expect(error.message.contains("sslmode"))
        #expect(!String(reflecting: error).contains("seek"))
    }

    @Test(arguments: ["", "9a", "A", "a-b", "a\"b", "a.b", "pg_a", "ä", String(repeating: "a", count: 64)])
    func aSchemaThatIsNoPlainNameIsRefused(_ schema: String) {
        #expect(throws: AuthenticationError.self) {
            try PostgresDatabase(Secret("host=h"), settings: PostgresSettings(schema: schema))
        }
    }

    @Test(arguments: [
        PostgresSettings(connections: 0), PostgresSettings(waitingCallers: -1), PostgresSettings(waitingTime: .zero),
        PostgresSettings(connectTimeout: .seconds(-1)), PostgresSettings(statementTimeout: .zero),
        PostgresSettings(longestReconnectDelay: .seconds(7200)),
    ])
    func limitsThatMakeNoSenseAreRefused(_ settings: PostgresSettings) {
        #expect(throws: AuthenticationError.self) { try PostgresDatabase(Secret("host=h"), settings: settings) }
    }

    @Test func wordsWithAPasswordInThemAreNotShown() throws {
        let address = try PostgresAddress(
            Secret("host=h user=u password=seek"),
            settings: PostgresSettings()
        )
        #expect(address.showable("something about seek") == nil)
        #expect(address.showable("first line\nseek") == nil)
        #expect(address.showable("  first line \nsecond line") == "first line")
        #expect(!"\(address)".contains("seek"))
    }

    @Test func aServerThatIsNotThereIsASentence() async throws {
        // Port 1 of this machine: nobody listens there.
        let database = try PostgresDatabase(Secret("host=127.0.0.1 port=1 dbname=d user=u password=seek"))
        let store = PostgresTokenStore(database: database)
        for _ in 0..<20 {
            let error = try await error { _ = try await store.read(TokenPartition(kind: .user, name: "a"), keys: nil) }
            #expect(error.kind == .transient && error.code == .storeUnavailable)
            #expect(error.message.contains("127.0.0.1:1 cannot be reached"))
            #expect(!String(reflecting: error).contains("seek"))
        }
    }
}
