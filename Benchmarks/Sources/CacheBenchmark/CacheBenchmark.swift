// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging

/// Sets up one row of the table and times it whenever it is told to, so that ours and the peer's take turns.
@main
struct CacheBenchmark {
    static func main() async throws {
        if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "write-document" {
            return try Memory.writeDocument(to: CommandLine.arguments[2])
        }
        guard CommandLine.arguments.count == 2, let make = workloads[CommandLine.arguments[1]] else {
            print("usage: CacheBenchmark ROW, a row being one of:", workloads.keys.sorted().joined(separator: " "))
            exit(64)
        }
        let workload = try await make()
        report(["ready": [1]])
        var round = 0
        while let line = readLine() {
            switch line {
            case "sample": report(["microseconds": try await sample(workload, round)])
            case "facts": report(try await workload.facts().mapValues { [$0] })
            default: exit(64)
            }
            round += 1
        }
    }

    /// Times away from the main actor, as a server's handlers run.
    @concurrent
    private static func sample(_ workload: any Workload, _ round: Int) async throws -> [Double] {
        try await workload.sample(round)
    }

    /// Writes a line of JSON.
    private static func report(_ figures: [String: [Double]]) {
        let members = figures.sorted { $0.key < $1.key }.map { name, values in
            "\"\(name)\":[\(values.map { String($0) }.joined(separator: ","))]"
        }
        // Not through `print`, which keeps lines back when it writes to a pipe.
        FileHandle.standardOutput.write(Data("{\(members.joined(separator: ","))}\n".utf8))
    }

    /// Every row by name.
    static let workloads: [String: @Sendable () async throws -> any Workload] = [
        "app-hit": { ApplicationHit(filled: try await FilledApplication(tenants: 1, scopes: 10)) },
        "app-hit-logger": {
            var logger = Logger(label: "benchmark") { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = .info
            return ApplicationHit(filled: try await FilledApplication(tenants: 1, scopes: 10, logger: logger))
        },
        "app-hit-main-actor": {
            ApplicationHit(filled: try await FilledApplication(tenants: 1, scopes: 10), onMainActor: true)
        },
        "app-hit-tenants": { ApplicationHit(filled: try await FilledApplication(tenants: 10_000, scopes: 10)) },
        "app-hit-wide": { ApplicationHit(filled: try await FilledApplication(tenants: 1, scopes: 100_000)) },
        "app-look-up": { try await ApplicationMiss(tenants: 1_000, scopes: 10, .lookUp) },
        "app-miss": { try await ApplicationMiss(tenants: 1_000, scopes: 10, .exchange) },
        "app-miss-empty": { try await ApplicationMiss(tenants: 1, scopes: 1, .exchange) },
        "throughput-1": { try await throughput(1) },
        "throughput-2": { try await throughput(2) },
        "throughput-8": { try await throughput(8) },
        "equal-misses": { Crowd(isDue: false) },
        "due-callers": { Crowd(isDue: true) },
        "user-hit": { try await UserHit(ApplicationWithUsers(10_000)) },
        "user-hit-million": { try await UserHit(ApplicationWithUsers(1_000_000, .short)) },
        "account-one": { AccountByID(try await ApplicationWithUsers(10_000)) },
        "accounts-all": { AllAccounts(users: try await ApplicationWithUsers(10_000)) },
        "export": { Export(users: try await ApplicationWithUsers(10_000)) },
        "import": { Import() },
        "memory": { try await Memory() },
        "app-hit-sqlite": { try await applicationHit(.sqlite()) },
        "app-hit-postgres": { try await applicationHit(.postgres()) },
        "user-hit-sqlite": { try await userHit(.sqlite()) },
        "user-hit-postgres": { try await userHit(.postgres()) },
        "sign-in-memory": { try await DurableSignIn(users: 0, nil) },
        "sign-in-thousand": { try await DurableSignIn(users: 1_000, .sqlite()) },
        "sign-in-many": { try await DurableSignIn(users: 100_000, .sqlite()) },
        "grdb-write": { try BareWrite() },
    ]

    /// Hits of several tasks, on ten tenants with ten tokens each.
    private static func throughput(_ tasks: Int) async throws -> any Workload {
        ApplicationThroughput(filled: try await FilledApplication(tenants: 10, scopes: 10), tasks: tasks)
    }

    /// Hits in memory in front of a store.
    private static func applicationHit(_ durable: DurableStore) async throws -> any Workload {
        KeepingStore(
            workload: ApplicationHit(
                filled: try await FilledApplication(tenants: 1, scopes: 10, durable.persistence)
            ),
            durable: durable
        )
    }

    /// Users' hits in memory in front of a store.
    private static func userHit(_ durable: DurableStore) async throws -> any Workload {
        KeepingStore(
            workload: try await UserHit(ApplicationWithUsers(10_000, persistence: durable.persistence)),
            durable: durable
        )
    }
}

/// A workload with the store it stands on, whose files go with it.
private struct KeepingStore: Workload {
    let workload: any Workload
    let durable: DurableStore

    func sample(_ round: Int) async throws -> [Double] { try await workload.sample(round) }

    func facts() async throws -> [String: Double] { try await workload.facts() }
}
