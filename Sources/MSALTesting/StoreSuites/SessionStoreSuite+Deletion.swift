// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALWeb

extension SessionStoreSuite {
    /// Sessions end one by one and together.
    static let deletionChecks: [Check] = [
        Check("A deleted session is gone, and no other.") { trial in
            for key in ["one", "two"] { try await trial.add(record(key)) }
            try await trial.store.delete(SessionKey(rawValue: "one"))
            try await trial.store.delete(SessionKey(rawValue: "one"))
            try await trial.store.delete(SessionKey(rawValue: "never there"))
            try await trial.expectNone("one")
            try await trial.expect(record("two"))
            try await trial.add(record("one"))
            try await trial.expect(record("one"))
        },
        Check("All sessions of a person end together and are counted; nobody else's do.") { trial in
            // Pairs that run together when they are joined carelessly, or compared without their case.
            let others = [
                UserKey(realm: "a", subject: "b/c"), UserKey(realm: "a/b/c", subject: ""),
                UserKey(realm: "A/b", subject: "c"), UserKey(realm: "a/b", subject: "C"),
                UserKey(realm: "c", subject: "a/b"), UserKey(realm: "a/b", subject: "c "),
                UserKey(realm: "a/b", subject: "%"),
            ]
            let person = UserKey(realm: "a/b", subject: "c")
            for number in 0..<3 { try await trial.add(record("own-\(number)", user: person)) }
            for (number, user) in others.enumerated() { try await trial.add(record("other-\(number)", user: user)) }
            try trial.expect("how many ended", await trial.store.deleteSessions(of: person), is: 3)
            try trial.expect("how many ended then", await trial.store.deleteSessions(of: person), is: 0)
            for number in 0..<3 { try await trial.expectNone("own-\(number)") }
            for (number, user) in others.enumerated() { try await trial.expect(record("other-\(number)", user: user)) }
        },
        Check("A session that changed hands ends with its new person.") { trial in
            let first = UserKey(realm: "r", subject: "first")
            let second = UserKey(realm: "r", subject: "second")
            try await trial.add(record("one", user: first, providerSession: "old"))
            let new = record("one", user: second, providerSession: "new", version: 2)
            try trial.expect("the write", await trial.store.put(new, replacing: 1, at: start), is: true)
            try trial.expect("the former's", await trial.store.deleteSessions(of: first), is: 0)
            let old = try await trial.store.deleteSessions(providerSession: "old", realm: "r")
            try trial.expect("those of the former provider session", old, is: 0)
            try await trial.expect(new)
            try trial.expect("the new one's", await trial.store.deleteSessions(of: second), is: 1)
            try await trial.expectNone("one")
        },
        Check("The sessions of a session at the provider end together, in its realm only, and are counted.") { trial in
            func user(_ realm: String, _ subject: String) -> UserKey { UserKey(realm: realm, subject: subject) }
            try await trial.add(record("a", user: user("r", "1"), providerSession: "s"))
            try await trial.add(record("b", user: user("r", "2"), providerSession: "s"))
            let others = [
                record("c", user: user("other", "1"), providerSession: "s"),
                record("d", user: user("r", "1"), providerSession: "S"),
                record("e", user: user("r", "1"), providerSession: "t"),
                record("f", user: user("r", "1")),
                record("g", user: user("rs", "1"), providerSession: ""),
            ]
            for record in others { try await trial.add(record) }
            let count = { @Sendable in try await trial.store.deleteSessions(providerSession: "s", realm: "r") }
            try trial.expect("how many ended", await count(), is: 2)
            try trial.expect("how many ended then", await count(), is: 0)
            for key in ["a", "b"] { try await trial.expectNone(key) }
            for record in others { try await trial.expect(record) }
            let unknown = try await trial.store.deleteSessions(providerSession: "", realm: "r")
            try trial.expect("those of a provider session without a name", unknown, is: 0)
            try await trial.expect(others[3])
        },
        Check("A session that was used still ends with its person and its provider session.") { trial in
            for key in ["one", "two"] {
                try await trial.add(record(key, user: UserKey(realm: "r", subject: key), providerSession: key))
                try await trial.store.touch(
                    SessionKey(rawValue: key),
                    lastSeenAt: moment(1),
                    expiresAt: moment(3601)
                )
            }
            let first = try await trial.store.deleteSessions(of: UserKey(realm: "r", subject: "one"))
            try trial.expect("the person's", first, is: 1)
            let second = try await trial.store.deleteSessions(providerSession: "two", realm: "r")
            try trial.expect("the provider session's", second, is: 1)
            for key in ["one", "two"] { try await trial.expectNone(key) }
        },
    ]

    /// A sign-in counts once.
    static let spendingChecks: [Check] = [
        Check("The answer to a sign-in counts once, through whatever opening it comes.") { trial in
            let other = try await trial.openAgain()
            try trial.expect("the first", await trial.store.spend(signIn("k"), at: start), is: true)
            try trial.expect("the second", await trial.store.spend(signIn("k"), at: start), is: false)
            try trial.expect("elsewhere", await other.spend(signIn("k"), at: moment(899)), is: false)
            try trial.expect("another", await other.spend(signIn("K"), at: start), is: true)
            let later = try await trial.openAgain()
            try trial.expect("the first again", await later.spend(signIn("k", returnTo: "/x"), at: start), is: false)
        },
        Check("A sign-in whose answer has come is remembered with where it led, until it may be forgotten.") { trial in
            let key = SessionKey(rawValue: "k")
            try trial.expect("before", await trial.store.spentSignIn(for: key, at: start), is: nil)
            let first = signIn("k", returnTo: "/claims?q=%C3%BC&r=1")
            try trial.expect("the first", await trial.store.spend(first, at: start), is: true)
            try trial.expect("the second", await trial.store.spend(signIn("k"), at: start), is: false)
            for store in [trial.store, try await trial.openAgain()] {
                try trial.expect("what is known", await store.spentSignIn(for: key, at: start), is: first)
                try trial.expect("what is known late", await store.spentSignIn(for: key, at: moment(899)), is: first)
                let other = try await store.spentSignIn(for: SessionKey(rawValue: "other"), at: start)
                try trial.expect("what is known of another", other, is: nil)
            }
            try trial.expect("at its end", await trial.store.spentSignIn(for: key, at: moment(900)), is: nil)
            try trial.expect("later", await trial.store.spentSignIn(for: key, at: moment(9999)), is: nil)
        },
        Check("Sign-ins and sessions under one key have nothing to do with each other.") { trial in
            try await trial.add(record("k"))
            let spent = try await trial.store.spentSignIn(for: SessionKey(rawValue: "k"), at: start)
            try trial.expect("a sign-in where there is a session", spent, is: nil)
            try trial.expect("spending it", await trial.store.spend(signIn("k"), at: start), is: true)
            try await trial.expect(record("k"))
            try await trial.store.delete(SessionKey(rawValue: "k"))
            try trial.expect("after the session's end", await trial.store.spend(signIn("k"), at: start), is: false)
            try await trial.expectNone("k")
        },
        Check("What is written much later does not bring back or take away what has not ended.") { trial in
            try await trial.add(record("long", endsAfter: 90_000))
            try await trial.add(record("short", endsAfter: 60))
            try trial.expect(
                "the first",
                await trial.store.spend(signIn("long", endsAfter: 90_000), at: start),
                is: true
            )
            try trial.expect("the second", await trial.store.spend(signIn("short", endsAfter: 60), at: start), is: true)
            for number in 1...20 {
                // A store may look for what has ended whenever it is written to.
                let seconds = Double(number) * 100
                try await trial.add(record("late-\(number)", endsAfter: 90_000), at: seconds)
                let late = signIn("late-\(number)", endsAfter: 90_000)
                try trial.expect("a later one", await trial.store.spend(late, at: moment(seconds)), is: true)
            }
            try await trial.expect(record("long", endsAfter: 90_000), at: 2000)
            try await trial.expectNone("short", at: 2000)
            for key in ["long", "late-1", "late-20"] {
                let again = try await trial.store.spend(signIn(key, endsAfter: 90_000), at: moment(2000))
                try trial.expect("spending \"\(key)\" again", again, is: false)
            }
            let short = try await trial.store.spentSignIn(for: SessionKey(rawValue: "short"), at: moment(2000))
            try trial.expect("what is known of the one that has ended", short, is: nil)
        },
    ]
}
