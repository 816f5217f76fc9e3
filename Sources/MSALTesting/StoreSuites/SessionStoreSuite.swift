// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore
public import MSALWeb

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What every `SessionStore` must do, as checks for whatever test framework there is.
///
///     @Test(arguments: SessionStoreSuite.checks)
///     func keepsItsPromises(_ check: SessionStoreSuite.Check) async throws {
///         let path = try emptyFolder().appending("sessions")
///         try await check.run { try MySessionStore(path: path) }
///     }
///
/// Nothing sleeps: the time is handed to a store with every call.
public enum SessionStoreSuite {
    /// All checks.
    public static let checks: [Check] =
        recordChecks + conditionChecks + endingChecks + deletionChecks + spendingChecks + concurrencyChecks

    /// One promise.
    public struct Check: Sendable, Identifiable, CustomStringConvertible {
        /// The promise as a sentence; no two checks share one.
        public let name: String
        /// What is done to find out.
        private let body: @Sendable (StoreTrial<any SessionStore>) async throws -> Void

        /// A check of a promise.
        init(_ name: String, _ body: @escaping @Sendable (StoreTrial<any SessionStore>) async throws -> Void) {
            self.name = name
            self.body = body
        }

        /// The name.
        public var id: String { name }

        /// The name.
        public var description: String { name }

        /// Finds out whether a store keeps the promise.
        ///
        /// - Parameter open: opens the storage under test, which must be empty before the first call and the same in
        ///   each: a file, a database, or one object in memory. A check calls it several times and uses what it opened
        ///   side by side.
        /// - Throws: ``StoreSuiteFailure`` when it does not.
        public func run(on open: @escaping @Sendable () async throws -> any SessionStore) async throws {
            try await StoreTrial.run(name, time: nil, on: open, body)
        }
    }
}

// MARK: What the checks share

extension SessionStoreSuite {
    /// The moment at which everything begins: 1 September 2026, 10:00 UTC.
    static let start = Date(timeIntervalSince1970: 1_788_256_800)

    /// A moment some seconds after the beginning.
    static func moment(_ seconds: Double) -> Date {
        start.addingTimeInterval(seconds)
    }

    /// A person's session with all that a session can hold; it ends after an hour.
    static func record(
        _ key: String,
        user: UserKey = UserKey(realm: "realm", subject: "subject"),
        providerSession: String? = nil,
        version: Int = 1,
        endsAfter seconds: Double = 3600
    ) -> SessionRecord {
        let account = Account(
            homeAccountID: "\(user.subject).\(user.realm)",
            environment: "login.example",
            tenantID: user.realm,
            localAccountID: user.subject,
            username: "björn@example.com",
            name: "Björn \"Quote\" O'Neill 🦉"
        )
        let session = Session(
            account: account,
            user: user,
            name: "Björn \"Quote\" O'Neill 🦉",
            username: "björn@example.com",
            roles: ["Claims.Adjuster", "a role, with a comma"],
            providerSessionID: providerSession,
            authenticatedAt: moment(-10.25),
            createdAt: start,
            csrfSecret: Array(0...255),
            landing: LocalPath("/claims?state=open&q=%C3%BC") ?? .root,
            asked: SignInChallenge(scopes: ["User.Read"], claims: #"{"id_token":{"acrs":{"value":"c1"}}}"#)
        )
        return SessionRecord(
            key: SessionKey(rawValue: key),
            session: session,
            version: version,
            lastSeenAt: start,
            expiresAt: moment(seconds)
        )
    }

    /// A sign-in whose answer has come; it may be forgotten after a quarter of an hour unless told otherwise.
    static func signIn(
        _ key: String,
        returnTo path: String = "/me?tab=2",
        endsAfter seconds: Double = 900
    ) -> SpentSignIn {
        SpentSignIn(key: SessionKey(rawValue: key), returnTo: LocalPath(path) ?? .root, expiresAt: moment(seconds))
    }
}

extension StoreTrial where Store == any SessionStore {
    /// Writes a new session.
    func add(_ record: SessionRecord, at seconds: Double = 0) async throws {
        let isWritten = try await store.put(record, replacing: nil, at: SessionStoreSuite.moment(seconds))
        try expect("whether the new session \(record.key.rawValue) was written", isWritten, is: true)
    }

    /// Fails unless there is this session under its key, with times to the millisecond.
    func expect(
        _ expected: SessionRecord,
        at seconds: Double = 0,
        in store: (any SessionStore)? = nil
    ) async throws {
        let key = expected.key
        let found = try await (store ?? self.store).session(for: key, at: SessionStoreSuite.moment(seconds))
        let record = try require("the session \(key.rawValue) after \(seconds) s", found)
        try expect("its key", record.key, is: key)
        try expect("its version", record.version, is: expected.version)
        try expect("when it was last used", record.lastSeenAt, isCloseTo: expected.lastSeenAt)
        try expect("when it ends", record.expiresAt, isCloseTo: expected.expiresAt)
        try expect("its user", record.session.user, is: expected.session.user)
        try expect("its provider session", record.session.providerSessionID, is: expected.session.providerSessionID)
        try expect("its name", record.session.name, is: expected.session.name)
        try expect("its landing", record.session.landing, is: expected.session.landing)
        // What is left prints nothing of itself, on purpose.
        try expect("whether all of it is what it was", record.session == expected.session, is: true)
    }

    /// Fails if there is a session under a key.
    func expectNone(_ key: String, at seconds: Double = 0, in store: (any SessionStore)? = nil) async throws {
        let key = SessionKey(rawValue: key)
        let found = try await (store ?? self.store).session(for: key, at: SessionStoreSuite.moment(seconds))
        try expect("whether there is a session \(key.rawValue) after \(seconds) s", found != nil, is: false)
    }

    /// Fails unless two moments are less than a millisecond apart.
    private func expect(_ subject: String, _ found: Date, isCloseTo expected: Date) throws(StoreSuiteFailure) {
        let difference = abs(found.timeIntervalSince(expected))
        try expect(subject, difference < 0.001, expected: "\(expected)", found: "\(found)")
    }
}
