// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// One run of a check: the storage under test, and what is expected of it.
struct StoreTrial<Store: Sendable>: Sendable {
    /// The name of the check.
    let check: String
    /// The first opening of the storage, which is empty.
    let store: Store
    /// The time that the store goes by, where a test sets it.
    let time: ManualTime?
    /// Opens the storage.
    private let opening: @Sendable () async throws -> Store

    /// Runs a check on a storage that is empty.
    ///
    /// - Throws: `StoreSuiteFailure` for a promise not kept, and for every error of the store, which no check asks for.
    static func run(
        _ check: String,
        time: ManualTime?,
        on opening: @escaping @Sendable () async throws -> Store,
        _ body: @Sendable (StoreTrial<Store>) async throws -> Void
    ) async throws {
        do {
            try await body(StoreTrial(check: check, store: opening(), time: time, opening: opening))
        } catch let error as StoreSuiteFailure {
            throw error
        } catch let error as CancellationError {
            throw error
        } catch {
            throw StoreSuiteFailure(
                check: check,
                subject: "what the store throws",
                expected: "nothing",
                found: "\(error)"
            )
        }
    }

    /// Opens the storage once more.
    func openAgain() async throws -> Store {
        try await opening()
    }

    /// Fails unless a value is what it should be.
    func expect<Value: Equatable>(
        _ subject: String,
        _ found: Value,
        is expected: Value
    ) throws(StoreSuiteFailure) {
        guard found != expected else { return }
        throw failure(subject, found: "\(found)", expected: "\(expected)")
    }

    /// Fails unless something holds.
    func expect(
        _ subject: String,
        _ holds: Bool,
        expected: String,
        found: @autoclosure () -> String
    ) throws(StoreSuiteFailure) {
        guard !holds else { return }
        throw failure(subject, found: found(), expected: expected)
    }

    /// A value that has to be there.
    func require<Value>(_ subject: String, _ value: Value?) throws(StoreSuiteFailure) -> Value {
        guard let value else { throw failure(subject, found: "nothing", expected: "something") }
        return value
    }

    /// A promise of this check that was not kept.
    func failure(_ subject: String, found: String, expected: String) -> StoreSuiteFailure {
        StoreSuiteFailure(check: check, subject: subject, expected: expected, found: found)
    }
}
