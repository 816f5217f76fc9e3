// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// Form-encoded parameters, of a query or a body, in their order.
struct Parameters: Sendable {
    /// Name and value of each, decoded.
    private(set) var pairs: [(name: String, value: String)] = []
    /// Whether something could not be decoded.
    private(set) var isMalformed = false

    /// No parameters.
    init() {}

    /// Decodes `application/x-www-form-urlencoded`.
    init(decoding text: some StringProtocol) {
        for part in text.utf8.split(separator: UInt8(ascii: "&")) {
            let separator = part.firstIndex(of: UInt8(ascii: "="))
            let name = Self.decode(part[..<(separator ?? part.endIndex)])
            let value = separator.map { Self.decode(part[part.index(after: $0)...]) } ?? ""
            guard let name, let value else {
                isMalformed = true
                continue
            }
            pairs.append((name, value))
        }
    }

    /// The value of a parameter; nil when it is absent or empty (RFC 6749 §3.1).
    subscript(name: String) -> String? {
        pairs.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// The first name that occurs more than once.
    var repeated: String? {
        var seen: Set<String> = []
        return pairs.first { !seen.insert($0.name).inserted }?.name
    }

    /// Whether one of these names occurs more than once.
    func repeats(_ names: String...) -> Bool {
        names.contains { name in pairs.count { $0.name == name } > 1 }
    }

    /// Decodes one half of a pair: `+` is a space, `%` starts a byte; nil for bad escapes and bad UTF-8.
    static func decode(_ bytes: some Collection<UInt8>) -> String? {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var iterator = bytes.makeIterator()
        while let byte = iterator.next() {
            switch byte {
            case UInt8(ascii: "+"): decoded.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = iterator.next().flatMap(Hexadecimal.digit),
                    let low = iterator.next().flatMap(Hexadecimal.digit)
                else { return nil }
                decoded.append(high << 4 | low)
            default: decoded.append(byte)
            }
        }
        return String(validating: decoded, as: UTF8.self)
    }

    /// Encodes pairs.
    static func encode(_ pairs: [(name: String, value: String)]) -> String {
        pairs.map { encode($0.name) + "=" + encode($0.value) }.joined(separator: "&")
    }

    /// Encodes one half of a pair, with `%20` for a space, which every decoder understands.
    static func encode(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += "%" + Hexadecimal.encode([byte]).uppercased()
            }
        }
        return encoded
    }
}
