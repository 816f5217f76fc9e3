// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// How an application's tokens outlive its process: where they are kept, and with which keys they are sealed.
public struct TokenPersistence: Sendable {
    /// Where sealed entries are kept.
    public var store: any TokenStore

    /// The keys: the first seals, all of them open.
    ///
    /// Machines that share a store share the keys. To rotate, put a new key in front and take the old one away after
    /// ``entryLifetime``.
    public var keys: KeyRing

    /// How long what memory holds is believed before the store is asked again, in the background: five minutes.
    ///
    /// A sign-out on another machine is seen here no later than that.
    public var memoryLifetime: Duration = .seconds(300)

    /// How long one process may take to renew a person's tokens before another one may do it.
    ///
    /// A process that dies meanwhile holds the others up for so long at most: 35 seconds, a little more than an exchange
    /// with the provider may take.
    public var leaseDuration: Duration = .seconds(35)

    /// How long the entries of somebody who is not seen any more are kept: 90 days, as long as the platform lets a refresh
    /// token lie unused.
    public var entryLifetime: Duration = .seconds(90 * 86_400)

    /// Persistence with the usual times.
    ///
    /// - Parameters:
    ///   - store: where sealed entries are kept.
    ///   - keys: the keys to seal them with; keep them apart from the store.
    public init(store: any TokenStore, keys: KeyRing) {
        self.store = store
        self.keys = keys
    }
}
