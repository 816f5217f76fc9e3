// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

extension JSONValue {
    /// Writes the value as JSON: members sorted by name, no white space, so equal values give equal bytes.
    ///
    /// A number that is not finite has no form in JSON and is written as `null`.
    public func serialized() -> [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    /// Appends the value's text.
    private func write(to output: inout [UInt8]) {
        switch self {
        case .null:
            output += "null".utf8
        case .bool(let value):
            output += (value ? "true" : "false").utf8
        case .integer(let value):
            output += String(value).utf8
        case .number(let value):
            output += (value.isFinite ? value.description : "null").utf8
        case .string(let value):
            Self.write(value, to: &output)
        case .array(let elements):
            output.append(.openBracket)
            for (position, element) in elements.enumerated() {
                if position > 0 { output.append(.comma) }
                element.write(to: &output)
            }
            output.append(.closeBracket)
        case .object(let members):
            output.append(.openBrace)
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (position, member) in sorted.enumerated() {
                if position > 0 { output.append(.comma) }
                Self.write(member.key, to: &output)
                output.append(.colon)
                member.value.write(to: &output)
            }
            output.append(.closeBrace)
        }
    }

    /// Appends a text in quotes, escaping what must be (RFC 8259 §7).
    private static func write(_ text: String, to output: inout [UInt8]) {
        output.append(.quote)
        for byte in text.utf8 {
            switch byte {
            case .quote, .backslash:
                output.append(.backslash)
                output.append(byte)
            case 0x00..<0x20:
                output += "\\u00".utf8
                output.append(hexadecimal[Int(byte >> 4)])
                output.append(hexadecimal[Int(byte & 0xF)])
            default:
                output.append(byte)
            }
        }
        output.append(.quote)
    }

    /// The hexadecimal digits.
    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
