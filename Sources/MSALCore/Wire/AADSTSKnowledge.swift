// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// What one of the numbers behind `AADSTS` means, and what to do about it.
///
/// It is there to be shown. The platform may change its numbers without notice, so no program may branch on them.
public struct AADSTSExplanation: Sendable, Hashable {
    /// The number.
    public let number: Int
    /// What happened: a sentence.
    public let cause: String
    /// What helps: a sentence or two.
    public let cure: String
    /// Where to look: a page of the admin center, or a setting of this library.
    public let setting: String

    /// Puts an explanation together.
    init(_ number: Int, _ cause: String, _ cure: String, at setting: String) {
        self.number = number
        self.cause = cause
        self.cure = cure
        self.setting = setting
    }

    /// Looks a number up; nil for one that is not known here.
    ///
    /// - Parameter number: the digits behind `AADSTS`.
    public init?(number: Int) {
        guard let known = AADSTSKnowledge.explanation(of: number) else { return nil }
        self = known
    }

    /// All numbers that are explained, in ascending order.
    public static var knownNumbers: [Int] { AADSTSKnowledge.numbers }

    /// Finds the numbers in a text that somebody pasted, each once and in their order.
    ///
    /// - Parameter text: an error such as `AADSTS50011: The redirect URI …`, or numbers alone.
    /// - Returns: the numbers, known or not; where none is marked by `AADSTS`, those that stand by themselves.
    public static func numbers(in text: String) -> [Int] {
        AADSTSKnowledge.numbers(in: text)
    }
}

/// The numbers behind `AADSTS` that are explained.
///
/// They explain; nothing is decided by them, as the platform demands.
enum AADSTSKnowledge {
    /// The explanation of a number; nil for an unknown one.
    static func explanation(of number: Int) -> AADSTSExplanation? {
        table[number]
    }

    /// The numbers there is an explanation for.
    static var numbers: [Int] { table.keys.sorted() }

    /// All explanations, file by file.
    static let all = accounts + signIn + policies + consent + grants + credentials + requests

    /// All explanations by number.
    private static let table = Dictionary(all.map { ($0.number, $0) }) { first, _ in first }

    /// The numbers in a text, each once: those that `AADSTS` marks, or else those that stand by themselves.
    static func numbers(in text: String) -> [Int] {
        let (marked, bare) = scan(text)
        return marked.isEmpty ? bare : marked
    }

    /// The numbers in a text that `AADSTS` marks, each once.
    static func markedNumbers(in text: String) -> [Int] {
        scan(text).marked
    }

    /// The numbers in a text; of a long one, the beginning is looked at.
    private static func scan(_ text: String) -> (marked: [Int], bare: [Int]) {
        let bytes = Array(text.utf8.prefix(65_536))
        var marked: [Int] = []
        var bare: [Int] = []
        var position = 0
        while position < bytes.count {
            let start = position
            while position < bytes.count, isDigit(bytes[position]) { position += 1 }
            guard position > start else {
                position += 1
                continue
            }
            // More digits than any number has are another thing, such as a time.
            guard (4...9).contains(position - start),
                let number = Int(String(decoding: bytes[start..<position], as: UTF8.self))
            else { continue }
            if isMarked(bytes[..<start]) {
                marked.append(number)
            } else if !joins(bytes[..<start].last, ":."), !joins(bytes[position...].first) {
                bare.append(number)
            }
        }
        return (each(marked), each(bare))
    }

    /// Each number once, where it stood first.
    private static func each(_ numbers: [Int]) -> [Int] {
        var seen: Set<Int> = []
        return numbers.filter { seen.insert($0).inserted }
    }

    /// Whether `AADSTS` stands at the end, by whatever case and with a space behind it at most.
    private static func isMarked(_ before: ArraySlice<UInt8>) -> Bool {
        let word = (before.last == UInt8(ascii: " ") ? before.dropLast() : before).suffix(6)
        return word.elementsEqual("AADSTS".utf8) { byte, letter in byte & 0xDF == letter }
    }

    /// Whether a byte makes digits a part of something larger: a word, a GUID, a date, an address.
    private static func joins(_ byte: UInt8?, _ others: String = "") -> Bool {
        guard let byte else { return false }
        return byte >= 0x80 || isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
            || "-_@/".utf8.contains(byte) || others.utf8.contains(byte)
    }

    /// Whether a byte is a digit of ASCII.
    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
