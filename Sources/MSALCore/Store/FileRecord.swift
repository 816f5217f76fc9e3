// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What a line of a token file holds; it means the same without its neighbours.
enum FileRecord: Sendable, Equatable {
    /// Nothing of its own: a file without entries has a line too, which carries the version given last.
    case head
    /// An entry, with its partition and the version of that.
    case entry(TokenPartition, version: Int64, StoredToken)
    /// A lease on a partition.
    case lease(TokenPartition, StoredPartitions.Lease)
}

/// One writing of a token file, told from every other.
struct FileWriting: Sendable, Hashable {
    /// The version given last, greater than that of the writing before.
    var lastVersion: Int64
    /// How many lines were written.
    var count: UInt32
    /// 16 random bytes: two writings have one version if somebody has put an older file back and gone on from there.
    var nonce: [UInt8]

    /// How many bytes the nonce has.
    static let nonceLength = 16

    /// Whether this writing is the older one; of two with one version it is always the same one.
    func precedes(_ other: FileWriting) -> Bool {
        guard lastVersion == other.lastVersion else { return lastVersion < other.lastVersion }
        return nonce.lexicographicallyPrecedes(other.nonce)
    }
}

/// What is sealed as one line: a record, and which line of which writing it is.
struct FileLine: Sendable, Equatable {
    /// The writing.
    var writing: FileWriting
    /// Which of its lines, from 0.
    var index: UInt32
    /// What it holds.
    var record: FileRecord
}
