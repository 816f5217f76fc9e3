// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Why a password was not taken.
enum PasswordFault: Error, Sendable {
    /// It is another one.
    case wrong
    /// There were too many wrong ones.
    case locked
    /// It is right, and the account is disabled.
    case disabled
    /// It is right, and too old.
    case expired

    /// What the page says.
    var sentence: String {
        switch self {
        case .wrong: "The account or password is incorrect (AADSTS50126)."
        case .locked: "Too many wrong passwords. Wait a minute, then try again (AADSTS50053)."
        case .disabled: "This account is disabled (AADSTS50057)."
        case .expired: "This password has expired. In this emulator, the seed says so (AADSTS50055)."
        }
    }

    /// What the token endpoint says.
    var platformError: PlatformError {
        switch self {
        case .wrong: .passwordWrong
        case .locked: .accountLocked
        case .disabled: .userDisabled
        case .expired: .passwordExpired
        }
    }
}

/// Counts wrong passwords, so that nobody guesses for long.
struct PasswordAttempts: Sendable {
    /// How many wrong ones in a row lock an account.
    static let limit = 10
    /// For how many seconds it is locked, and after how many quiet ones the count starts again.
    static let lockTime: TimeInterval = 60

    /// Wrong passwords in a row.
    private struct Failures: Sendable {
        /// How many.
        var count = 0
        /// When the last one came.
        var last: Date
    }

    /// By person, so there are never more than the directory has.
    private var failures: [GUID: Failures] = [:]

    /// Whether an account is locked.
    func isLocked(_ id: GUID, at now: Date) -> Bool {
        guard let known = failures[id] else { return false }
        return known.count >= Self.limit && known.last.addingTimeInterval(Self.lockTime) > now
    }

    /// Counts an attempt.
    mutating func note(_ id: GUID, isRight: Bool, at now: Date) {
        if isRight {
            failures[id] = nil
            return
        }
        var known = failures[id] ?? Failures(last: now)
        if known.last.addingTimeInterval(Self.lockTime) <= now { known.count = 0 }
        known.count += 1
        known.last = now
        failures[id] = known
    }
}

extension Platform {
    /// Checks a password, wherever it was typed.
    func check(_ password: String, of user: User) throws(PasswordFault) {
        let now = now()
        guard !passwords.withLock({ $0.isLocked(user.id, at: now) }) else { throw .locked }
        let isRight = user.password.matches(password)
        passwords.withLock { $0.note(user.id, isRight: isRight, at: now) }
        guard isRight else { throw .wrong }
        guard user.isEnabled else { throw .disabled }
        guard !user.hasExpiredPassword else { throw .expired }
    }
}
