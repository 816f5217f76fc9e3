// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import CMSALPostgres

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a statement answered, in binary format.
///
/// It stays where it was read: only what is taken out of it leaves the connection's thread.
final class PostgresRows {
    /// libpq's own result.
    private let result: OpaquePointer

    /// Takes over a result.
    init(_ result: OpaquePointer) {
        self.result = result
    }

    deinit {
        PQclear(result)
    }

    /// How many rows there are.
    var count: Int { Int(PQntuples(result)) }

    /// How many rows the statement changed.
    var changedCount: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    /// A `bytea`; nil for `null`.
    func bytes(_ row: Int, _ column: Int) -> [UInt8]? {
        guard PQgetisnull(result, Int32(row), Int32(column)) == 0,
            let start = PQgetvalue(result, Int32(row), Int32(column))
        else { return nil }
        let length = Int(PQgetlength(result, Int32(row), Int32(column)))
        return Array(UnsafeRawBufferPointer(start: start, count: length))
    }

    /// A `text`; nil for `null`.
    func text(_ row: Int, _ column: Int) -> String? {
        bytes(row, column).map { String(decoding: $0, as: UTF8.self) }
    }

    /// A `bigint`; nil for `null` and for numbers of another width.
    func integer(_ row: Int, _ column: Int) -> Int64? {
        guard let bytes = bytes(row, column), bytes.count == 8 else { return nil }
        return bytes.reduce(Int64(0)) { $0 << 8 | Int64($1) }
    }

    /// A `boolean`; false for `null`.
    func boolean(_ row: Int, _ column: Int) -> Bool {
        bytes(row, column) == [1]
    }

    /// A `timestamptz`; nil for `null`.
    func moment(_ row: Int, _ column: Int) -> Date? {
        integer(row, column).map(PostgresValue.moment(microseconds:))
    }
}
