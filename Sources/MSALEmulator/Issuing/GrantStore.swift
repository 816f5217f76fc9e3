// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

/// Codes and refresh tokens, kept by their hash: what is stored cannot be used, and looking up leaks no time.
struct GrantStore: Sendable {
    /// How long a code lives.
    static let codeLifetime: TimeInterval = 600
    /// How long a refresh token may lie unused.
    static let refreshTokenLifetime: TimeInterval = 90 * 86_400
    /// How many of each are kept, so that no loop fills the memory.
    static let limit = 20_000

    private var codes: [[UInt8]: AuthorizationCode] = [:]
    /// The refresh tokens by the hash of their text.
    private(set) var refreshTokens: [[UInt8]: RefreshToken]

    /// A store with refresh tokens of an earlier process.
    init(refreshTokens: [[UInt8]: RefreshToken] = [:]) {
        self.refreshTokens = refreshTokens
    }

    /// Keeps a code and returns its text, as long as the platform's are.
    mutating func add(_ code: AuthorizationCode, now: Date) -> String {
        if codes.count >= Self.limit { codes.removeAll() }
        // Redeemed and expired ones stay for a while, so that their second use has its own error.
        codes = codes.filter { $0.value.expires.addingTimeInterval(3600) > now }
        let text = "1." + Base64URL.encode(RandomBytes.make(768))
        codes[Digest.sha256(text)] = code
        return text
    }

    /// The code of that text.
    func code(_ text: String) -> AuthorizationCode? {
        codes[Digest.sha256(text)]
    }

    /// Marks a code as used; false when somebody else was faster.
    mutating func redeem(_ text: String) -> Bool {
        let key = Digest.sha256(text)
        guard codes[key]?.isRedeemed == false else { return false }
        codes[key]?.isRedeemed = true
        return true
    }

    /// Keeps a refresh token and returns its text.
    mutating func add(_ token: RefreshToken, now: Date) -> String {
        if refreshTokens.count >= Self.limit { refreshTokens = refreshTokens.filter { $0.value.expires > now } }
        if refreshTokens.count >= Self.limit { refreshTokens.removeAll() }
        let text = "1." + Base64URL.encode(RandomBytes.make(512))
        refreshTokens[Digest.sha256(text)] = token
        return text
    }

    /// The refresh token of that text.
    func refreshToken(_ text: String) -> RefreshToken? {
        refreshTokens[Digest.sha256(text)]
    }
}
