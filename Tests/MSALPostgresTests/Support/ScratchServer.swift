// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import Testing

@testable import MSALPostgres

/// The server that `Scripts/with-postgres` has started for the tests.
enum ScratchServer {
    /// Its connection string; without it the tests that need a server are skipped.
    static let uri = ProcessInfo.processInfo.environment["MSAL_TEST_POSTGRES"]
    /// The script that stops and starts it.
    static let control = ProcessInfo.processInfo.environment["MSAL_TEST_POSTGRES_CONTROL"]
    /// The certificate it shows.
    static let authority = ProcessInfo.processInfo.environment["MSAL_TEST_POSTGRES_CA"]

    /// The connection string with another role, password, database, or with further options.
    static func uri(
        role: String? = nil,
        password: String? = nil,
        database: String? = nil,
        options: [String: String] = [:]
    ) throws -> String {
        let text = try #require(uri)
        var parts = try #require(URLComponents(string: text))
        if let role { parts.user = role }
        if let password { parts.password = password }
        if let database { parts.path = "/" + database }
        if !options.isEmpty { parts.queryItems = options.map { URLQueryItem(name: $0.key, value: $0.value) } }
        return try #require(parts.string)
    }

    /// The password in the connection string.
    static func password() throws -> String {
        let text = try #require(uri)
        return try #require(URLComponents(string: text)?.password)
    }

    /// Runs statements over a connection of their own.
    static func run(_ script: String) throws {
        let settings = PostgresSettings(statementTimeout: .seconds(30))
        let address = try PostgresAddress(Secret(try #require(uri)), settings: settings)
        try PostgresLink(to: address, settings: settings).run(script)
    }

    /// Stops, kills or starts the server, and returns when that is done.
    static func control(_ command: String) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(control))
        process.arguments = [command]
        process.standardOutput = FileHandle.nullDevice
        let status = try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { done.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        try #require(status == 0, "\(command) did not work")
    }

    /// Gives a schema that nobody else uses, and drops it afterwards.
    static func withSchema<Value>(_ body: (String) async throws -> Value) async throws -> Value {
        let schema = "test_" + String(UInt64.random(in: .min ... .max), radix: 36)
        do {
            let value = try await body(schema)
            try run("DROP SCHEMA IF EXISTS \(schema) CASCADE")
            return value
        } catch {
            try? run("DROP SCHEMA IF EXISTS \(schema) CASCADE")
            throw error
        }
    }

    /// A database with its tables in a schema.
    static func database(
        _ schema: String,
        time: any TimeSource = SystemTime(),
        _ change: (inout PostgresSettings) -> Void = { _ in }
    ) throws -> PostgresDatabase {
        var settings = PostgresSettings(schema: schema)
        change(&settings)
        return try PostgresDatabase(Secret(try #require(uri)), settings: settings, time: time)
    }
}

/// All tests that need a server: `Scripts/with-postgres swift test` starts one, and without it they are skipped.
///
/// One after the other, because some of them stop it.
@Suite(.serialized, .enabled(if: ScratchServer.uri != nil, "MSAL_TEST_POSTGRES names no server")) struct PostgreSQL {}

/// The error that some work throws.
func error(of work: () async throws -> Void) async throws -> AuthenticationError {
    do {
        try await work()
    } catch {
        return try #require(error as? AuthenticationError, "\(error)")
    }
    throw Missing()
}

/// There was no error where one had to be.
private struct Missing: Error {}
