// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALTesting
import Testing

@testable import MSALPostgres

extension PostgreSQL {
    /// Tables that somebody has altered, and connections that somebody keeps.
    @Suite struct PostgresMisuseTests {
        @Test(arguments: [
            "DELETE FROM %.schema_version", "UPDATE %.schema_version SET version = -1",
            "INSERT INTO %.schema_version SELECT version FROM %.schema_version",
        ]) func aVersionThatIsNoneIsToldAsNotOurs(_ script: String) async throws {
            try await ScratchServer.withSchema { schema in
                try await ScratchServer.database(schema).check()
                try ScratchServer.run(script.replacing("%", with: schema))
                let error = try await error { try await ScratchServer.database(schema).check() }
                #expect(error.kind == .misconfigured)
                #expect(error.code == .storeUnavailable)
                #expect(error.message.contains("The schema \"\(schema)\""))
                #expect(error.message.contains("is not the one this program made. Give it a schema of its own."))
            }
        }

        @Test func whoWaitsTooLongForAConnectionIsToldSo() async throws {
            try await ScratchServer.withSchema { schema in
                let time = ManualTime()
                let database = try ScratchServer.database(schema, time: time) {
                    $0.connections = 1
                    $0.waitingTime = .seconds(3)
                }
                try await database.check()
                let end = DispatchSemaphore(value: 0)
                // The connection's own thread, which nobody else waits for.
                let busy = Task { try await database.run(isRepeatable: true) { _ in end.wait() } }
                await until { database.idleCount == 0 }
                let waiting = Task { try await database.check() }
                await until { time.sleeperCount > 0 }
                time.advance(by: .seconds(3))
                let outcome = await waiting.result
                end.signal()
                let error = try await error { try outcome.get() }
                #expect(error.kind == .transient)
                #expect(error.code == .storeUnavailable)
                #expect(error.message.contains("All 1 connections to PostgreSQL at"))
                #expect(error.message.contains("are in use and none came free in 3.0 s"))
                #expect(database.waitingCount == 0)
                try await busy.value
                try await database.check()
            }
        }

        /// Waits for something that needs no more than its turn.
        private func until(_ condition: () -> Bool) async {
            while !condition() { await Task.yield() }
        }
    }
}
