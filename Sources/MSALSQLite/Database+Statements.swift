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
    /// The number of a column.
    func integer(_ index: Int) throws -> Int64 {
        guard case .int64(let number) = (self[index] as DatabaseValue).storage else { throw Self.damage }
        return number
    }

    /// The text of a column.
    func text(_ index: Int) throws -> String {
        guard case .string(let text) = (self[index] as DatabaseValue).storage else { throw Self.damage }
        return text
    }

    /// The bytes of a column.
    func bytes(_ index: Int) throws -> [UInt8] {
        guard case .blob(let data) = (self[index] as DatabaseValue).storage else { throw Self.damage }
        return Array(data)
    }

    /// The moment that a column holds as seconds since 1970; nil if it holds none.
    func momentIfAny(_ index: Int) throws -> Date? {
        switch (self[index] as DatabaseValue).storage {
        case .double(let seconds): Date(timeIntervalSince1970: seconds)
        case .null: nil
        default: throw Self.damage
        }
    }

    /// The moment that a column holds as seconds since 1970.
    func moment(_ index: Int) throws -> Date {
        guard let moment = try momentIfAny(index) else { throw Self.damage }
        return moment
    }

    /// What is thrown, where GRDB's own conversions would end the process, when a column holds another type than it can.
    private static var damage: DatabaseError {
        DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a column is not of its type")
    }
}
