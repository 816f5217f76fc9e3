// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// All that a store holds, as a value: what stores do that keep everything at hand is written here once.
struct StoredPartitions: Sendable {
    /// An entry without its key.
    struct Entry: Sendable, Equatable {
        /// The sealed bytes.
        var value: [UInt8]
        /// When it may be forgotten.
        var endsOn: Date?
    }

    /// What there is under one name; never without an entry.
    struct Partition: Sendable, Equatable {
        /// Changes with every write.
        var version: Int64
        /// The entries by key.
        var entries: [String: Entry] = [:]
    }

    /// Who may renew a partition's tokens.
    struct Lease: Sendable, Equatable {
        /// Who took it.
        var holder: String
        /// When it ends unless it is taken again.
        var endsOn: Date
    }

    /// What there is.
    var partitions: [TokenPartition: Partition] = [:]
    /// The leases that were taken; ended ones stay until there are many.
    var leases: [TokenPartition: Lease] = [:]
    /// The version given last, to whatever partition.
    var lastVersion: Int64
    /// The names of each kind in order, made when they are asked for and given up when one comes or goes.
    private var namesInOrder: [TokenPartition.Kind: [String]] = [:]
    /// How many leases there may be before ended ones are looked for.
    private var leaseLimit = 64

    /// An empty store that counts its versions on from a number.
    init(lastVersion: Int64 = 0) {
        self.lastVersion = lastVersion
    }

    /// The entries of a partition and its version.
    func read(_ partition: TokenPartition, keys: [String]?) -> StoredTokens {
        guard let found = partitions[partition] else { return StoredTokens(entries: [], version: nil) }
        var entries: [StoredToken] = []
        if let keys {
            for key in Set(keys) {
                guard let entry = found.entries[key] else { continue }
                entries.append(StoredToken(key: key, value: entry.value, endsOn: entry.endsOn))
            }
        } else {
            entries = found.entries.map { StoredToken(key: $0.key, value: $0.value.value, endsOn: $0.value.endsOn) }
        }
        return StoredTokens(entries: entries, version: TokenVersion(rawValue: found.version))
    }

    /// Changes entries of a partition; nil if the condition does not hold.
    mutating func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) -> TokenVersion? {
        let current = partitions[partition]?.version
        if case .version(let expected) = condition, expected?.rawValue != current { return nil }
        if changes.isEmpty, let current { return TokenVersion(rawValue: current) }
        lastVersion += 1
        change(partition) { entries in
            for key in changes.remove { entries[key] = nil }
            for entry in changes.put { entries[entry.key] = Entry(value: entry.value, endsOn: entry.endsOn) }
        }
        return TokenVersion(rawValue: lastVersion)
    }

    /// Some of the partitions of a kind, ordered by name.
    mutating func partitions(_ kind: TokenPartition.Kind, after name: String?, limit: Int) -> [TokenPartition] {
        let names = namesInOrder[kind] ?? partitions.keys.filter { $0.kind == kind }.map(\.name).sorted()
        namesInOrder[kind] = names
        var first = 0
        if let name {
            var end = names.count
            while first < end {
                let middle = (first + end) / 2
                if names[middle] <= name { first = middle + 1 } else { end = middle }
            }
        }
        return names[first...].prefix(max(0, limit)).map { TokenPartition(kind: kind, stored: $0) }
    }

    /// Takes out all entries that end before a moment; how many there were.
    mutating func removeEntries(endingBefore moment: Date) -> Int {
        var count = 0
        for (partition, found) in partitions {
            let ended = found.entries.filter { entry in entry.value.endsOn.map { $0 < moment } ?? false }
            guard !ended.isEmpty else { continue }
            count += ended.count
            lastVersion += 1
            change(partition) { entries in
                for key in ended.keys { entries[key] = nil }
            }
        }
        return count
    }

    /// Takes the lease on a partition unless somebody else holds it.
    mutating func takeLease(on partition: TokenPartition, as holder: String, until end: Date, at now: Date) -> Bool {
        if let held = leases[partition], held.holder != holder, now < held.endsOn { return false }
        if leases.count >= leaseLimit {
            leases = leases.filter { now < $0.value.endsOn }
            leaseLimit = max(64, 2 * leases.count)
        }
        leases[partition] = now < end ? Lease(holder: holder, endsOn: end) : nil
        return true
    }

    /// Gives a lease back; false if the one who gives it does not hold it.
    mutating func releaseLease(on partition: TokenPartition, as holder: String) -> Bool {
        guard leases[partition]?.holder == holder else { return false }
        leases[partition] = nil
        return true
    }

    /// Changes the entries of a partition under the version given last; the last entry takes it along.
    private mutating func change(_ partition: TokenPartition, _ change: (inout [String: Entry]) -> Void) {
        let isNew = partitions[partition] == nil
        // Changed in place: a copy of a large partition for every write would cost more than the write.
        change(&partitions[partition, default: Partition(version: lastVersion)].entries)
        partitions[partition]?.version = lastVersion
        let isGone = partitions[partition]?.entries.isEmpty ?? true
        if isGone { partitions[partition] = nil }
        if isNew != isGone { namesInOrder[partition.kind] = nil }
    }
}
