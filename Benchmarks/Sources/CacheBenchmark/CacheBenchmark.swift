// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Sets up one row of the table and times it whenever it is told to, so that ours and the peer's take turns.
@main
struct CacheBenchmark {
    static func main() async throws {
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
        "user-hit": { try await UserHit(signingIn: 10_000) },
    ]

    /// Hits of several tasks, on ten tenants with ten tokens each.
    private static func throughput(_ tasks: Int) async throws -> any Workload {
        ApplicationThroughput(filled: try await FilledApplication(tenants: 10, scopes: 10), tasks: tasks)
    }
}
