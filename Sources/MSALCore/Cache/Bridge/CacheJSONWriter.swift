// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes JSON without white space, into one growing list of bytes.
struct CacheJSONWriter {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []
    /// The key being made.
    private var key: [UInt8] = []
    /// Hashes of the keys of this section.
    private var keys: Set<UInt64> = []

    /// Makes a writer with room for a document.
    init(capacity: Int) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes text that is JSON already.
    mutating func raw(_ literal: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    /// Writes bytes that are JSON already.
    mutating func raw(_ json: [UInt8]) {
        bytes.append(contentsOf: json)
    }

    /// Writes a text in quotes, escaping what must be (RFC 8259 §7).
    mutating func text(_ text: String) {
        bytes.append(.quote)
        Self.escape(text, into: &bytes)
        bytes.append(.quote)
    }

    /// Writes a secret.
    mutating func text(_ secret: Secret) {
        text(secret.reveal())
    }

    /// Writes a member of text behind a literal `,"name":`.
    mutating func member(_ name: StaticString, _ value: String) {
        raw(name)
        text(value)
    }

    /// Writes a member of text, if there is one.
    mutating func member(_ name: StaticString, _ value: String?) {
        if let value { member(name, value) }
    }

    /// Writes a time as the decimal text of its whole seconds, if there is one.
    mutating func member(_ name: StaticString, _ time: Date?) {
        guard let time else { return }
        raw(name)
        // What lies beyond a Double's whole numbers is no time that anybody wrote.
        let seconds = Int64(exactly: time.timeIntervalSince1970.rounded(.down)) ?? 0
        bytes.append(.quote)
        Self.append(String(seconds), to: &bytes)
        bytes.append(.quote)
    }

    /// Writes a list of scopes as one text, behind a literal `,"name":`.
    mutating func member(_ name: StaticString, scopes: [String]) {
        raw(name)
        bytes.append(.quote)
        for (index, scope) in scopes.enumerated() {
            if index > 0 { bytes.append(0x20) }
            Self.escape(scope, into: &bytes)
        }
        bytes.append(.quote)
    }

    /// Writes an entity's foreign members.
    mutating func members(_ foreign: ForeignMembers) {
        guard !foreign.json.isEmpty else { return }
        bytes.append(.comma)
        bytes.append(contentsOf: foreign.json)
    }

    // MARK: Keys

    /// Forgets the keys written, as a new section begins.
    mutating func beginSection() {
        keys.removeAll(keepingCapacity: true)
    }

    /// Begins a key with its first part.
    mutating func beginKey(_ part: String) {
        key.removeAll(keepingCapacity: true)
        Self.append(part, to: &key)
    }

    /// Goes on with a part, behind a hyphen.
    mutating func keyPart(_ part: String) {
        key.append(UInt8(ascii: "-"))
        Self.append(part, to: &key)
    }

    /// Goes on with scopes, behind a hyphen.
    mutating func keyPart(_ scopes: [String]) {
        key.append(UInt8(ascii: "-"))
        for (index, scope) in scopes.enumerated() {
            if index > 0 { key.append(0x20) }
            Self.append(scope, to: &key)
        }
    }

    /// The key made so far, in lower case if it is to be.
    mutating func finishedKey(isLowerCase: Bool) -> [UInt8] {
        if isLowerCase { lowerKey() }
        return key
    }

    /// Writes the key made so far, and a colon.
    ///
    /// - Parameters:
    ///   - isLowerCase: whether it is written in lower case as a whole.
    ///   - distinction: what is appended where the section has the key already: readers keep one entry a key.
    mutating func writeKey(isLowerCase: Bool, distinction: String?) {
        if isLowerCase { lowerKey() }
        if !takeKey() {
            keyPart(distinction.map { isLowerCase ? $0.lowercased() : $0 } ?? "2")
            var number = 2
            let length = key.count
            while !takeKey() {
                number += 1
                key.removeLast(key.count - length)
                keyPart(String(number))
            }
        }
        bytes.append(.quote)
        key.withUnsafeBufferPointer { Self.escape($0, into: &bytes) }
        bytes.append(.quote)
        bytes.append(.colon)
    }

    /// Notes the key as written; false if it was before.
    private mutating func takeKey() -> Bool {
        let hash = key.withUnsafeBufferPointer(SameBytes.hash)
        return keys.insert(hash).inserted
    }

    /// Makes the key lower-case.
    private mutating func lowerKey() {
        var isASCII = true
        for index in key.indices {
            let byte = key[index]
            if byte &- UInt8(ascii: "A") < 26 { key[index] = byte | 0x20 }
            if byte >= 0x80 { isASCII = false }
        }
        if !isASCII { key = Array(String(decoding: key, as: UTF8.self).lowercased().utf8) }
    }

    // MARK: Text

    /// Appends a text as it is.
    private static func append(_ text: String, to output: inout [UInt8]) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { output.append(contentsOf: $0) }
        if isDone == nil { output.append(contentsOf: text.utf8) }
    }

    /// Appends a text with escapes where they must be.
    private static func escape(_ text: String, into output: inout [UInt8]) {
        let isDone: Void? = text.utf8.withContiguousStorageIfAvailable { escape($0, into: &output) }
        if isDone == nil {
            Array(text.utf8).withUnsafeBufferPointer { escape($0, into: &output) }
        }
    }

    /// Appends UTF-8 with escapes where they must be.
    private static func escape(_ text: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
        guard let start = text.baseAddress else { return }
        var place = 0
        while place < text.count {
            let length = PlainText.prefix(of: start + place, count: text.count - place)
            output.append(contentsOf: UnsafeBufferPointer(start: start + place, count: length))
            place += length
            guard place < text.count else { return }
            let byte = start[place]
            place += 1
            switch byte {
            case .quote, .backslash:
                output.append(.backslash)
                output.append(byte)
            case 0x00..<0x20:
                output.append(contentsOf: "\\u00".utf8)
                output.append(hexadecimal[Int(byte >> 4)])
                output.append(hexadecimal[Int(byte & 0xF)])
            default:
                output.append(byte)
            }
        }
    }

    /// The hexadecimal digits.
    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
