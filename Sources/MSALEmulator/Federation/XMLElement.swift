// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// One element of a document that was read.
struct XMLElement: Sendable {
    /// An attribute.
    struct Attribute: Sendable {
        /// The name without prefix.
        let name: String
        /// The namespace; empty for none.
        let namespace: String
        /// The value.
        let value: String
    }

    /// The name without prefix.
    let name: String
    /// The namespace; empty for none.
    let namespace: String
    /// The attributes, namespace declarations left out.
    let attributes: [Attribute]
    /// The elements inside.
    var children: [XMLElement] = []
    /// The text directly inside, of all pieces.
    var text = ""

    /// Whether it is this one.
    func isNamed(_ name: String, _ namespace: String) -> Bool {
        self.name == name && self.namespace == namespace
    }

    /// The value of an attribute without namespace.
    subscript(attribute: String) -> String? {
        attributes.first { $0.name == attribute && $0.namespace.isEmpty }?.value
    }

    /// The element of that name inside; nil when there is none, or more than one.
    func only(_ name: String, _ namespace: String) -> XMLElement? {
        let found = children.filter { $0.isNamed(name, namespace) }
        return found.count == 1 ? found.first : nil
    }

    /// Follows names of one namespace inwards, each of which must be the only one of its kind.
    func only(_ path: [String], _ namespace: String) -> XMLElement? {
        path.reduce(self) { $0?.only($1, namespace) }
    }

    /// The text without white space around it.
    var trimmedText: String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        let start = text.drop(while: isSpace)
        return String(start.reversed().drop(while: isSpace).reversed())
    }
}

/// Why a text is no document that is read here.
struct XMLFault: Error, Sendable {
    /// A few words.
    let reason: String
}
