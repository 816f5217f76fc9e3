// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALWeb

extension SessionStoreSuite {
    /// What goes in comes out.
    static let recordChecks: [Check] = [
        Check("Where nobody has written there is no session.") { trial in
            try await trial.expectNone("nobody")
            try await trial.add(record("somebody"))
            try await trial.expectNone("nobody")
            try await trial.expectNone("Somebody")
            try await trial.expectNone("")
        },
        Check("A session comes back with all it held.") { trial in
            let full = record("full", providerSession: "sid ü/1")
            let plain = record("plain", user: UserKey(realm: "", subject: ""))
            try await trial.add(full)
            try await trial.add(plain)
            for store in [trial.store, try await trial.openAgain()] {
                try await trial.expect(full, in: store)
                try await trial.expect(plain, in: store)
            }
        },
        Check("Sessions of one person are kept apart by their keys.") { trial in
            let records = (0..<20).map { record("key-\($0)", version: $0 + 1) }
            for record in records { try await trial.add(record) }
            for record in records { try await trial.expect(record) }
        },
        Check("What was written through one opening is there for all others.") { trial in
            let earlier = try await trial.openAgain()
            try await trial.expectNone("one", in: earlier)
            try await trial.add(record("one"))
            try await trial.expect(record("one"), in: earlier)
            try await earlier.delete(SessionKey(rawValue: "one"))
            try await trial.expectNone("one")
            try await trial.expectNone("one", in: trial.openAgain())
        },
    ]

    /// Somebody else's change is never overwritten.
    static let conditionChecks: [Check] = [
        Check("A session is replaced while it has the version it is to replace, and once only.") { trial in
            try await trial.add(record("one"))
            var second = record("one", version: 2)
            second.session.name = "changed"
            second.session.csrfSecret = [7]
            try trial.expect("the write", await trial.store.put(second, replacing: 1, at: start), is: true)
            try await trial.expect(second)
            let late = record("one", version: 2)
            try trial.expect("a second one", await trial.store.put(late, replacing: 1, at: start), is: false)
            try await trial.expect(second)
            let third = record("one", version: 3)
            try trial.expect("the next", await trial.store.put(third, replacing: 2, at: start), is: true)
            try await trial.expect(third)
        },
        Check("A new session does not replace one that is there.") { trial in
            let first = record("one")
            try await trial.add(first)
            for version in [1, 2] {
                let other = record("one", user: UserKey(realm: "other", subject: "other"), version: version)
                try trial.expect("the write", await trial.store.put(other, replacing: nil, at: start), is: false)
            }
            try await trial.expect(first)
        },
        Check("What is not there cannot be replaced.") { trial in
            let second = record("one", version: 2)
            try trial.expect("the write", await trial.store.put(second, replacing: 1, at: start), is: false)
            try await trial.expectNone("one")
            try await trial.add(record("one"))
            try await trial.store.delete(SessionKey(rawValue: "one"))
            try trial.expect("after its end", await trial.store.put(second, replacing: 1, at: start), is: false)
            try await trial.expectNone("one")
        },
    ]

    /// Ended sessions are none.
    static let endingChecks: [Check] = [
        Check("A session is there until it ends, and no longer.") { trial in
            try await trial.add(record("one", endsAfter: 3600))
            try await trial.expect(record("one"), at: 3599)
            try await trial.expect(record("one"), at: 3599.9)
            try await trial.expectNone("one", at: 3600)
            try await trial.expectNone("one", at: 100_000)
        },
        Check("A session that has ended counts as none for whoever writes.") { trial in
            try await trial.add(record("one", endsAfter: 10))
            let late = record("one", version: 2, endsAfter: 3600)
            let isReplaced = try await trial.store.put(late, replacing: 1, at: moment(10))
            try trial.expect("whether what has ended was replaced", isReplaced, is: false)
            let new = record("one", user: UserKey(realm: "r", subject: "new"), endsAfter: 3600)
            try await trial.add(new, at: 10)
            try await trial.expect(new, at: 11)
            let old = try await trial.store.deleteSessions(of: record("one").session.user)
            try trial.expect("how many the former person still has", old, is: 0)
            try await trial.expect(new, at: 11)
        },
        Check("Using a session moves its end and nothing else.") { trial in
            let key = SessionKey(rawValue: "one")
            try await trial.add(record("one", providerSession: "sid"))
            try await trial.add(record("two"))
            try await trial.store.touch(key, lastSeenAt: moment(3000), expiresAt: moment(6600.5))
            var expected = record("one", providerSession: "sid", endsAfter: 6600.5)
            expected.lastSeenAt = moment(3000)
            try await trial.expect(expected, at: 6600)
            try await trial.expectNone("one", at: 6600.5)
            try await trial.expect(record("two"))
            try await trial.expectNone("two", at: 3600)
            try await trial.store.touch(key, lastSeenAt: moment(3001), expiresAt: moment(3002))
            try await trial.expectNone("one", at: 3002)
        },
        Check("A used session can be replaced with the version it had before.") { trial in
            try await trial.add(record("one"))
            try await trial.store.touch(
                SessionKey(rawValue: "one"),
                lastSeenAt: moment(1),
                expiresAt: moment(3601)
            )
            let second = record("one", version: 2)
            try trial.expect("the write", await trial.store.put(second, replacing: 1, at: moment(2)), is: true)
            try await trial.expect(second, at: 2)
        },
        Check("A session that is gone stays gone when it is used.") { trial in
            let key = SessionKey(rawValue: "one")
            try await trial.store.touch(key, lastSeenAt: moment(1), expiresAt: moment(3600))
            try await trial.expectNone("one")
            try await trial.add(record("one"))
            try await trial.store.delete(key)
            try await trial.store.touch(key, lastSeenAt: moment(1), expiresAt: moment(3600))
            try await trial.expectNone("one")
        },
        Check("A session that has ended stays so when it is used.") { trial in
            let key = SessionKey(rawValue: "one")
            try await trial.add(record("one", endsAfter: 10))
            try await trial.store.touch(key, lastSeenAt: moment(10), expiresAt: moment(3600))
            try await trial.expectNone("one", at: 11)
        },
    ]
}
