// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// Reads one JSON text.
    ///
    /// Strict: RFC 8259 to the letter, well-formed UTF-8 only, no byte order mark, nothing after the value, and no object
    /// with the same member twice. Nesting is bounded, so that no input exhausts the stack; bound the size before.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - maximumDepth: how many arrays and objects may stand inside each other, at most 128.
    /// - Throws: ``JWTError/Code/json``.
    public init(parsing bytes: [UInt8], maximumDepth: Int = 32) throws(JWTError) {
        var scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
        self = try scanner.parseDocument()
    }
}

extension JSONScanner {
    /// Reads the whole input as one value.
    mutating func parseDocument() throws(JWTError) -> JSONValue {
        skipWhiteSpace()
        let value = try parseValue(depth: 0)
        try expectEnd()
        return value
    }

    /// Reads the value at the position and moves behind it.
    mutating func parseValue(depth: Int) throws(JWTError) -> JSONValue {
        switch peek() {
        case .quote:
            return .string(decode(try scanString()))
        case .openBrace:
            return .object(try parseObject(depth: depth + 1))
        case .openBracket:
            return .array(try parseArray(depth: depth + 1))
        case .lowerT:
            try scan(literal: "true")
            return .bool(true)
        case .lowerF:
            try scan(literal: "false")
            return .bool(false)
        case .lowerN:
            try scan(literal: "null")
            return .null
        default:
            return try parseNumber()
        }
    }

    /// Reads an object; the same name twice is refused.
    private mutating func parseObject(depth: Int) throws(JWTError) -> [String: JSONValue] {
        try enter(depth: depth)
        var members: [String: JSONValue] = [:]
        guard !consumeAfterWhiteSpace(.closeBrace) else { return members }
        repeat {
            let name = decode(try scanName())
            let value = try parseValue(depth: depth)
            guard members.updateValue(value, forKey: name) == nil else { throw .duplicateMember(name) }
        } while try continues(until: .closeBrace)
        return members
    }

    /// Reads a list.
    private mutating func parseArray(depth: Int) throws(JWTError) -> [JSONValue] {
        try enter(depth: depth)
        var elements: [JSONValue] = []
        guard !consumeAfterWhiteSpace(.closeBracket) else { return elements }
        repeat {
            skipWhiteSpace()
            elements.append(try parseValue(depth: depth))
        } while try continues(until: .closeBracket)
        return elements
    }
}

extension JWTError {
    /// The refusal of an object that says something twice: readers disagree on which counts (RFC 8259 §4).
    static func duplicateMember(_ name: String) -> JWTError {
        JWTError(.json, "A JSON object has the same member twice.", name: name)
    }
}
