// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

extension Database {
    /// Runs a statement that is prepared once for the connection.
    func run(_ sql: String, _ arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }

    /// The rows of a statement that is prepared once for the connection.
    func rows(_ sql: String, _ arguments: StatementArguments) throws -> RowCursor {
        try Row.fetchCursor(cachedStatement(sql: sql), arguments: arguments)
    }

    /// The first row of a statement that is prepared once for the connection.
    func row(_ sql: String, _ arguments: StatementArguments) throws -> Row? {
        try Row.fetchOne(cachedStatement(sql: sql), arguments: arguments)
    }
}

extension Row {
    /// The bytes of a column.
    func bytes(_ index: Int) throws -> [UInt8] {
        try withUnsafeData(atIndex: index) { Array($0 ?? Data()) }
    }

    /// The moment that a column holds as seconds since 1970.
    func moment(_ index: Int) -> Date? {
        (self[index] as Double?).map { Date(timeIntervalSince1970: $0) }
    }
}
