// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The bytes that a file keeps: numbers in network order, texts and values behind their lengths.
extension StoredPartitions {
    /// All of it as bytes.
    func encoded() -> [UInt8] {
        var writer = ByteWriter()
        writer.append(lastVersion)
        writer.append(UInt32(partitions.count))
        for (partition, content) in partitions {
            writer.append(partition)
            writer.append(content.version)
            writer.append(UInt32(content.entries.count))
            for (key, entry) in content.entries {
                writer.append(text: key)
                writer.append(entry.endsOn)
                writer.append(bytes: entry.value)
            }
        }
        writer.append(UInt32(leases.count))
        for (partition, lease) in leases {
            writer.append(partition)
            writer.append(text: lease.holder)
            writer.append(lease.endsOn)
        }
        return writer.bytes
    }

    /// What bytes stand for; nil if they do not stand for anything, or for more than all of it.
    init?(decoding bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard let lastVersion = reader.integer(Int64.self), let count = reader.integer(UInt32.self) else { return nil }
        self.init(lastVersion: lastVersion)
        for _ in 0..<count {
            guard let partition = reader.partition(), let content = reader.content() else { return nil }
            partitions[partition] = content
        }
        guard let leaseCount = reader.integer(UInt32.self) else { return nil }
        for _ in 0..<leaseCount {
            guard let partition = reader.partition(), let lease = reader.lease() else { return nil }
            leases[partition] = lease
        }
        guard reader.isAtEnd else { return nil }
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
        guard bytes.count - position >= size else { return nil }
        defer { position += size }
        return bytes[position..<(position + size)].reduce(Number.zero) { $0 << 8 | Number(truncatingIfNeeded: $1) }
    }

    /// Bytes behind their count.
    mutating func counted() -> ArraySlice<UInt8>? {
        guard let count = integer(UInt32.self), bytes.count - position >= Int(count) else { return nil }
        defer { position += Int(count) }
        return bytes[position..<(position + Int(count))]
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

    /// A partition's version and entries.
    mutating func content() -> StoredPartitions.Partition? {
        guard let version = integer(Int64.self), let count = integer(UInt32.self) else { return nil }
        var content = StoredPartitions.Partition(version: version)
        for _ in 0..<count {
            guard let key = text(), let endsOn = date(), let value = counted() else { return nil }
            content.entries[key] = StoredPartitions.Entry(value: Array(value), endsOn: endsOn)
        }
        return content
    }

    /// A lease.
    mutating func lease() -> StoredPartitions.Lease? {
        guard let holder = text(), let end = date(), let end else { return nil }
        return StoredPartitions.Lease(holder: holder, endsOn: end)
    }
}
