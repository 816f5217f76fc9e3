// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A part of the cache with a lock of its own, so that callers on several cores rarely meet.
final class CacheShard: Sendable {
    /// What the lock guards.
    struct State {
        /// The users by home account ID.
        var users: [String: UserPartition] = [:]
        /// The application's own tokens by tenant.
        var applications: [String: ApplicationPartition] = [:]
        /// All partitions, to pick from.
        var all: [CachePartition] = []
    }

    /// The partitions.
    let state = Mutex(State())
}

extension CacheShard.State {
    /// The partition of a user, made where there is none.
    mutating func user(_ name: String, at now: Date) -> UserPartition {
        if let user = users[name] { return user }
        let user = UserPartition(name: name, at: now)
        users[name] = user
        append(user)
        return user
    }

    /// The partition of a tenant, made where there is none.
    mutating func application(_ name: String, at now: Date) -> ApplicationPartition {
        if let application = applications[name] { return application }
        let application = ApplicationPartition(name: name, at: now)
        applications[name] = application
        append(application)
        return application
    }

    /// Takes a partition out.
    mutating func remove(_ partition: CachePartition) {
        if partition is UserPartition {
            users[partition.name] = nil
        } else {
            applications[partition.name] = nil
        }
        // The last takes the free place, so that no others move.
        let last = all.removeLast()
        if last !== partition {
            last.position = partition.position
            all[last.position] = last
        }
    }

    private mutating func append(_ partition: CachePartition) {
        partition.position = all.count
        all.append(partition)
    }
}
