// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A parameter of a statement.
enum PostgresValue: Sendable {
    /// `null` of any type.
    case null
    /// A `boolean`.
    case boolean(Bool)
    /// A `bigint`.
    case integer(Int64)
    /// A `text`.
    case text(String)
    /// A `bytea`.
    case bytes([UInt8])
    /// A `timestamptz`; nil is `null`.
    case moment(Date?)
    /// A `text[]`.
    case texts([String])
    /// A `bytea[]`.
    case byteStrings([[UInt8]])
    /// A `timestamptz[]`.
    case moments([Date?])

    /// The object identifiers of the element types of arrays, which PostgreSQL never changes.
    private enum ElementType: Int32 {
        case bytea = 17
        case text = 25
        case timestamptz = 1184
    }

    /// What goes over the wire in binary format; nil is `null`.
    var encoded: [UInt8]? {
        switch self {
        case .null: nil
        case .boolean(let value): [value ? 1 : 0]
        case .integer(let value): Self.bigEndian(value)
        case .text(let value): Array(value.utf8)
        case .bytes(let value): value
        case .moment(let value): value.map(Self.encode)
        case .texts(let values): Self.encode(values.map { Array($0.utf8) }, of: .text)
        case .byteStrings(let values): Self.encode(values, of: .bytea)
        case .moments(let values): Self.encode(values.map { $0.map(Self.encode) }, of: .timestamptz)
        }
    }

    /// The bytes of a number, the highest first.
    static func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.bigEndian) { Array($0) }
    }

    /// The seconds from 2000, where PostgreSQL counts from, to 2001, where `Date` does.
    private static let epochDistance: Double = 366 * 24 * 3600

    /// A moment as PostgreSQL keeps it, to the microsecond; what lies outside its calendar moves to the edge.
    private static func encode(_ moment: Date) -> [UInt8] {
        let microseconds = ((moment.timeIntervalSinceReferenceDate + epochDistance) * 1_000_000).rounded()
        // From 4713 BC to well past AD 290000.
        return bigEndian(Int64(min(max(microseconds, -211_813_488_000_000_000), 9_200_000_000_000_000_000)))
    }

    /// A moment from the microseconds that PostgreSQL counts.
    static func moment(microseconds: Int64) -> Date {
        Date(timeIntervalSinceReferenceDate: Double(microseconds) / 1_000_000 - epochDistance)
    }

    /// A one-dimensional array.
    private static func encode(_ values: [[UInt8]?], of type: ElementType) -> [UInt8] {
        var bytes = bigEndian(Int32(values.isEmpty ? 0 : 1))
        bytes += bigEndian(Int32(values.contains { $0 == nil } ? 1 : 0))
        bytes += bigEndian(type.rawValue)
        guard !values.isEmpty else { return bytes }
        bytes += bigEndian(Int32(values.count)) + bigEndian(Int32(1))
        for value in values {
            guard let value else {
                bytes += bigEndian(Int32(-1))
                continue
            }
            bytes += bigEndian(Int32(value.count))
            bytes += value
        }
        return bytes
    }
}
