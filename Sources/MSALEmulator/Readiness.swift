// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where a running emulator listens.
public struct EmulatorAddresses: Sendable, Hashable {
    /// The address by plain http, such as `http://localhost:8400`.
    public let http: String
    /// The address by https; nil when it is switched off.
    public let https: String?
    /// The certificate that clients must trust for https; nil when that is switched off.
    public let caCertificatePath: String?
}

/// Holds those who wait for the emulator to listen.
final class Readiness: Sendable {
    /// How far it is.
    private enum State {
        /// Not listening yet.
        case waiting([Int: CheckedContinuation<EmulatorAddresses, any Error>])
        /// Listening.
        case ready(EmulatorAddresses)
        /// It never came so far, or it is over.
        case failed(any Error)
    }

    private let state = Mutex(State.waiting([:]))
    private let counter = Mutex(0)

    /// Waits.
    func wait() async throws -> EmulatorAddresses {
        let id = counter.withLock { count in
            count += 1
            return count
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let outcome: Result<EmulatorAddresses, any Error>? = state.withLock { state in
                    switch state {
                    case .ready(let addresses): return .success(addresses)
                    case .failed(let error): return .failure(error)
                    case .waiting(var waiters):
                        if Task.isCancelled { return .failure(CancellationError()) }
                        waiters[id] = continuation
                        state = .waiting(waiters)
                        return nil
                    }
                }
                if let outcome { continuation.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<EmulatorAddresses, any Error>? in
                guard case .waiting(var waiters) = state else { return nil }
                let waiter = waiters.removeValue(forKey: id)
                state = .waiting(waiters)
                return waiter
            }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Tells everybody the addresses.
    func succeed(_ addresses: EmulatorAddresses) {
        settle(.ready(addresses)) { $0.resume(returning: addresses) }
    }

    /// Tells everybody that there will be none.
    func fail(_ error: any Error) {
        settle(.failed(error)) { $0.resume(throwing: error) }
    }

    /// Changes the state and wakes everybody.
    private func settle(_ new: State, _ wake: (CheckedContinuation<EmulatorAddresses, any Error>) -> Void) {
        let waiters = state.withLock { state in
            defer { state = new }
            guard case .waiting(let waiters) = state else {
                return [CheckedContinuation<EmulatorAddresses, any Error>]()
            }
            return Array(waiters.values)
        }
        waiters.forEach(wake)
    }
}
