// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import MSALCore

/// Keeps what an application reports about renewals in the background.
final class Outcomes: Sendable {
    private let outcomes = Mutex<[BackgroundRefresh]>([])

    /// Everything reported, in order.
    var all: [BackgroundRefresh] { outcomes.withLock { $0 } }

    /// Takes in a report.
    func note(_ outcome: BackgroundRefresh) {
        outcomes.withLock { $0.append(outcome) }
    }
}

extension Result where Failure == any Error {
    /// What an operation comes to.
    init(catching body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
