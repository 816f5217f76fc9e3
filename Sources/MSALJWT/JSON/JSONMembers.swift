// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The top-level members of a JSON object, by place: checked in full once, decoded one by one when asked for.
struct JSONMembers: Sendable {
    /// Where one member stands.
    private struct Member: Sendable {
        /// A short hash of the decoded name, to pass over the others quickly.
        let hash: UInt32
        /// The name.
        let name: JSONText
        /// Where the value begins.
        let value: Int
    }

    /// The text.
    let bytes: [UInt8]
    /// The members in their order.
    private let members: [Member]

    /// Checks that the bytes are one JSON object, without any member twice on any level.
    init(parsing bytes: [UInt8], maximumDepth: Int = 32) throws(JWTError) {
        var scanner = JSONScanner(bytes, maximumDepth: maximumDepth)
        scanner.skipWhiteSpace()
        guard scanner.peek() == .openBrace else { throw JWTError(.json, "Not a JSON object.") }
        members = try Self.scanObject(&scanner, depth: 1)
        try scanner.expectEnd()
        self.bytes = bytes
    }

    /// The members of an empty object.
    init() {
        bytes = Array("{}".utf8)
        members = []
    }

    /// How many members there are.
    var count: Int { members.count }

    /// The names in their order.
    var names: [String] {
        let scanner = JSONScanner(bytes)
        return members.map { scanner.decode($0.name) }
    }

    /// Whether there is a member of this name.
    func contains(_ name: String) -> Bool {
        place(of: name) != nil
    }

    /// Whether there is a member of this name whose value is a text.
    func isText(_ name: String) -> Bool {
        place(of: name).map { bytes[$0] == .quote } ?? false
    }

    /// The value of this name, decoded now.
    subscript(name: String) -> JSONValue? {
        guard let place = place(of: name) else { return nil }
        var scanner = JSONScanner(bytes, at: place, maximumDepth: JSONScanner.greatestDepth)
        // The text was checked when the members were found, so nothing is thrown.
        return try? scanner.parseValue(depth: 0)
    }

    /// Where the value of this name begins.
    private func place(of name: String) -> Int? {
        let hash = withContiguousBytes(of: name.utf8) { Self.hash($0) }
        return members.first { $0.hash == hash && Self.isName($0, name, in: bytes) }?.value
    }

    /// Whether a member has this name.
    private static func isName(_ member: Member, _ name: String, in bytes: [UInt8]) -> Bool {
        guard !member.name.isPlain else {
            let stored = bytes[member.name.range]
            return withContiguousBytes(of: name.utf8) { stored.span.isEqual(to: $0) }
        }
        return JSONScanner(bytes).decode(member.name).isSameBytes(as: name)
    }

    /// Moves over an object and notes its members.
    private static func scanObject(_ scanner: inout JSONScanner, depth: Int) throws(JWTError) -> [Member] {
        try scanner.enter(depth: depth)
        var members: [Member] = []
        guard !scanner.consumeAfterWhiteSpace(.closeBrace) else { return members }
        members.reserveCapacity(depth == 1 ? 32 : 4)
        repeat {
            let name = try scanner.scanName()
            let hash =
                name.isEscaped
                ? withContiguousBytes(of: scanner.decode(name).utf8) { Self.hash($0) }
                : Self.hash(scanner.bytes[name.range].span)
            members.append(Member(hash: hash, name: name, value: scanner.position))
            try skipValue(&scanner, depth: depth)
        } while try scanner.continues(until: .closeBrace)
        try refuseDuplicates(members, in: scanner)
        return members
    }

    /// Moves over a value of any kind.
    private static func skipValue(_ scanner: inout JSONScanner, depth: Int) throws(JWTError) {
        switch scanner.peek() {
        case .quote:
            _ = try scanner.scanString()
        case .openBrace:
            _ = try scanObject(&scanner, depth: depth + 1)
        case .openBracket:
            try scanner.enter(depth: depth + 1)
            guard !scanner.consumeAfterWhiteSpace(.closeBracket) else { return }
            repeat {
                scanner.skipWhiteSpace()
                try skipValue(&scanner, depth: depth + 1)
            } while try scanner.continues(until: .closeBracket)
        case .lowerT: try scanner.scan(literal: "true")
        case .lowerF: try scanner.scan(literal: "false")
        case .lowerN: try scanner.scan(literal: "null")
        default: try scanner.skipNumber()
        }
    }

    /// Refuses an object that has a member twice, in time that no input can make quadratic.
    private static func refuseDuplicates(_ members: [Member], in scanner: JSONScanner) throws(JWTError) {
        guard members.count <= 64, members.allSatisfy(\.name.isPlain) else {
            var seen: Set<String> = []
            for member in members {
                let name = scanner.decode(member.name)
                guard seen.insert(name).inserted else { throw .duplicateMember(name) }
            }
            return
        }
        for (place, member) in members.enumerated() {
            for other in members[..<place] where other.hash == member.hash {
                guard scanner.bytes[other.name.range] != scanner.bytes[member.name.range] else {
                    throw .duplicateMember(scanner.decode(member.name))
                }
            }
        }
    }

    /// FNV-1a, which is quick on short names.
    private static func hash(_ name: Span<UInt8>) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for position in name.indices {
            hash = (hash ^ UInt32(name[position])) &* 16_777_619
        }
        return hash
    }
}
