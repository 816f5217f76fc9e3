// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MSALCore

@Suite struct BoundedTableTests {
    @Test func whatIsUsedStaysAndTheBoundHolds() {
        var table = BoundedTable<Int, String>(capacity: 100)
        for number in 0..<1_000 {
            table.change(number, from: "new") { $0 += "!" }
            table.touch(0)
            #expect(table.count <= 100)
            #expect(table[number] == "new!")
        }
        // Picked at random, the one just used goes only when it is picked eight times of eight.
        #expect(table[0] == "new!")
    }

    @Test func removedKeysLeaveTheOthersInPlace() {
        var table = BoundedTable<Int, Int>(capacity: 10)
        for number in 0..<10 { table.change(number, from: number) { _ in } }
        for number in [0, 9, 4] { table.remove(number) }
        table.remove(4)
        table.change(4) { $0 = 7 }
        #expect(table.values.sorted() == [1, 2, 3, 5, 6, 7, 8])
        for number in [10, 11, 12] { table.change(number, from: number) { _ in } }
        #expect(table.count == 10)
        #expect([1, 2, 3, 5, 6, 7, 8, 10, 11, 12].allSatisfy { table[$0] == $0 })
    }
}
