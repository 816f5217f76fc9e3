// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Takes a document apart, from its first byte to its last (XML 1.0, Namespaces in XML 1.0).
struct XMLScanner {
    /// An element whose end tag has not come yet.
    private struct Open {
        var tag: String
        var node: XMLNode
        var text: String
        var namespaces: [String: String]
    }

    /// How deep elements may be nested.
    private static let maximumDepth = 64
    /// How many prefixes may stand for something at one place: all are copied where one more is declared.
    private static let maximumNamespaces = 64

    private let bytes: [UInt8]
    private var position = 0
    private var open: [Open] = []

    /// Begins at the first byte.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads the document.
    mutating func document() throws(XMLDocument.Malformed) -> XMLNode {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        if isAt("<?xml") { _ = try textUpTo("?>") }
        var root: XMLNode?
        while position < bytes.count {
            guard bytes[position] == UInt8(ascii: "<") else {
                try characters()
                continue
            }
            if take("<!--") {
                _ = try textUpTo("-->")
            } else if isAt("<![CDATA[") {
                try literalCharacters()
            } else if isAt("<!") || isAt("<?") {
                throw XMLDocument.Malformed(reason: "has a document type or a processing instruction")
            } else if let node = try isAt("</") ? endTag() : startTag() {
                guard root == nil else { throw XMLDocument.Malformed(reason: "has two outermost elements") }
                root = node
            }
        }
        guard open.isEmpty, let root else { throw XMLDocument.Malformed(reason: "ends too early") }
        return root
    }

    // MARK: Text

    /// Reads text up to the next tag.
    private mutating func characters() throws(XMLDocument.Malformed) {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "<") { position += 1 }
        try add(try Self.unescaped(bytes[start..<position]))
    }

    /// Reads text in which no character means anything.
    private mutating func literalCharacters() throws(XMLDocument.Malformed) {
        position += "<![CDATA[".utf8.count
        guard !open.isEmpty else { throw XMLDocument.Malformed(reason: "has text outside of elements") }
        try add(String(decoding: try textUpTo("]]>"), as: UTF8.self))
    }

    /// Adds text to the innermost element.
    private mutating func add(_ text: String) throws(XMLDocument.Malformed) {
        guard !open.isEmpty else {
            guard text.allSatisfy(\.isWhitespace) else {
                throw XMLDocument.Malformed(reason: "has text outside of elements")
            }
            return
        }
        open[open.count - 1].text += text
    }

    /// Resolves references: the five of the language, and characters by their number.
    private static func unescaped(_ text: ArraySlice<UInt8>) throws(XMLDocument.Malformed) -> String {
        let parts = text.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false)
        var result = parts.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        for part in parts.dropFirst() {
            let halves = part.split(separator: UInt8(ascii: ";"), maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let character = character(String(decoding: halves[0], as: UTF8.self)) else {
                throw XMLDocument.Malformed(reason: "refers to something that is not in it")
            }
            result.unicodeScalars.append(character)
            result += String(decoding: halves[1], as: UTF8.self)
        }
        return result
    }

    /// What a reference stands for; nil for one that is not of the language's own.
    private static func character(_ reference: String) -> Unicode.Scalar? {
        switch reference {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default: break
        }
        guard reference.utf8.first == UInt8(ascii: "#") else { return nil }
        let isHexadecimal = reference.utf8.dropFirst().first == UInt8(ascii: "x")
        let digits = reference.utf8.dropFirst(isHexadecimal ? 2 : 1)
        // `UInt32(_:radix:)` takes a sign too.
        guard let first = digits.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        let number = UInt32(String(decoding: Array(digits), as: UTF8.self), radix: isHexadecimal ? 16 : 10)
        return number.flatMap { $0 == 0 ? nil : Unicode.Scalar($0) }
    }

    // MARK: Tags

    /// Reads a start tag.
    ///
    /// - Returns: the outermost element, if it is that and empty.
    private mutating func startTag() throws(XMLDocument.Malformed) -> XMLNode? {
        guard open.count < Self.maximumDepth else { throw XMLDocument.Malformed(reason: "is nested too deep") }
        let start = position
        position += 1
        let tag = try name()
        let written = try attributes()
        var namespaces = open.last?.namespaces ?? ["": "", "xml": "http://www.w3.org/XML/1998/namespace"]
        guard Set(written.map(\.name)).count == written.count else {
            throw XMLDocument.Malformed(reason: "has an attribute twice")
        }
        for (name, value) in written {
            if name == "xmlns" { namespaces[""] = value }
            guard name.hasPrefix("xmlns:") else { continue }
            let prefix = String(name.dropFirst("xmlns:".count))
            guard !value.isEmpty, prefix != "xml", prefix != "xmlns" else {
                throw XMLDocument.Malformed(reason: "declares a prefix that cannot be declared so")
            }
            namespaces[prefix] = value
        }
        guard namespaces.count <= Self.maximumNamespaces else {
            throw XMLDocument.Malformed(reason: "declares too many prefixes")
        }
        var attributes: [XMLNode.Name: String] = [:]
        for (name, value) in written where name != "xmlns" && !name.hasPrefix("xmlns:") {
            // An attribute without a prefix is in no namespace, whatever the element's is.
            let full = name.contains(":") ? try Self.resolve(name, namespaces) : XMLNode.Name("", name)
            guard attributes.updateValue(value, forKey: full) == nil else {
                throw XMLDocument.Malformed(reason: "has an attribute twice")
            }
        }
        let name = try Self.resolve(tag, namespaces)
        let node = XMLNode(name: name, attributes: attributes, range: start..<start)
        open.append(Open(tag: tag, node: node, text: "", namespaces: namespaces))
        if take("/>") { return close() }
        guard take(">") else { throw XMLDocument.Malformed(reason: "has a tag that does not end") }
        return nil
    }

    /// Reads an end tag.
    ///
    /// - Returns: the outermost element, if it is that.
    private mutating func endTag() throws(XMLDocument.Malformed) -> XMLNode? {
        position += 2
        let tag = try name()
        skipSpace()
        guard take(">"), open.last?.tag == tag else {
            throw XMLDocument.Malformed(reason: "has an end tag that belongs to no start")
        }
        return close()
    }

    /// Puts the innermost open element into the one around it; the outermost is returned.
    private mutating func close() -> XMLNode? {
        guard var done = open.popLast() else { return nil }
        done.node.range = done.node.range.lowerBound..<position
        let text = done.text.drop(while: \.isWhitespace)
        done.node.text = String(text.reversed().drop(while: \.isWhitespace).reversed())
        guard !open.isEmpty else { return done.node }
        open[open.count - 1].node.children.append(done.node)
        return nil
    }

    /// Reads attributes up to the end of the tag.
    private mutating func attributes() throws(XMLDocument.Malformed) -> [(name: String, value: String)] {
        var result: [(name: String, value: String)] = []
        while skipSpace(), !isAt("/>"), !isAt(">") {
            let name = try name()
            skipSpace()
            guard take("="), skipSpace(), isAt("\"") || isAt("'") else {
                throw XMLDocument.Malformed(reason: "has an attribute without a value")
            }
            let quote = isAt("\"") ? "\"" : "'"
            position += 1
            let value = try textUpTo(quote)
            guard !value.contains(UInt8(ascii: "<")) else {
                throw XMLDocument.Malformed(reason: "has a tag in an attribute")
            }
            result.append((name, try Self.unescaped(value)))
        }
        return result
    }

    /// Reads a name with its prefix.
    private mutating func name() throws(XMLDocument.Malformed) -> String {
        let start = position
        let ends: [UInt8] = Array(" \t\r\n/>=<\"'&;".utf8)
        while position < bytes.count, !ends.contains(bytes[position]) { position += 1 }
        guard start < position else { throw XMLDocument.Malformed(reason: "has no name where one must be") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// The name with its namespace in place of its prefix.
    private static func resolve(
        _ name: String,
        _ namespaces: [String: String]
    ) throws(XMLDocument.Malformed) -> XMLNode.Name {
        let parts = name.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, !parts.contains(""),
            let namespace = namespaces[parts.count == 2 ? String(parts[0]) : ""]
        else { throw XMLDocument.Malformed(reason: "has a prefix that stands for nothing") }
        return XMLNode.Name(namespace, String(parts[parts.count - 1]))
    }

    // MARK: Steps

    /// Goes past a mark.
    ///
    /// - Returns: what stood before it.
    private mutating func textUpTo(_ mark: String) throws(XMLDocument.Malformed) -> ArraySlice<UInt8> {
        let start = position
        while position < bytes.count {
            if isAt(mark) {
                defer { position += mark.utf8.count }
                return bytes[start..<position]
            }
            position += 1
        }
        throw XMLDocument.Malformed(reason: "ends too early")
    }

    /// Goes past white space, always with success.
    @discardableResult
    private mutating func skipSpace() -> Bool {
        while position < bytes.count, [0x20, 0x09, 0x0D, 0x0A].contains(bytes[position]) { position += 1 }
        return true
    }

    /// Goes past a mark, if it stands here.
    private mutating func take(_ mark: String) -> Bool {
        guard isAt(mark) else { return false }
        position += mark.utf8.count
        return true
    }

    /// Whether a mark stands here.
    private func isAt(_ mark: String) -> Bool {
        bytes[position...].starts(with: mark.utf8)
    }
}
