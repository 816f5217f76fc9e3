// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// A place inside this application to go to: an absolute path with its query, and nothing that leads elsewhere.
///
/// It is made by parsing, normalising and writing again, so what a `LocalPath` says is what a browser understands: one
/// leading slash, no dot segments, no backslash, no control character, no encoded slash in the path.
public struct LocalPath: Sendable, Hashable {
    /// The normalised path, percent-encoded, with one leading slash.
    public let path: String
    /// The query without its question mark, percent-encoded.
    public let query: String?

    /// The longest text that is taken, in bytes.
    public static let maximumLength = 1536
    /// The front page.
    public static let root = LocalPath(path: "/", query: nil)

    /// A path and query that have been checked.
    private init(path: String, query: String?) {
        self.path = path
        self.query = query
    }

    /// Reads a path with an optional query; nil for everything that is not a place inside this application.
    ///
    /// A fragment is dropped, non-ASCII text is percent-encoded.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumLength, bytes.first == UInt8(ascii: "/") else { return nil }
        guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { return nil }
        let target = bytes.prefix { $0 != UInt8(ascii: "#") }
        let rawPath = target.prefix { $0 != UInt8(ascii: "?") }
        guard let path = Self.normalise(path: rawPath) else { return nil }
        let rawQuery = target.dropFirst(rawPath.count).dropFirst()
        let query = rawQuery.isEmpty ? nil : Self.encode(query: rawQuery)
        guard path.utf8.count + (query.map { $0.utf8.count + 1 } ?? 0) <= Self.maximumLength else { return nil }
        self.init(path: path, query: query)
    }

    /// The same path without its query.
    var withoutQuery: LocalPath { LocalPath(path: path, query: nil) }

    /// Normalises a path, or answers nil when a reader could take it for something else.
    private static func normalise(path: ArraySlice<UInt8>) -> String? {
        var segments: [[UInt8]] = []
        let parts = path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            guard let segment = encode(segment: part) else { return nil }
            let isLast = index == parts.count - 1
            switch segment {
            case [UInt8(ascii: ".")]:
                if isLast { segments.append([]) }
            case [UInt8(ascii: "."), UInt8(ascii: ".")]:
                if !segments.isEmpty { segments.removeLast() }
                if isLast { segments.append([]) }
            default:
                segments.append(segment)
            }
        }
        // "//host" names another server, also when dot segments hid it ("/.//host").
        if segments.count > 1, segments[0].isEmpty { return nil }
        return "/" + segments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }

    /// One path segment with RFC 3986's characters as they are, unreserved ones decoded and all others encoded.
    private static func encode(segment: ArraySlice<UInt8>) -> [UInt8]? {
        var result: [UInt8] = []
        var rest = segment
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let value = hexByte(rest) else { return nil }
                rest = rest.dropFirst(2)
                // Encoded slashes, backslashes and control characters become real ones in too many readers.
                guard value >= 0x20, value != 0x7F, value != UInt8(ascii: "/"), value != UInt8(ascii: "\\") else {
                    return nil
                }
                if isUnreserved(value) { result.append(value) } else { appendEncoded(value, to: &result) }
            case UInt8(ascii: "\\"):
                return nil
            case _ where isUnreserved(byte) || isDelimiter(byte):
                result.append(byte)
            default:
                appendEncoded(byte, to: &result)
            }
        }
        return result
    }

    /// A query with everything encoded that a query may not hold.
    private static func encode(query: ArraySlice<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = query
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                if let value = hexByte(rest) {
                    rest = rest.dropFirst(2)
                    appendEncoded(value, to: &result)
                } else {
                    appendEncoded(byte, to: &result)
                }
            case UInt8(ascii: "/"), UInt8(ascii: "?"):
                result.append(byte)
            case _ where isUnreserved(byte) || isDelimiter(byte):
                result.append(byte)
            default:
                appendEncoded(byte, to: &result)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// The byte that the two hexadecimal digits at the front of `rest` stand for.
    private static func hexByte(_ rest: ArraySlice<UInt8>) -> UInt8? {
        guard rest.count >= 2 else { return nil }
        let digits = rest.prefix(2)
        guard digits.allSatisfy({ ($0 as UInt8).isHexDigit }) else { return nil }
        return UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    /// RFC 3986 §2.3: characters whose encoded and plain form mean the same.
    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default:
            false
        }
    }

    /// RFC 3986 §3.3: the other characters a segment may hold as they are.
    private static func isDelimiter(_ byte: UInt8) -> Bool {
        "!$&'()*+,;=:@".utf8.contains(byte)
    }

    /// Writes a byte as "%XX".
    private static func appendEncoded(_ byte: UInt8, to result: inout [UInt8]) {
        let digits = Array("0123456789ABCDEF".utf8)
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}

extension LocalPath: CustomStringConvertible {
    /// The path and query as they go into a `Location` field or a link.
    public var description: String {
        query.map { "\(path)?\($0)" } ?? path
    }
}

extension LocalPath: Codable {
    /// Reads the text form, with all its checks.
    ///
    /// - Throws: `DecodingError` for a text that is not a local path.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let path = LocalPath(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "Not a local path.")
        }
        self = path
    }

    /// Writes the text form.
    ///
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension UInt8 {
    /// True for the ASCII characters 0-9, a-f and A-F.
    var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default:
            false
        }
    }
}
