// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Walks over JSON text in one buffer, byte by byte, once.
///
/// Two readers stand on it: ``JSONValue`` builds a tree, ``JSONMembers`` only notes where each member is.
struct JSONScanner {
    /// The most nesting any caller gets, so that the recursion stays far from the end of a small stack.
    static let greatestDepth = 128

    /// The text.
    let bytes: [UInt8]
    /// Where the scanner stands.
    var position: Int
    /// How many arrays and objects may stand inside each other.
    let maximumDepth: Int

    /// Starts at the beginning, or at a place known to begin a value.
    init(_ bytes: [UInt8], at position: Int = 0, maximumDepth: Int = 32) {
        self.bytes = bytes
        self.position = position
        self.maximumDepth = min(maximumDepth, Self.greatestDepth)
    }

    /// The byte at the position, or 0 (which begins nothing) at the end.
    func peek() -> UInt8 {
        position < bytes.count ? bytes[position] : 0
    }

    /// Moves over spaces, tabs and line ends.
    mutating func skipWhiteSpace() {
        while position < bytes.count, isWhiteSpace(bytes[position]) {
            position &+= 1
        }
    }

    /// Steps over the byte that opens a list or an object, if nesting allows.
    mutating func enter(depth: Int) throws(JWTError) {
        guard depth <= maximumDepth else { throw JWTError(.json, "The JSON is nested too deeply.") }
        position &+= 1
    }

    /// Moves over white space, and over the byte if it is this one.
    mutating func consumeAfterWhiteSpace(_ byte: UInt8) -> Bool {
        skipWhiteSpace()
        guard peek() == byte else { return false }
        position &+= 1
        return true
    }

    /// Moves over what stands behind an element: `true` after a comma, `false` after the closing byte.
    mutating func continues(until closing: UInt8) throws(JWTError) -> Bool {
        skipWhiteSpace()
        let byte = peek()
        guard byte == .comma || byte == closing else { throw unexpected() }
        position &+= 1
        return byte == .comma
    }

    /// Moves over a member's name and its colon, up to the value.
    mutating func scanName() throws(JWTError) -> JSONText {
        skipWhiteSpace()
        guard peek() == .quote else { throw unexpected() }
        let name = try scanString()
        guard consumeAfterWhiteSpace(.colon) else { throw unexpected() }
        skipWhiteSpace()
        return name
    }

    /// Moves over a literal name.
    mutating func scan(literal: StaticString) throws(JWTError) {
        let end = position + literal.utf8CodeUnitCount
        guard end <= bytes.count,
            literal.withUTF8Buffer({ $0.elementsEqual(bytes[position..<end]) })
        else { throw unexpected() }
        position = end
    }

    /// Refuses anything but white space from here on.
    mutating func expectEnd() throws(JWTError) {
        skipWhiteSpace()
        guard position == bytes.count else { throw unexpected() }
    }

    /// The refusal of whatever stands at the position.
    func unexpected() -> JWTError {
        position < bytes.count
            ? JWTError(.json, "Not JSON: an unexpected character at byte \(position).")
            : JWTError(.json, "Not JSON: the text ends too early.")
    }
}

/// Whether JSON lets the byte stand between tokens.
private func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}

/// The bytes with a meaning in JSON.
extension UInt8 {
    /// What begins and ends a text.
    static let quote = UInt8(ascii: "\"")
    /// What begins an escape.
    static let backslash = UInt8(ascii: "\\")
    /// What begins an object.
    static let openBrace = UInt8(ascii: "{")
    /// What ends an object.
    static let closeBrace = UInt8(ascii: "}")
    /// What begins a list.
    static let openBracket = UInt8(ascii: "[")
    /// What ends a list.
    static let closeBracket = UInt8(ascii: "]")
    /// What separates elements.
    static let comma = UInt8(ascii: ",")
    /// What separates a name from its value.
    static let colon = UInt8(ascii: ":")
    /// `t`, which begins `true`.
    static let lowerT = UInt8(ascii: "t")
    /// `f`, which begins `false`.
    static let lowerF = UInt8(ascii: "f")
    /// `n`, which begins `null`.
    static let lowerN = UInt8(ascii: "n")
}
