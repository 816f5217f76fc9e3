// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// How much of the cache is kept in memory.
///
/// Past either limit, what was used longest ago goes: a person whose tokens went must sign in again, unless a store keeps
/// them; an application's own tokens are asked for anew.
public struct CacheLimits: Sendable, Hashable {
    /// How many people, and tenants of the application's own tokens, are kept at most.
    public var maximumCount: Int

    /// How many bytes the tokens and what holds them may take, about.
    public var maximumBytes: Int

    /// Limits; 1,000,000 people and tenants and 512 MiB unless told otherwise.
    ///
    /// - Parameters:
    ///   - maximumCount: how many people, and tenants of the application's own tokens; at least one.
    ///   - maximumBytes: how many bytes; a person takes about five thousand at Microsoft.
    public init(maximumCount: Int = 1_000_000, maximumBytes: Int = 512 << 20) {
        self.maximumCount = max(1, maximumCount)
        self.maximumBytes = max(1, maximumBytes)
    }
}
