// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The tokens of one application, in memory: users' by home account ID, the application's own by tenant.
///
/// Every look-up is a few dictionary reads under the lock of a shard, on the caller's own executor, however many users
/// and tokens there are.
final class TokenCache: Sendable {
    /// The application whose tokens these are.
    let clientID: String
    /// How much is kept.
    let limits: CacheLimits
    /// How much there is.
    let totals: CacheTotals
    /// The shards; a power of two of them.
    let shards: [CacheShard]

    /// Makes an empty cache.
    init(clientID: String, limits: CacheLimits = CacheLimits()) {
        self.clientID = clientID
        self.limits = limits
        totals = CacheTotals(clientID: clientID)
        shards = (0..<64).map { _ in CacheShard() }
    }

    /// The shard of a name.
    func shard(of name: String) -> CacheShard {
        shards[Int(truncatingIfNeeded: name.foldedHash >> 20) & (shards.count - 1)]
    }

    // MARK: The application itself

    /// The application's own token for a tenant that serves a request: a usable one, else the one that ends last.
    func applicationToken(
        in tenant: String,
        for wanted: [String],
        isolation: String? = nil,
        at now: Date
    ) -> CachedAccessToken? {
        let tenant = tenant.asciiLowercased
        return shard(of: tenant).state.withLock { state in
            guard let partition = state.applications[tenant] else { return nil }
            partition.touch(at: now)
            return partition.tokens.token(for: wanted, isolation: isolation, at: now)
        }
    }

    /// Keeps a token of the application itself.
    func store(_ token: CachedAccessToken, in tenant: String, at now: Date) {
        let tenant = tenant.asciiLowercased
        let growth = shard(of: tenant).state.withLock { state in
            let isNew = state.applications[tenant] == nil
            let partition = state.application(tenant, at: now)
            partition.lastUse = now
            partition.tokens.insert(token, at: now)
            return CacheGrowth(of: partition, isNew: isNew)
        }
        grow(growth, keeping: tenant)
    }

    /// Takes out the application's own tokens of a tenant.
    func removeApplicationTokens(in tenant: String) {
        let tenant = tenant.asciiLowercased
        let freed = shard(of: tenant).state.withLock { state -> Int? in
            guard let partition = state.applications[tenant] else { return nil }
            state.remove(partition)
            return partition.countedBytes
        }
        if let freed { totals.add(partitions: -1, bytes: -freed) }
    }

    // MARK: Bounds

    /// Counts what a change brought, and gives up what is too much.
    func grow(_ growth: CacheGrowth, keeping name: String) {
        totals.add(partitions: growth.partitions, bytes: growth.bytes)
        while totals.partitionCount > limits.maximumCount || totals.byteCount > limits.maximumBytes {
            guard evictOne(keeping: name) else { return }
        }
    }

    /// Takes out what has ended, and partitions in which nothing is left.
    func sweep(at now: Date) {
        for shard in shards {
            let (count, bytes) = shard.state.withLock { state in
                var (count, bytes) = (0, 0)
                for partition in state.all {
                    partition.sweep(at: now)
                    if partition.isEmpty, !partition.isHeld {
                        state.remove(partition)
                        count -= 1
                        bytes -= partition.countedBytes
                    } else {
                        bytes += CacheGrowth(of: partition, isNew: false).bytes
                    }
                }
                return (count, bytes)
            }
            totals.add(partitions: count, bytes: bytes)
        }
    }

    /// Gives up the partition unused for the longest: of all where there are few, else of some picked at random.
    ///
    /// - Returns: whether anything went.
    private func evictOne(keeping kept: String) -> Bool {
        let few = totals.partitionCount <= 256
        let start = few ? 0 : Int.random(in: 0..<shards.count)
        var victim: (shard: CacheShard, name: String, isUser: Bool, lastUse: Date)?
        var seen = 0
        for offset in shards.indices {
            let shard = shards[(start + offset) & (shards.count - 1)]
            let oldest = shard.state.withLock { state -> (String, Bool, Date)? in
                let sample =
                    state.all.count <= 8 || few ? state.all : (0..<8).compactMap { _ in state.all.randomElement() }
                seen += sample.count
                return
                    sample.filter { $0.name != kept && !$0.isHeld }.min { $0.lastUse < $1.lastUse }
                    .map { ($0.name, $0 is UserPartition, $0.lastUse) }
            }
            if let (name, isUser, lastUse) = oldest, lastUse < victim?.lastUse ?? .distantFuture {
                victim = (shard, name, isUser, lastUse)
            }
            if !few, seen >= 32, victim != nil { break }
        }
        guard let victim else { return shrink(kept) }
        let freed = victim.shard.state.withLock { state -> Int? in
            let partition: CachePartition? =
                victim.isUser ? state.users[victim.name] : state.applications[victim.name]
            // Looked at again under the lock that it is taken out under.
            guard let partition, !partition.isHeld else { return nil }
            state.remove(partition)
            return partition.countedBytes
        }
        guard let freed else { return true }
        totals.add(partitions: -1, bytes: -freed)
        totals.countEviction()
        return true
    }

    /// Makes the one partition that is left smaller, where that can be done.
    private func shrink(_ name: String) -> Bool {
        let growth = shard(of: name).state.withLock { state -> Int in
            guard let partition = state.applications[name], partition.tokens.count > 1 else { return 0 }
            partition.shrink()
            return CacheGrowth(of: partition, isNew: false).bytes
        }
        guard growth < 0 else { return false }
        totals.add(partitions: 0, bytes: growth)
        totals.countEviction()
        return true
    }
}

/// By how much a change made the cache larger.
struct CacheGrowth: Sendable {
    /// How many partitions came.
    var partitions: Int
    /// How many bytes came, or went where negative.
    var bytes: Int

    /// What a partition has grown by since it was last counted; it counts as counted from here on.
    init(of partition: CachePartition, isNew: Bool) {
        let bytes = partition.bytes
        self.bytes = bytes - partition.countedBytes
        partitions = isNew ? 1 : 0
        partition.countedBytes = bytes
    }
}
