// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The bytes that are sealed: numbers in network order, texts and values behind their lengths.
extension FileLine {
    /// All of it as bytes.
    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(writing.lastVersion)
        writer.append(writing.count)
        writer.bytes += writing.nonce
        writer.append(index)
        switch record {
        case .head:
            writer.append(UInt8(0))
        case .entry(let partition, let version, let token):
            writer.append(UInt8(1))
            writer.append(partition)
            writer.append(version)
            writer.append(text: token.key)
            writer.append(token.endsOn)
            writer.append(bytes: token.value)
        case .lease(let partition, let lease):
            writer.append(UInt8(2))
            writer.append(partition)
            writer.append(text: lease.holder)
            writer.append(lease.endsOn)
        }
        return writer.bytes
    }

    /// What bytes stand for; nil if they do not stand for anything, or for more than a line.
    init?(decoding bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let writing = reader.writing(), let index = reader.integer(UInt32.self), index < writing.count,
            let record = reader.record(), reader.isAtEnd
        else { return nil }
        self.init(writing: writing, index: index, record: record)
    }
}

/// Bytes that grow.
private struct ByteWriter {
    /// What was written.
    var bytes: [UInt8] = []

    /// A number.
    mutating func append(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Bytes behind their count.
    mutating func append(bytes more: [UInt8]) {
        append(UInt32(more.count))
        bytes.append(contentsOf: more)
    }

    /// A text behind its count of bytes.
    mutating func append(text: String) {
        append(bytes: Array(text.utf8))
    }

    /// A moment to its last bit, or that there is none.
    mutating func append(_ date: Date?) {
        append(UInt8(date == nil ? 0 : 1))
        append(date?.timeIntervalSinceReferenceDate.bitPattern ?? 0)
    }

    /// A partition's kind and name.
    mutating func append(_ partition: TokenPartition) {
        append(text: partition.kind.rawValue)
        append(text: partition.name)
    }
}

/// Bytes that are read from front to back.
private struct ByteReader {
    /// All of them.
    private let bytes: [UInt8]
    /// Where the next one is.
    private var position = 0

    /// A reader at the front of some bytes.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether all of them were read.
    var isAtEnd: Bool { position == bytes.count }

    /// A number.
    mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        let size = MemoryLayout<Number>.size
        return next(size)?.reduce(Number.zero) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    /// The next bytes.
    mutating func next(_ count: Int) -> ArraySlice<UInt8>? {
        guard bytes.count - position >= count else { return nil }
        defer { position += count }
        return bytes[position..<(position + count)]
    }

    /// Bytes behind their count.
    mutating func counted() -> ArraySlice<UInt8>? {
        integer(UInt32.self).flatMap { next(Int($0)) }
    }

    /// A text behind its count of bytes.
    mutating func text() -> String? {
        counted().map { String(decoding: $0, as: UTF8.self) }
    }

    /// A moment or none; the outer nil is for neither.
    mutating func date() -> Date?? {
        guard let mark = integer(UInt8.self), mark <= 1, let bits = integer(UInt64.self) else { return nil }
        return .some(mark == 0 ? nil : Date(timeIntervalSinceReferenceDate: Double(bitPattern: bits)))
    }

    /// A partition's kind and name.
    mutating func partition() -> TokenPartition? {
        guard let kind = text().flatMap(TokenPartition.Kind.init(rawValue:)), let name = text() else { return nil }
        return TokenPartition(kind: kind, stored: name)
    }

    /// What a line was written with.
    mutating func writing() -> FileWriting? {
        guard let lastVersion = integer(Int64.self), let count = integer(UInt32.self),
            let nonce = next(FileWriting.nonceLength)
        else { return nil }
        return FileWriting(lastVersion: lastVersion, count: count, nonce: Array(nonce))
    }

    /// A record behind its kind.
    mutating func record() -> FileRecord? {
        switch integer(UInt8.self) {
        case 0: .head
        case 1: entry()
        case 2: lease()
        default: nil
        }
    }

    /// An entry.
    private mutating func entry() -> FileRecord? {
        guard let partition = partition(), let version = integer(Int64.self), let key = text(), let endsOn = date(),
            let value = counted()
        else { return nil }
        return .entry(partition, version: version, StoredToken(key: key, value: Array(value), endsOn: endsOn))
    }

    /// A lease.
    private mutating func lease() -> FileRecord? {
        guard let partition = partition(), let holder = text(), let end = date(), let end else { return nil }
        return .lease(partition, StoredPartitions.Lease(holder: holder, endsOn: end))
    }
}
