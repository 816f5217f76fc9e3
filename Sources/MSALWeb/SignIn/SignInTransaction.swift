// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One sign-in under way, as it is sealed into a cookie of its own.
struct SignInTransaction: Sendable, Codable {
    /// The application's part: state, nonce, verifier.
    let flow: AuthorizationCodeFlow
    /// Where the person wanted to go.
    var returnTo: LocalPath
    /// The session that the browser had when it left; a form post from elsewhere does not carry its cookie.
    let previous: SessionKey?
    /// What the sign-in was asked for beside the usual.
    let asked: SignInChallenge

    /// How long a sign-in may take.
    static let lifetime = AuthorizationCodeFlow.lifetime
    /// How many sign-ins a browser may have under way.
    static let maximumPending = 5
    /// How many bytes the sign-ins under way may take, besides a new one: servers refuse requests whose fields are larger
    /// than 8 KiB, and another site can make a browser start sign-ins.
    static let maximumPendingSize = 3_500
    /// How many characters of a hash name a sign-in.
    private static let tagLength = 12
    /// What the envelope is for.
    static let purpose = "sign-in"

    /// Names a sign-in by a part of the hash of its state: enough to tell cookies apart, and nothing of the state.
    static func tag(_ state: Secret) -> String {
        String(key(state).rawValue.prefix(tagLength))
    }

    /// What a sign-in is remembered under once its answer has come.
    static func key(_ state: Secret) -> SessionKey {
        SessionKey(hashing: state.reveal())
    }

    /// The names of a browser's sign-in cookies, with the oldest ones that have to go so that one more fits, and all
    /// those that do not open.
    static func evictions(
        among sent: RequestCookies,
        prefix: String,
        sealer: Sealer,
        at now: Date
    ) -> [String] {
        var pending: [(name: String, size: Int, issuedAt: Date)] = []
        var evicted: [String] = []
        for (name, value) in sent.pairs where name.hasPrefix(prefix) {
            // On plain http there is no prefix that keeps the application's own cookies apart.
            guard name.utf8.count == prefix.utf8.count + tagLength else { continue }
            if let opened = sealer.open(value, purpose: purpose, at: now) {
                pending.append((name, name.utf8.count + value.utf8.count, opened.issuedAt))
            } else {
                evicted.append(name)
            }
        }
        // Newest first: what fits stays.
        var size = 0
        for (count, signIn) in pending.sorted(by: { $0.issuedAt > $1.issuedAt }).enumerated() {
            size += signIn.size
            if count >= maximumPending - 1 || size > maximumPendingSize { evicted.append(signIn.name) }
        }
        return evicted
    }
}
