// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What a store holds, taken apart for a file and put together again.
extension StoredPartitions {
    /// All of it; never nothing at all.
    var records: [FileRecord] {
        var records = [FileRecord.head]
        for (partition, content) in partitions {
            for (key, entry) in content.entries {
                let token = StoredToken(key: key, value: entry.value, endsOn: entry.endsOn)
                records.append(.entry(partition, version: content.version, token))
            }
        }
        for (partition, lease) in leases {
            records.append(.lease(partition, lease))
        }
        return records
    }

    /// A store of what records hold, however many of them there still are.
    init(lastVersion: Int64, records: some Sequence<FileRecord>) {
        self.init(lastVersion: lastVersion)
        for record in records {
            switch record {
            case .head: break
            case .entry(let partition, let version, let token):
                partitions[partition, default: Partition(version: version)].entries[token.key] =
                    Entry(value: token.value, endsOn: token.endsOn)
            case .lease(let partition, let lease): leases[partition] = lease
            }
        }
    }

    /// An empty store that counts its versions on from a random number.
    ///
    /// A version must not come back, not even when somebody has removed the file: no count begins where another did.
    static func new() -> StoredPartitions {
        StoredPartitions(lastVersion: Int64.random(in: 0..<(1 << 62)))
    }
}
