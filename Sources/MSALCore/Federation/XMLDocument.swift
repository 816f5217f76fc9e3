// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// An XML document of a federation server, read whole.
///
/// A document type is refused (so that there is nothing to expand and nothing to fetch), and so is every entity but the
/// five of the language.
struct XMLDocument: Sendable {
    /// What is wrong with a document.
    struct Malformed: Error {
        /// The words that follow "the document".
        var reason: String
    }

    /// The outermost element.
    let root: XMLNode
    /// The document as it came.
    private let bytes: [UInt8]

    /// Reads a document.
    init(_ bytes: [UInt8]) throws(Malformed) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Malformed(reason: "is not UTF-8") }
        var scanner = XMLScanner(bytes)
        root = try scanner.document()
        self.bytes = bytes
    }

    /// An element as it stands in the document, to the byte: what is signed must not be written anew.
    func source(of node: XMLNode) -> [UInt8] {
        Array(bytes[node.range])
    }
}

/// An element of a document.
struct XMLNode: Sendable {
    /// A name with the namespace that it is from; empty for none.
    struct Name: Sendable, Hashable {
        /// The namespace.
        var namespace: String
        /// The name in it.
        var local: String

        /// Puts them together.
        init(_ namespace: String, _ local: String) {
            self.namespace = namespace
            self.local = local
        }
    }

    /// Its name.
    var name: Name
    /// Its attributes, declarations of namespaces left out.
    var attributes: [Name: String]
    /// The elements in it.
    var children: [XMLNode] = []
    /// The text between them, without white space at its ends.
    var text = ""
    /// Where it stands in the document, both tags included.
    var range: Range<Int>

    /// The value of an attribute that is in no namespace, as nearly all are.
    func attribute(_ name: String) -> String? {
        attributes[Name("", name)]
    }

    /// The first element of a name in it.
    func first(_ name: Name) -> XMLNode? {
        children.first { $0.name == name }
    }

    /// The first element at the end of a way of names.
    func first(_ names: [Name]) -> XMLNode? {
        names.reduce(self) { node, name in node?.first(name) }
    }

    /// All elements of a name, wherever in it.
    func all(_ name: Name) -> [XMLNode] {
        children.flatMap { ($0.name == name ? [$0] : []) + $0.all(name) }
    }

    /// Whether there is an element of a name anywhere in it.
    func holds(_ name: Name) -> Bool {
        children.contains { $0.name == name || $0.holds(name) }
    }
}
