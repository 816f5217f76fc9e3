// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
import Testing

@testable import MSALPostgres

/// Settings and connection strings that are told in a sentence or taken as libpq takes them.
@Suite struct PostgresSettingsTests {
    @Test(arguments: [
        (PostgresSettings(schema: "pg_tokens"), "The schema \"pg_tokens\" cannot be used"),
        (PostgresSettings(schema: "9a"), "up to 63 lower-case letters, digits and underscores"),
        (PostgresSettings(connections: 0), "PostgreSQL needs at least one connection"),
        (PostgresSettings(waitingCallers: -1), "no negative number of waiting callers"),
        (PostgresSettings(waitingTime: .zero), "The time limits for PostgreSQL must be longer than nothing"),
        (PostgresSettings(statementTimeout: .seconds(3_601)), "and at most an hour"),
    ]) func aWrongSettingIsASentence(_ settings: PostgresSettings, _ words: String) {
        let error = #expect(throws: AuthenticationError.self) {
            try PostgresDatabase(Secret("host=h"), settings: settings)
        }
        #expect(error?.kind == .misconfigured)
        #expect(error?.code == .configurationInvalid)
        #expect(error?.message.contains(words) == true)
    }

    @Test(arguments: ["inf", "nan", "1e40", "99999999999", "-99999999999", "2.5", "x", "-1", "0"])
    func aTimeToConnectThatIsNoneIsOurOwn(_ seconds: String) throws {
        let settings = PostgresSettings(connectTimeout: .seconds(7))
        let address = try PostgresAddress(Secret("host=h connect_timeout=\(seconds)"), settings: settings)
        #expect(address.connectLimit == .seconds(7))
    }

    @Test(arguments: [("3", 3), ("' 3 '", 3), ("2147483647", 2_147_483_647)])
    func aTimeToConnectIsTakenFromTheString(_ text: String, _ seconds: Int64) throws {
        let address = try PostgresAddress(Secret("host=a,b connect_timeout=\(text)"), settings: PostgresSettings())
        #expect(address.connectLimit == .seconds(seconds * 2))
    }

    @Test(arguments: ["inf", "1e40", "99999999999", "2147483647"])
    func aServerThatIsNotThereIsASentenceWhateverTheTimeToConnect(_ seconds: String) async throws {
        // Port 1 of this machine: nobody listens there.
        let text = "host=127.0.0.1 port=1 dbname=d user=u connect_timeout=\(seconds)"
        let database = try PostgresDatabase(Secret(text))
        let error = try await error { try await database.check() }
        #expect(error.code == .storeUnavailable)
        #expect(error.message.contains("127.0.0.1:1"))
    }
}
