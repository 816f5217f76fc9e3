// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A form of a page, as far as a test fills it in.
public struct HTMLForm: Sendable, Hashable {
    /// Where it is sent to.
    public let action: String
    /// Whether it is posted.
    public let isPost: Bool
    /// Its fields with the values they have.
    public let fields: [Field]

    /// A field.
    public struct Field: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Its value.
        public let value: String
    }

    /// The forms of a page.
    ///
    /// It reads what this project's pages write: quoted attributes, no scripts with tags in them.
    static func all(in html: String) -> [HTMLForm] {
        var forms: [HTMLForm] = []
        var rest = html[...]
        while let start = rest.firstRange(of: "<form") {
            let end = rest[start.upperBound...].firstRange(of: "</form>")?.lowerBound ?? rest.endIndex
            forms.append(HTMLForm(rest[start.lowerBound..<end]))
            rest = rest[end...]
        }
        return forms
    }

    private init(_ html: Substring) {
        let tags = Self.tags(in: html)
        let form = tags.first { $0.name == "form" }?.attributes ?? [:]
        action = form["action"] ?? ""
        isPost = form["method"]?.lowercased() == "post"
        var buttonTaken = false
        fields = tags.compactMap { tag in
            guard let name = tag.attributes["name"], ["input", "select", "textarea", "button"].contains(tag.name) else {
                return nil
            }
            let type = tag.attributes["type"]?.lowercased() ?? (tag.name == "button" ? "submit" : "text")
            switch type {
            case "submit":
                // A form is sent by one button: the first.
                guard !buttonTaken else { return nil }
                buttonTaken = true
            case "checkbox", "radio":
                guard tag.attributes["checked"] != nil else { return nil }
            default:
                break
            }
            return Field(name: name, value: tag.attributes["value"] ?? "")
        }
    }

    private static func tags(in html: Substring) -> [(name: String, attributes: [String: String])] {
        var tags: [(name: String, attributes: [String: String])] = []
        var rest = html
        while let start = rest.firstIndex(of: "<") {
            rest = rest[rest.index(after: start)...]
            let name = rest.prefix { $0.isLetter }.lowercased()
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty else { continue }
            tags.append((name, attributes(&rest)))
        }
        return tags
    }

    private static func attributes(_ rest: inout Substring) -> [String: String] {
        var result: [String: String] = [:]
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "/" }
            guard let next = rest.first, next != ">" else { return result }
            let name = rest.prefix { !$0.isWhitespace && $0 != "=" && $0 != ">" && $0 != "/" }
            guard !name.isEmpty else { return result }
            rest = rest.dropFirst(name.count)
            guard rest.first == "=" else {
                result[name.lowercased()] = ""
                continue
            }
            rest = rest.dropFirst()
            let quote = rest.first
            if quote == "\"" || quote == "'" {
                let value = rest.dropFirst().prefix { $0 != quote }
                rest = rest.dropFirst(value.count + 2)
                result[name.lowercased()] = unescape(value)
            } else {
                let value = rest.prefix { !$0.isWhitespace && $0 != ">" }
                rest = rest.dropFirst(value.count)
                result[name.lowercased()] = unescape(value)
            }
        }
    }

    /// The text behind character references (HTML §13.5), as far as templates write them.
    private static func unescape(_ text: Substring) -> String {
        var result = ""
        var rest = text
        while let character = rest.first {
            guard character == "&", let end = rest.firstIndex(of: ";") else {
                result.append(character)
                rest = rest.dropFirst()
                continue
            }
            let name = rest[rest.index(after: rest.startIndex)..<end]
            let named: [Substring: Character] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
            let code =
                name.hasPrefix("#x") || name.hasPrefix("#X")
                ? UInt32(name.dropFirst(2), radix: 16) : name.hasPrefix("#") ? UInt32(name.dropFirst()) : nil
            if let plain = named[name] ?? code.flatMap({ Unicode.Scalar($0) }).map({ Character($0) }) {
                result.append(plain)
                rest = rest[rest.index(after: end)...]
            } else {
                result.append(character)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
