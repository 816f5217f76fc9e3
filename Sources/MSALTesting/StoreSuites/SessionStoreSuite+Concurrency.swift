// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALWeb

extension SessionStoreSuite {
    /// Many at once.
    static let concurrencyChecks: [Check] = [
        Check("Of 64 who spend a sign-in at once, one succeeds.") { trial in
            let stores = [trial.store, try await trial.openAgain()]
            for round in 0..<4 {
                let count = try await count(of: 64) { number in
                    try await stores[number % 2].spend(signIn("round-\(round)"), at: start)
                }
                try trial.expect("how many succeeded", count, is: 1)
            }
        },
        Check("Of 64 who write a new session under one key at once, one succeeds.") { trial in
            let stores = [trial.store, try await trial.openAgain()]
            let count = try await count(of: 64) { number in
                let user = UserKey(realm: "r", subject: "\(number)")
                return try await stores[number % 2].put(record("one", user: user), replacing: nil, at: start)
            }
            try trial.expect("how many succeeded", count, is: 1)
            let key = SessionKey(rawValue: "one")
            let found = try await trial.store.session(for: key, at: start)
            let user = try trial.require("the session", found).session.user
            try trial.expect("how many it has", await trial.store.deleteSessions(of: user), is: 1)
        },
        Check("32 tasks that read, change and write a session on condition of its version lose nothing.") { trial in
            let stores = [trial.store, try await trial.openAgain()]
            try await trial.add(record("one"))
            let count = try await count(of: 32) { number in
                try await addRole(
                    AppRole(rawValue: "role-\(number)"),
                    to: SessionKey(rawValue: "one"),
                    in: stores[number % 2]
                )
            }
            try trial.expect("how many wrote", count, is: 32)
            let found = try await trial.store.session(for: SessionKey(rawValue: "one"), at: start)
            let last = try trial.require("the session", found)
            try trial.expect("its version", last.version, is: 33)
            let added = last.session.roles.filter { $0.rawValue.hasPrefix("role-") }
            try trial.expect("how many roles were added", added.count, is: 32)
        },
        Check("A session that is used and deleted at once is gone.") { trial in
            let other = try await trial.openAgain()
            for round in 0..<10 {
                try await trial.add(record("\(round)"))
                let key = SessionKey(rawValue: "\(round)")
                _ = try await count(of: 9) { number in
                    if number == 4 {
                        try await trial.store.delete(key)
                    } else {
                        try await other.touch(key, lastSeenAt: moment(1), expiresAt: moment(3601))
                    }
                    return true
                }
                try await trial.expectNone("\(round)")
                let left = try await trial.store.deleteSessions(of: record("\(round)").session.user)
                try trial.expect("how many are left of it", left, is: 0)
            }
        },
    ]

    /// How many of several tasks succeed.
    private static func count(
        of tasks: Int,
        _ body: @escaping @Sendable (Int) async throws -> Bool
    ) async throws -> Int {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<tasks {
                group.addTask { try await body(number) }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
    }

    /// Adds a role to a session, however often somebody else comes first; false if that never ends.
    private static func addRole(_ role: AppRole, to key: SessionKey, in store: any SessionStore) async throws -> Bool {
        // Each of the others can come first once; more than that, and nobody ever gets on.
        for _ in 0..<1000 {
            guard var record = try await store.session(for: key, at: start) else { return false }
            let previous = record.version
            record.version += 1
            record.session.roles.insert(role)
            // What another task does now must come to light by the version.
            await Task.yield()
            if try await store.put(record, replacing: previous, at: start) { return true }
        }
        return false
    }
}
