// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Reads the little of XML 1.0 with namespaces that federation needs.
///
/// There are no document types, so no entities but the five of the language, and nothing is ever fetched; processing
/// instructions are refused as well. What is read is what was signed.
struct XMLReader {
    /// How deep elements may lie in each other.
    private static let depthLimit = 40
    /// How many attributes an element may have: each is compared with all others.
    private static let attributeLimit = 64

    /// The text, its line ends made equal (XML 1.0 §2.11).
    private let bytes: [UInt8]
    /// Where the reader stands.
    private var position = 0

    /// The document's element.
    static func read(_ bytes: [UInt8]) throws(XMLFault) -> XMLElement {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw XMLFault(reason: "it is not UTF-8") }
        guard text.unicodeScalars.allSatisfy(isCharacter) else {
            throw XMLFault(reason: "it has a character that XML does not have")
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        for (index, byte) in bytes.enumerated() {
            let isSecondHalf = byte == UInt8(ascii: "\n") && index > 0 && bytes[index - 1] == UInt8(ascii: "\r")
            if !isSecondHalf { plain.append(byte == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : byte) }
        }
        var reader = XMLReader(bytes: plain)
        return try reader.document()
    }

    /// Takes a text.
    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Declaration, element, and nothing but space and comments around.
    private mutating func document() throws(XMLFault) -> XMLElement {
        _ = take("\u{FEFF}")
        if take("<?xml ") { _ = try skip(past: "?>") }
        try passOver()
        let root = try element(scope: ["xml": "http://www.w3.org/XML/1998/namespace"], depth: 0)
        try passOver()
        guard position == bytes.count else { throw XMLFault(reason: "something follows the document") }
        return root
    }

    /// Reads an element from its `<` to its end.
    private mutating func element(scope outer: [String: String], depth: Int) throws(XMLFault) -> XMLElement {
        guard depth < Self.depthLimit else { throw XMLFault(reason: "it is nested too deeply") }
        guard take("<") else { throw XMLFault(reason: "an element is expected") }
        let tag = try name()
        var scope = outer
        let attributes = try attributes(declaring: &scope)
        let (name, namespace) = try Self.resolve(tag, scope, isAttribute: false)
        var element = XMLElement(name: name, namespace: namespace, attributes: attributes)
        if take("/>") { return element }
        guard take(">") else { throw XMLFault(reason: "a tag does not end") }
        var text: [UInt8] = []
        while true {
            guard position < bytes.count else { throw XMLFault(reason: "it ends too early") }
            if take("</") {
                guard try self.name() == tag else { throw XMLFault(reason: "tags do not match") }
                skipSpace()
                guard take(">") else { throw XMLFault(reason: "a tag does not end") }
                element.text = String(decoding: text, as: UTF8.self)
                return element
            }
            if take("<!--") {
                _ = try skip(past: "-->")
            } else if take("<![CDATA[") {
                text += try skip(past: "]]>")
            } else if bytes[position] == UInt8(ascii: "<") {
                element.children.append(try self.element(scope: scope, depth: depth + 1))
            } else {
                text += try character()
            }
        }
    }

    /// Reads attributes; declarations of namespaces go into the scope.
    private mutating func attributes(
        declaring scope: inout [String: String]
    ) throws(XMLFault) -> [XMLElement.Attribute] {
        var pairs: [(name: String, value: String)] = []
        while skipSpace(), !isAt("/>"), !isAt(">") {
            let name = try name()
            skipSpace()
            guard take("=") else { throw XMLFault(reason: "an attribute has no value") }
            skipSpace()
            let value = try attributeValue()
            guard isAt("/>") || isAt(">") || position < bytes.count && Self.isSpace(bytes[position]) else {
                throw XMLFault(reason: "attributes have no space between them")
            }
            guard pairs.count < Self.attributeLimit else {
                throw XMLFault(reason: "an element has too many attributes")
            }
            guard !pairs.contains(where: { $0.name == name }) else {
                throw XMLFault(reason: "an attribute comes twice")
            }
            pairs.append((name, value))
            if name == "xmlns" { scope[""] = value }
            if name.hasPrefix("xmlns:") {
                guard !value.isEmpty else { throw XMLFault(reason: "a prefix stands for nothing") }
                scope[String(name.dropFirst(6))] = value
            }
        }
        var attributes: [XMLElement.Attribute] = []
        for pair in pairs where pair.name != "xmlns" && !pair.name.hasPrefix("xmlns:") {
            let (name, namespace) = try Self.resolve(pair.name, scope, isAttribute: true)
            guard !attributes.contains(where: { $0.name == name && $0.namespace == namespace }) else {
                throw XMLFault(reason: "an attribute comes twice")
            }
            attributes.append(.init(name: name, namespace: namespace, value: pair.value))
        }
        return attributes
    }

    /// Reads a value in quotes; white space in it is a space each (XML 1.0 §3.3.3).
    private mutating func attributeValue() throws(XMLFault) -> String {
        guard let quote = [UInt8(ascii: "\""), UInt8(ascii: "'")].first(where: { isAt([$0]) }) else {
            throw XMLFault(reason: "a value has no quotes")
        }
        position += 1
        var value: [UInt8] = []
        while !isAt([quote]) {
            guard position < bytes.count, bytes[position] != UInt8(ascii: "<") else {
                throw XMLFault(reason: "a value does not end")
            }
            let isSpace = Self.isSpace(bytes[position])
            let piece = try character()
            value += isSpace ? [UInt8(ascii: " ")] : piece
        }
        position += 1
        return String(decoding: value, as: UTF8.self)
    }

    /// Reads one byte of text, or what a reference stands for.
    private mutating func character() throws(XMLFault) -> [UInt8] {
        guard take("&") else {
            position += 1
            return [bytes[position - 1]]
        }
        let reference = String(decoding: try skip(past: ";", within: 10), as: UTF8.self)
        switch reference {
        case "lt": return Array("<".utf8)
        case "gt": return Array(">".utf8)
        case "amp": return Array("&".utf8)
        case "quot": return Array("\"".utf8)
        case "apos": return Array("'".utf8)
        default: break
        }
        let number =
            reference.hasPrefix("#x")
            ? UInt32(reference.dropFirst(2), radix: 16)
            : reference.hasPrefix("#") ? UInt32(reference.dropFirst()) : nil
        guard !reference.contains("+"), let scalar = number.flatMap({ Unicode.Scalar($0) }), Self.isCharacter(scalar)
        else {
            throw XMLFault(reason: "an entity is unknown")
        }
        return Array(String(Character(scalar)).utf8)
    }

    /// Reads a name, prefix and all.
    private mutating func name() throws(XMLFault) -> String {
        let start = position
        while position < bytes.count, Self.isNameByte(bytes[position]) { position += 1 }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_",
            text.count(where: { $0 == ":" }) <= 1, !text.hasSuffix(":")
        else { throw XMLFault(reason: "a name is expected") }
        return text
    }

    /// The name and the namespace behind a name with prefix; attributes without one have no namespace.
    private static func resolve(
        _ name: String,
        _ scope: [String: String],
        isAttribute: Bool
    ) throws(XMLFault) -> (name: String, namespace: String) {
        let parts = name.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return (name, isAttribute ? "" : scope[""] ?? "") }
        guard let namespace = scope[String(parts[0])] else { throw XMLFault(reason: "a prefix is not declared") }
        return (String(parts[1]), namespace)
    }
}

extension XMLReader {
    /// Passes over white space and comments between elements.
    private mutating func passOver() throws(XMLFault) {
        repeat { skipSpace() } while try skipComment()
        if isAt("<!") || isAt("<?") { throw XMLFault(reason: "it has a document type or an instruction") }
    }

    /// Passes over a comment, if there is one.
    private mutating func skipComment() throws(XMLFault) -> Bool {
        guard take("<!--") else { return false }
        _ = try skip(past: "-->")
        return true
    }

    /// Passes over white space; true, so that loops can begin with it.
    @discardableResult
    private mutating func skipSpace() -> Bool {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
        return true
    }

    /// Passes over everything up to a mark, and the mark; what lay before it is returned.
    private mutating func skip(past mark: String, within limit: Int = .max) throws(XMLFault) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count, position - start < limit {
            if isAt(mark) {
                defer { position += mark.utf8.count }
                return bytes[start..<position]
            }
            position += 1
        }
        throw XMLFault(reason: "'\(mark)' is missing")
    }

    /// Passes over a text if it comes next.
    private mutating func take(_ text: String) -> Bool {
        guard isAt(text) else { return false }
        position += text.utf8.count
        return true
    }

    /// Whether a text comes next.
    private func isAt(_ text: String) -> Bool {
        isAt(Array(text.utf8))
    }

    /// Whether bytes come next.
    private func isAt(_ expected: [UInt8]) -> Bool {
        bytes[position...].starts(with: expected)
    }

    /// Space, tabulator, end of line.
    private static func isSpace(_ byte: UInt8) -> Bool {
        [0x20, 0x09, 0x0a, 0x0d].contains(byte)
    }

    /// What names are made of; all beyond ASCII goes.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...0xff:
            true
        default: false
        }
    }

    /// The characters of XML 1.0 §2.2.
    private static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0a, 0x0d, 0x20...0xd7ff, 0xe000...0xfffd, 0x10000...0x10ffff: true
        default: false
        }
    }
}
