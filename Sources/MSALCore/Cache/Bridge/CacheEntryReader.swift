// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads entries of a cache: their members first, whatever their order, then what an entity makes of them.
struct CacheEntryReader {
    /// A member's value.
    private struct Value {
        enum Kind { case text, escapedText, number, other }
        var kind = Kind.other
        var range = 0..<0
    }

    var json: CacheJSONReader
    /// The members of the entry read last that no entity of its kind has a place for.
    private(set) var foreign = ForeignMembers()
    private var values = [Value](repeating: Value(), count: CacheField.count)
    private var present: CacheFieldSet = []
    private var texts: RepeatPool<String>
    /// The text that each field had last, which most fields have again.
    private var lastTexts = [(start: Int, text: String)](repeating: (0, ""), count: CacheField.count)
    private var scopeLists: RepeatPool<[String]>

    /// The shortest text that is looked up among those read before; shorter ones cost no memory of their own.
    private static let shortestPooled = 16
    /// The longest one; longer ones are tokens, no two of which are equal.
    private static let longestPooled = 256

    /// Reads on from where a reader stands.
    init(_ json: CacheJSONReader) {
        self.json = json
        // As many as users, roughly, so that the account of a token found in one section is shared with the next.
        let size = max(16, min(1 << 16, json.count / 1024))
        texts = RepeatPool(slotCount: 1 << (Int.bitWidth - 1 - size.leadingZeroBitCount), empty: "")
        scopeLists = RepeatPool(slotCount: 16, empty: [])
    }

    /// Reads the members of the entry at the position and moves behind it.
    ///
    /// - Parameters:
    ///   - fields: what the entity has a place for.
    ///   - aliases: what is read too, and kept among the foreign members for those who call it so.
    ///   - depth: how deep it lies.
    /// - Returns: false if it is no object.
    /// - Throws: ``CacheScanFault`` where it is no JSON.
    mutating func scanEntry(
        _ fields: CacheFieldSet,
        aliases: CacheFieldSet,
        depth: Int
    ) throws(CacheScanFault) -> Bool {
        present = []
        foreign.json.removeAll()
        guard json.peek() == .openBrace else {
            try json.skipValue(depth: depth)
            return false
        }
        try json.enter(depth: depth)
        var isFirst = true
        while let name = try json.nextName(&isFirst) {
            guard let field = CacheField(json.bytes(name.range)), !name.isEscaped else {
                try keepForeign(name, depth: depth + 1)
                continue
            }
            let begin = json.position
            if fields.contains(field) {
                try scanValue(of: field, depth: depth + 1)
            } else {
                if aliases.contains(field) {
                    try scanValue(of: field, depth: depth + 1)
                    json.position = begin
                }
                try keepForeign(name, depth: depth + 1)
            }
        }
        return true
    }

    /// Notes where a member's value stands; the last one of a name counts, and null is none.
    private mutating func scanValue(of field: CacheField, depth: Int) throws(CacheScanFault) {
        let index = Int(field.rawValue)
        present.insert(field)
        switch json.peek() {
        case .quote:
            let text = try json.scanText()
            values[index] = Value(kind: text.isEscaped ? .escapedText : .text, range: text.range)
        case UInt8(ascii: "n"):
            try json.skipScalar()
            present.remove(field)
        default:
            let begin = json.position
            try json.skipValue(depth: depth)
            let first = json.start[begin]
            let isNumber = first == UInt8(ascii: "-") || first &- UInt8(ascii: "0") <= 9
            values[index] = Value(kind: isNumber ? .number : .other, range: begin..<json.position)
        }
    }

    /// Copies the member at the position.
    private mutating func keepForeign(_ name: CacheText, depth: Int) throws(CacheScanFault) {
        if !foreign.json.isEmpty { foreign.json.append(.comma) }
        foreign.json.append(contentsOf: json.bytes(name.start - 1..<name.end + 1))
        foreign.json.append(.colon)
        try json.copyValue(depth: depth, to: &foreign.json)
    }

    // MARK: What an entity takes

    /// A text that may be absent; an empty one is given as it is.
    mutating func text(_ field: CacheField) throws(CacheEntryFlaw) -> String? {
        guard present.contains(field) else { return nil }
        let value = values[Int(field.rawValue)]
        switch value.kind {
        case .text:
            guard (Self.shortestPooled...Self.longestPooled).contains(value.range.count) else {
                return String(decoding: json.bytes(value.range), as: UTF8.self)
            }
            let last = lastTexts[Int(field.rawValue)]
            if last.text.utf8.count == value.range.count,
                SameBytes.are(json.start + last.start, json.start + value.range.lowerBound, count: value.range.count)
            {
                return last.text
            }
            let text = texts.value(of: value.range, in: json) { String(decoding: $0, as: UTF8.self) }
            lastTexts[Int(field.rawValue)] = (value.range.lowerBound, text)
            return text
        case .escapedText:
            let text = CacheText(start: value.range.lowerBound, end: value.range.upperBound, isEscaped: true)
            guard let decoded = json.decode(text) else { throw .notText(field) }
            return decoded
        case .number, .other:
            throw .notText(field)
        }
    }

    /// A text that is nil where it is empty too.
    mutating func nonEmpty(_ field: CacheField) throws(CacheEntryFlaw) -> String? {
        guard let text = try text(field), !text.isEmpty else { return nil }
        return text
    }

    /// A text that must be there.
    mutating func required(_ field: CacheField) throws(CacheEntryFlaw) -> String {
        guard let text = try nonEmpty(field) else { throw .missing(field) }
        return text
    }

    /// The first of some fields that is there and not empty.
    mutating func first(of fields: CacheField...) throws(CacheEntryFlaw) -> String? {
        for field in fields {
            if let text = try nonEmpty(field) { return text }
        }
        return nil
    }

    /// A time that may be absent.
    func time(_ field: CacheField) throws(CacheEntryFlaw) -> Date? {
        guard present.contains(field) else { return nil }
        let value = values[Int(field.rawValue)]
        guard value.kind == .text || value.kind == .number, let seconds = Self.seconds(json.bytes(value.range)) else {
            if value.kind == .text, value.range.isEmpty { return nil }
            throw .notTime(field)
        }
        return Date(timeIntervalSince1970: Double(seconds))
    }

    /// The first of two times that is there.
    func time(_ field: CacheField, _ alias: CacheField) throws(CacheEntryFlaw) -> Date? {
        if let time = try time(field) { return time }
        return try time(alias)
    }

    /// The scopes of a text that may be absent.
    mutating func scopes(_ field: CacheField) throws(CacheEntryFlaw) -> [String]? {
        guard present.contains(field) else { return nil }
        let value = values[Int(field.rawValue)]
        guard value.kind == .text else { return try text(field).map(Scopes.split) }
        return scopeLists.value(of: value.range, in: json) { Scopes.split(String(decoding: $0, as: UTF8.self)) }
    }

    /// An assertion hash, under any of its names and without padding, which some write and some do not.
    mutating func assertionHash() throws(CacheEntryFlaw) -> String? {
        guard let hash = try first(of: .assertionHash, .camelAssertionHash) else { return nil }
        guard hash.hasSuffix("=") else { return hash }
        let bare = String(hash.prefix { $0 != "=" })
        guard !bare.isEmpty else { throw .parameters(.assertionHash) }
        return bare
    }

    /// The extended key: as it is written, or made anew from the parameters.
    mutating func extendedKey() throws(CacheEntryFlaw) -> String? {
        if let key = try first(of: .extendedKey, .extendedKeyHash) { return key.lowercased() }
        for field in [CacheField.extendedParameters, .additionalParameters] where present.contains(field) {
            let value = values[Int(field.rawValue)]
            guard value.kind == .other, let fields = try? parameters(at: value.range.lowerBound) else {
                throw .parameters(field)
            }
            guard !fields.isEmpty else { continue }
            let hash = ExtendedCacheKey.hash(of: fields)
            guard !hash.isEmpty else { throw .parameters(field) }
            return hash
        }
        return nil
    }

    /// The members of an object of texts; nil if it is something else.
    private func parameters(at place: Int) throws(CacheScanFault) -> [(String, String)]? {
        var reader = json
        reader.position = place
        guard reader.peek() == .openBrace else { return nil }
        reader.position += 1
        var isFirst = true
        var fields: [(String, String)] = []
        while let name = try reader.nextName(&isFirst) {
            guard reader.peek() == .quote, let key = reader.decode(name),
                let value = reader.decode(try reader.scanText())
            else { return nil }
            fields.append((key, value))
        }
        return fields
    }

    /// Checks that the entry, if it says of what kind it is, stands in the right section.
    mutating func check(kind: String) throws(CacheEntryFlaw) {
        guard let written = try text(.credentialType), written != kind else { return }
        // Some name the scheme behind it, as in AccessToken_With_AuthScheme.
        guard written.lowercased().hasPrefix(kind.lowercased()) else { throw .kind }
    }

    /// Whole seconds, of which a fraction is cut off; nil for anything else, and for what no clock will ever show.
    private static func seconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        let isNegative = bytes.first == UInt8(ascii: "-")
        var value: Int64 = 0
        var digits = 0
        var place = isNegative ? 1 : 0
        while place < bytes.count, bytes[place] &- UInt8(ascii: "0") <= 9 {
            digits += 1
            guard digits <= 15 else { return nil }
            value = value * 10 + Int64(bytes[place] & 0xF)
            place += 1
        }
        guard digits > 0 else { return nil }
        if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
            place += 1
            while place < bytes.count, bytes[place] &- UInt8(ascii: "0") <= 9 { place += 1 }
        }
        guard place == bytes.count else { return nil }
        return isNegative ? -value : value
    }
}
