// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// An identifier of the directory, in its one canonical spelling: lower case, with hyphens.
struct GUID: Hashable, Sendable, CustomStringConvertible {
    /// The canonical text.
    let text: String

    /// Reads any usual spelling of the hyphenated form; nil when it is not one.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count == 36 else { return nil }
        for (index, byte) in bytes.enumerated() {
            if [8, 13, 18, 23].contains(index) {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                guard Self.isHexadecimal(byte) else { return nil }
            }
        }
        self.text = text.lowercased()
    }

    /// A GUID that follows from a name, so that equal seeds give equal directories.
    init(derivedFrom name: String) {
        self.init(bytes: Array(Digest.sha256(name).prefix(16)))
    }

    /// Sets the version and variant bits of sixteen bytes and writes them down.
    private init(bytes: [UInt8]) {
        var bytes = bytes
        bytes[6] = bytes[6] & 0x0f | 0x40
        bytes[8] = bytes[8] & 0x3f | 0x80
        let digits = Array(Hexadecimal.encode(bytes))
        let parts = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32]
        text = parts.map { String(digits[$0]) }.joined(separator: "-")
    }

    /// A new one.
    static func random() -> GUID {
        GUID(bytes: RandomBytes.make(16))
    }

    /// The sixteen bytes it stands for.
    var bytes: [UInt8] {
        Hexadecimal.decode(text.filter { $0 != "-" }) ?? []
    }

    /// The canonical text.
    var description: String { text }

    /// Whether the byte is a hexadecimal digit in ASCII.
    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
