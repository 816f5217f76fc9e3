// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// The bytes of a token file: a line with a mark and the version of the format, then a sealed line for each record.
///
/// A line is the unit of damage, so each one opens without the others. What an older writing of the file held must not
/// come back among newer lines. Therefore each line has the whole name of its writing sealed in: were it in the first
/// line, for all to be opened with, the loss of that line would be the loss of all.
struct FileEnvelope: Sendable {
    /// Where the file is, for messages.
    let path: String
    /// The keys.
    let keys: KeyRing

    /// What a file holds.
    struct Content: Sendable {
        /// What could be opened.
        var partitions: StoredPartitions
        /// How many lines could not, are missing or do not belong there.
        var damagedLines = 0
    }

    /// What every token file begins with.
    private static let mark = Array("msal-tokens ".utf8)
    /// The version of the format, which ends the first line.
    private static let version = Array("1\n".utf8)
    /// What ends a line.
    private static let lineEnd = UInt8(ascii: "\n")
    /// What a line is sealed for.
    private static let purpose = "token file line"
    /// Where the key's name stands in what is sealed, behind the version of the envelope.
    private static let keyID = 1..<5

    /// The bytes of a file.
    func seal(_ content: StoredPartitions) throws(AuthenticationError) -> [UInt8] {
        let sealer = Sealer(keys: keys)
        let records = content.records
        let nonce = Randomness.system.bytes(FileWriting.nonceLength)
        let writing = FileWriting(lastVersion: content.lastVersion, count: UInt32(records.count), nonce: nonce)
        var bytes = Self.mark + Self.version
        for (index, record) in records.enumerated() {
            let line = FileLine(writing: writing, index: UInt32(index), record: record)
            bytes += try Base64URL.encode(sealer.seal(line.encoded(), purpose: Self.purpose)).utf8
            bytes.append(Self.lineEnd)
        }
        return bytes
    }

    /// What a file holds, as far as it can be opened.
    ///
    /// Lines of several writings give the newest one. A writing is sealed with one key: beside lines that open, one that
    /// names another key is a damaged line, and where none opens the ring lacks the key.
    ///
    /// - Throws: ``AuthenticationError`` if it is no token file, of a later format, or sealed with a key that is not there:
    ///   then nothing may be done to it.
    func open(_ bytes: [UInt8]) throws(AuthenticationError) -> Content {
        let front = Self.mark + Self.version
        guard bytes.starts(with: front) else {
            // One of ours that was cut.
            if front.starts(with: bytes) { return Content(partitions: .new(), damagedLines: 1) }
            guard bytes.starts(with: Self.mark) else {
                throw fault("is no token file. Give another path, or move it away.")
            }
            throw fault("was written by a later version of this library. Use that version, or another path.")
        }
        var lines = bytes.dropFirst(front.count).split(separator: Self.lineEnd, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        var writings: [FileWriting: [UInt32: FileRecord]] = [:]
        var lacksKey = false
        for line in lines {
            guard let sealed = Base64URL.decode(String(decoding: line, as: UTF8.self)) else { continue }
            if let line = open(line: sealed) {
                writings[line.writing, default: [:]][line.index] = line.record
            } else if sealed.count >= Self.keyID.upperBound {
                lacksKey = lacksKey || !keys.keys.contains { $0.id == Array(sealed[Self.keyID]) }
            }
        }
        guard let newest = writings.max(by: { $0.key.precedes($1.key) }) else {
            if lacksKey {
                throw fault("is sealed with a key that is not in the key ring. Add that key, or move the file away.")
            }
            return Content(partitions: .new(), damagedLines: max(1, lines.count))
        }
        let (writing, records) = newest
        return Content(
            partitions: StoredPartitions(lastVersion: writing.lastVersion, records: records.values),
            damagedLines: max(lines.count, Int(writing.count)) - records.count
        )
    }

    /// What a line holds; nil if it does not open.
    private func open(line sealed: [UInt8]) -> FileLine? {
        Sealer(keys: keys).open(sealed, purpose: Self.purpose).flatMap { FileLine(decoding: $0) }
    }

    /// Why the file cannot be used.
    private func fault(_ what: String) -> AuthenticationError {
        AuthenticationError(.misconfigured, .storeUnavailable, "\"\(path)\" \(what)")
    }
}
