// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The fields of a submitted form or of a query, decoded.
struct FormFields: Sendable, Equatable {
    /// Why a form could not be read.
    struct Unreadable: Error, Equatable {}

    /// Names and values; every name occurs once.
    private let values: [String: String]

    /// The value of a field without white space around it, empty if there is none.
    subscript(name: String) -> String {
        var text = (values[name] ?? "")[...]
        while let first = text.unicodeScalars.first, first.properties.isWhitespace { text.unicodeScalars.removeFirst() }
        while let last = text.unicodeScalars.last, last.properties.isWhitespace { text.unicodeScalars.removeLast() }
        return String(text)
    }

    /// Fields given by hand.
    init(_ values: [String: String] = [:]) {
        self.values = values
    }

    /// Reads `application/x-www-form-urlencoded` text.
    ///
    /// - Throws: ``Unreadable`` for a field that comes twice, a broken escape, broken UTF-8 or a control character other
    ///   than tab and line break.
    init(parsing text: some StringProtocol) throws(Unreadable) {
        var values: [String: String] = [:]
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(parts[0])
            let value = parts.count == 2 ? try Self.decode(parts[1]) : ""
            guard values.updateValue(value, forKey: name) == nil else { throw Unreadable() }
        }
        self.values = values
    }

    /// Undoes the escapes of a name or value.
    private static func decode(_ part: some Collection<UInt8>) throws(Unreadable) -> String {
        var bytes: [UInt8] = []
        var rest = part.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(nibble), let low = rest.next().flatMap(nibble) else {
                    throw Unreadable()
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        let allowed: Set<UInt8> = [9, 10, 13]
        guard bytes.allSatisfy({ $0 >= 32 && $0 != 127 || allowed.contains($0) }),
            let text = String(validating: bytes, as: UTF8.self)
        else { throw Unreadable() }
        return text
    }

    /// The value of a hexadecimal digit.
    private static func nibble(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
