// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALTesting
import Synchronization

/// A simple token store that breaks one promise.
final class FaultyTokenStore: TokenStore {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case truncatesValues, losesEnds, roundsEnds, cutsNames, foldsCase, mixesKinds
        case ignoresKeys, repeatsKeys, losesOldEntries, keepsFirstOfSeveral, takesOutLast
        case ignoresConditions, takesNoVersionForNoCondition, checksBeforeItWrites, writesDespiteConflict
        case countsVersionsByPartition, keepsVersionOnRemoval, sharesVersions, keepsEmptyPartitions
        case makesPartitionsForNothing, refusesToChangeNothing
        case listsUnordered, listsTheNameItself, ignoresLimit, listsAllKinds
        case removesWhatEndsThen, removesWhatNeverEnds, countsPartitions, keepsVersionWhenSweeping
        case writesInSteps, readsInSteps
        case sharesLeases, refusesTheHolder, letsStrangersRelease, neverEndsLeases, endsLeasesWithPartitions
        case forgetsLeases
    }

    /// What there is.
    private struct State {
        /// The version and the entries of a partition.
        struct Partition {
            var version: Int64
            var entries: [StoredToken]
        }

        var partitions: [TokenPartition: Partition] = [:]
        var leases: [TokenPartition: (holder: String, endsOn: Date)] = [:]
        var lastVersion: Int64 = 0
    }

    private let state = Mutex(State())
    private let time: ManualTime
    private let fault: Fault?

    /// An empty store with a fault; without one it keeps all promises.
    init(_ fault: Fault?, time: ManualTime) {
        self.fault = fault
        self.time = time
    }

    func read(_ partition: TokenPartition, keys: [String]?) async throws -> StoredTokens {
        let all = state.withLock { $0.partitions[name(of: partition)] }
        guard let all else { return StoredTokens(entries: [], version: nil) }
        let isWanted = { (entry: StoredToken) in keys?.contains(entry.key) ?? true }
        var entries = all.entries.filter { fault == .ignoresKeys || isWanted($0) }
        if fault == .repeatsKeys, let keys {
            entries = keys.flatMap { key in all.entries.filter { $0.key == key } }
        }
        if fault == .readsInSteps, entries.count > 1 {
            // Long enough for somebody to write meanwhile, if anybody does.
            for _ in 0..<100 where state.withLock({ $0.partitions[name(of: partition)]?.version == all.version }) {
                await Task.yield()
            }
            let later = state.withLock { $0.partitions[name(of: partition)]?.entries ?? [] }
            entries = [entries[0]] + later.filter { isWanted($0) && $0.key != entries[0].key }
        }
        return StoredTokens(entries: entries, version: TokenVersion(rawValue: all.version))
    }

    func write(
        _ changes: TokenChanges,
        to partition: TokenPartition,
        if condition: TokenWriteCondition
    ) async throws -> TokenVersion? {
        let partition = name(of: partition)
        if fault == .writesInSteps, changes.put.count > 1 {
            guard state.withLock({ holds(condition, $0.partitions[partition]?.version) }) else { return nil }
            for entry in changes.put.dropLast() {
                _ = state.withLock { apply(TokenChanges(put: [entry]), to: partition, &$0) }
                await Task.yield()
            }
            let rest = TokenChanges(put: changes.put.suffix(1), remove: changes.remove)
            return state.withLock { apply(rest, to: partition, &$0) }
        }
        if fault == .checksBeforeItWrites {
            guard state.withLock({ holds(condition, $0.partitions[partition]?.version) }) else { return nil }
            await Task.yield()
            return state.withLock { apply(changes, to: partition, &$0) }
        }
        return state.withLock { state in
            guard holds(condition, state.partitions[partition]?.version) else {
                if fault == .writesDespiteConflict { _ = apply(changes, to: partition, &state) }
                return nil
            }
            return apply(changes, to: partition, &state)
        }
    }

    func partitions(_ kind: TokenPartition.Kind, after name: String?, limit: Int) async throws -> [TokenPartition] {
        let all = state.withLock { Array($0.partitions.keys) }
        let found =
            all
            .filter { fault == .listsAllKinds || $0.kind == kind }
            .filter { partition in
                guard let name else { return true }
                return fault == .listsTheNameItself ? partition.name >= name : partition.name > name
            }
            .sorted { fault == .listsUnordered ? $0.name > $1.name : $0.name < $1.name }
        return fault == .ignoresLimit ? found : Array(found.prefix(limit))
    }

    func removeEntries(endingBefore moment: Date) async throws -> Int {
        state.withLock { state in
            var count = 0
            for (partition, found) in state.partitions {
                let kept = found.entries.filter { entry in
                    guard let end = entry.endsOn else { return fault != .removesWhatNeverEnds }
                    return fault == .removesWhatEndsThen ? end > moment : end >= moment
                }
                guard kept.count < found.entries.count else { continue }
                count += fault == .countsPartitions ? 1 : found.entries.count - kept.count
                state.partitions[partition]?.entries = kept
                if fault != .keepsVersionWhenSweeping {
                    state.lastVersion += 1
                    state.partitions[partition]?.version = state.lastVersion
                }
                if kept.isEmpty { state.partitions[partition] = nil }
            }
            return count
        }
    }

    func takeLease(on partition: TokenPartition, as holder: String, for duration: Duration) async throws -> Bool {
        let now = time.now
        return state.withLock { state in
            if let held = state.leases[partition], now < held.endsOn || fault == .neverEndsLeases {
                let isRefused = held.holder != holder || fault == .refusesTheHolder
                if isRefused, fault != .sharesLeases { return false }
            }
            if fault != .forgetsLeases {
                state.leases[partition] = (holder, now.addingTimeInterval(Double(duration.components.seconds)))
            }
            return true
        }
    }

    func releaseLease(on partition: TokenPartition, as holder: String) async throws {
        state.withLock { state in
            guard state.leases[partition]?.holder == holder || fault == .letsStrangersRelease else { return }
            state.leases[partition] = nil
        }
    }

    /// What a partition is filed under.
    private func name(of partition: TokenPartition) -> TokenPartition {
        switch fault {
        case .cutsNames: TokenPartition(kind: partition.kind, stored: String(partition.name.prefix(255)))
        case .foldsCase: TokenPartition(kind: partition.kind, stored: partition.name.lowercased())
        case .mixesKinds: TokenPartition(kind: .user, stored: partition.name)
        default: partition
        }
    }

    /// Whether a condition holds for a version.
    private func holds(_ condition: TokenWriteCondition, _ version: Int64?) -> Bool {
        guard case .version(let expected) = condition, fault != .ignoresConditions else { return true }
        if expected == nil, fault == .takesNoVersionForNoCondition { return true }
        return expected?.rawValue == version
    }

    /// Makes changes.
    private func apply(_ changes: TokenChanges, to partition: TokenPartition, _ state: inout State) -> TokenVersion? {
        if changes.isEmpty, fault == .refusesToChangeNothing { return nil }
        let current = state.partitions[partition]
        if changes.isEmpty, let current { return TokenVersion(rawValue: current.version) }
        state.lastVersion += 1
        var version = state.lastVersion
        if fault == .countsVersionsByPartition { version = (current?.version ?? 0) + 1 }
        if fault == .keepsVersionOnRemoval, changes.put.isEmpty { version = current?.version ?? version }
        var entries = current?.entries ?? []
        if fault == .losesOldEntries { entries = [] }
        if fault != .takesOutLast { entries.removeAll { changes.remove.contains($0.key) } }
        for entry in changes.put {
            if fault == .keepsFirstOfSeveral,
                entries.contains(where: { changes.put.contains($0) && $0.key == entry.key })
            {
                continue
            }
            entries.removeAll { $0.key == entry.key }
            entries.append(kept(entry))
        }
        if fault == .takesOutLast { entries.removeAll { changes.remove.contains($0.key) } }
        if fault == .sharesVersions {
            for other in state.partitions.keys { state.partitions[other]?.version = version }
        }
        let mayBeEmpty = fault == .makesPartitionsForNothing || (fault == .keepsEmptyPartitions && current != nil)
        state.partitions[partition] =
            entries.isEmpty && !mayBeEmpty ? nil : State.Partition(version: version, entries: entries)
        if entries.isEmpty, fault == .endsLeasesWithPartitions { state.leases[partition] = nil }
        return TokenVersion(rawValue: version)
    }

    /// An entry as it is kept.
    private func kept(_ entry: StoredToken) -> StoredToken {
        switch fault {
        case .truncatesValues:
            StoredToken(key: entry.key, value: Array(entry.value.prefix(65_535)), endsOn: entry.endsOn)
        case .losesEnds: StoredToken(key: entry.key, value: entry.value, endsOn: nil)
        case .roundsEnds:
            StoredToken(
                key: entry.key,
                value: entry.value,
                endsOn: entry.endsOn.map { Date(timeIntervalSince1970: $0.timeIntervalSince1970.rounded()) }
            )
        default: entry
        }
    }
}
