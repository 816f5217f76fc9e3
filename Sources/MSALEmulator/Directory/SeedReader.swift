// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

/// Reads one object of a seed file, noting every fault instead of stopping at the first.
struct SeedReader {
    /// Where the object stands in the file.
    let path: String
    /// Its members.
    private let members: [String: JSONValue]
    /// The members that something asked for: the others are misspelt.
    private var known: Set<String> = []

    /// Takes an object; anything else is a fault.
    init(_ value: JSONValue, path: String, faults: inout EmulatorSeedFaults) {
        self.path = path
        if let members = value.objectValue {
            self.members = members
        } else {
            members = [:]
            faults.add(path, "must be an object")
        }
    }

    /// The path of a member.
    func place(_ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    /// A text that must be there and not be empty.
    mutating func text(_ name: String, _ faults: inout EmulatorSeedFaults) -> String {
        guard let text = optionalText(name, &faults) else {
            faults.add(place(name), "is missing")
            return ""
        }
        return text
    }

    /// A text that may be left out, but not be empty.
    mutating func optionalText(_ name: String, _ faults: inout EmulatorSeedFaults) -> String? {
        guard let value = member(name) else { return nil }
        guard let text = value.stringValue, !text.isEmpty else {
            faults.add(place(name), "must be a text that is not empty")
            return nil
        }
        return text
    }

    /// Yes or no.
    mutating func flag(_ name: String, default standard: Bool, _ faults: inout EmulatorSeedFaults) -> Bool {
        optionalFlag(name, &faults) ?? standard
    }

    /// Yes, no, or nothing said.
    mutating func optionalFlag(_ name: String, _ faults: inout EmulatorSeedFaults) -> Bool? {
        guard let value = member(name) else { return nil }
        if value.boolValue == nil { faults.add(place(name), "must be true or false") }
        return value.boolValue
    }

    /// A whole number.
    mutating func integer(_ name: String, default standard: Int, _ faults: inout EmulatorSeedFaults) -> Int {
        guard let value = member(name) else { return standard }
        guard let integer = value.integerValue.flatMap({ Int(exactly: $0) }) else {
            faults.add(place(name), "must be a whole number")
            return standard
        }
        return integer
    }

    /// A date such as `2030-01-31T00:00:00Z`.
    mutating func date(_ name: String, _ faults: inout EmulatorSeedFaults) -> Date? {
        guard let text = optionalText(name, &faults) else { return nil }
        guard let date = try? Date(text, strategy: .iso8601) else {
            faults.add(place(name), "must be a date such as 2030-01-31T00:00:00Z")
            return nil
        }
        return date
    }

    /// A list of texts; empty when left out.
    mutating func texts(_ name: String, _ faults: inout EmulatorSeedFaults) -> [String] {
        list(name, &faults) { value, place, faults in
            guard let text = value.stringValue, !text.isEmpty else {
                faults.add(place, "must be a text that is not empty")
                return ""
            }
            return text
        }
    }

    /// A list; empty when left out.
    mutating func list<Element>(
        _ name: String,
        _ faults: inout EmulatorSeedFaults,
        _ read: (JSONValue, String, inout EmulatorSeedFaults) -> Element
    ) -> [Element] {
        guard let value = member(name) else { return [] }
        guard let values = value.arrayValue else {
            faults.add(place(name), "must be a list")
            return []
        }
        return values.enumerated().map { index, value in read(value, "\(place(name))[\(index)]", &faults) }
    }

    /// Reports members nobody asked for.
    func finish(_ faults: inout EmulatorSeedFaults) {
        for name in members.keys.sorted() where !known.contains(name) {
            faults.add(place(name), "is not a known setting; known here: \(known.sorted().joined(separator: ", "))")
        }
    }

    /// A member that is there and not null.
    private mutating func member(_ name: String) -> JSONValue? {
        known.insert(name)
        guard let value = members[name], value != .null else { return nil }
        return value
    }
}
