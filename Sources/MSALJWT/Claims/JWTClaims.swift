// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a token says.
///
/// Whether to believe it is another matter: see ``UnverifiedJWT`` and ``VerifiedJWT``.
///
/// The JSON was checked in full when the claims were read; a single claim is decoded when it is asked for. The named
/// accessors are `nil` (or empty) where a claim is absent or of another type; ``IDTokenRules`` tells the two apart.
public struct JWTClaims: Sendable, Hashable, CustomStringConvertible {
    /// The claims by place.
    private let members: JSONMembers

    /// Reads claims: one JSON object, no member twice on any level, bounded nesting.
    ///
    /// - Throws: ``JWTError/Code/json``.
    public init(parsing bytes: [UInt8]) throws(JWTError) {
        members = try JSONMembers(parsing: bytes)
    }

    /// Claims that say nothing.
    package init() {
        members = JSONMembers()
    }

    /// The claim of this name.
    public subscript(name: String) -> JSONValue? { members[name] }

    /// All claims, decoded.
    public var all: [String: JSONValue] {
        let pairs = members.names.compactMap { name in members[name].map { (name, $0) } }
        return Dictionary(pairs) { first, _ in first }
    }

    /// The text that was signed.
    public var rawJSON: [UInt8] { members.bytes }

    /// Whether both are the same text.
    public static func == (first: JWTClaims, second: JWTClaims) -> Bool {
        first.rawJSON == second.rawJSON
    }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(rawJSON)
    }

    /// How many claims there are; nothing they say, as they are about a person.
    public var description: String { "JWTClaims(\(members.count) claims)" }

    /// A claim that is a text.
    func text(_ name: String) -> String? { self[name]?.stringValue }

    /// Whether a claim is there and is a text.
    func isText(_ name: String) -> Bool { members.isText(name) }

    /// A claim that is a moment: seconds since 1970, fractions allowed (RFC 7519 §2), between 1970 and the year 9999.
    func date(_ name: String) -> Date? {
        guard let seconds = self[name]?.doubleValue, (0...253_402_300_799).contains(seconds) else { return nil }
        return Date(timeIntervalSince1970: seconds)
    }

    /// A claim that is a text or a list of texts, as a list.
    ///
    /// `nil` if it is absent or anything else.
    func texts(_ name: String) -> [String]? {
        switch self[name] {
        case .string(let value):
            return [value]
        case .array(let values):
            let texts = values.compactMap(\.stringValue)
            return texts.count == values.count ? texts : nil
        default:
            return nil
        }
    }
}
