// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The code that a person types for a device (RFC 8628 §6.1).
enum UserCode {
    /// What codes are made of: no vowels, so that no words come out, and nothing that is read as something else.
    private static let alphabet = "BCDFGHJKLMNPQRSTVWXZ2345679"
    /// How many characters a code has, which makes about 43 bits.
    private static let length = 9

    /// A new one.
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).compactMap { _ in alphabet.randomElement(using: &generator) })
    }

    /// What somebody typed, in the spelling of the codes: case, spaces and dashes do not count; nil for what is no code.
    static func normalized(_ text: String) -> String? {
        guard text.utf8.count <= 100 else { return nil }
        let code = text.uppercased().filter { !$0.isWhitespace && !"-‐‑–—_.".contains($0) }
        return code.count == length && code.allSatisfy(alphabet.contains) ? code : nil
    }
}
