// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// The `claims` parameter of a request (OpenID Connect Core §5.5), put together from what has a say in it.
///
/// A challenge comes first, the client's capabilities are set into it, and claims that a caller passes on come last: where
/// two say something of the same leaf, the later one wins.
struct ClaimsRequest: Sendable, Hashable {
    /// What is asked for, by where it is to appear.
    private var members: [String: JSONValue] = [:]

    /// The longest text that is read, in bytes.
    static let maximumLength = 65_536

    /// Makes one that asks for nothing.
    init() {}

    /// Puts the parameter together.
    ///
    /// - Parameters:
    ///   - capabilities: what the client can do, such as `cp1`.
    ///   - challenge: the claims challenge of an API or of the provider, as JSON or in base64.
    ///   - forwarded: claims that a caller passes on for a client of its own, as JSON.
    /// - Returns: the parameter's text, or nil when nothing is asked for.
    /// - Throws: ``AuthenticationError`` with the code `claimsInvalid`.
    static func parameter(
        capabilities: [String] = [],
        challenge: String? = nil,
        forwarded: String? = nil
    ) throws(AuthenticationError) -> String? {
        var request = ClaimsRequest()
        if let challenge {
            try request.merge(object(challenge, called: "claims challenge"))
        }
        try request.declare(capabilities)
        if let forwarded {
            try request.merge(object(forwarded, called: "value of the forwarded claims"))
        }
        return request.text
    }

    /// Members sorted by name and no white space, so that equal requests are equal texts; nil for an empty one.
    var text: String? {
        members.isEmpty ? nil : String(decoding: JSONValue.object(members).serialized(), as: UTF8.self)
    }

    /// Says what the client can do; it takes the place of what a challenge says there, and of nothing else.
    ///
    /// - Throws: ``AuthenticationError`` with the code `claimsInvalid` where `access_token` is no object.
    mutating func declare(_ capabilities: [String]) throws(AuthenticationError) {
        guard !capabilities.isEmpty else { return }
        var wanted: [String: JSONValue] = [:]
        switch members["access_token"] {
        case nil, .null: break
        case .object(let present): wanted = present
        default: throw Self.invalid("claims challenge", "its member 'access_token' is not an object")
        }
        wanted["xms_cc"] = ["values": .array(capabilities.map { .string($0) })]
        members["access_token"] = .object(wanted)
    }

    /// Adds members of another request, which win where both say something.
    mutating func merge(_ other: [String: JSONValue]) {
        members = Self.merged(members, other)
    }

    /// The text of a challenge as it is sent back: JSON is kept letter for letter, base64 is decoded.
    ///
    /// - Returns: the JSON, or nil when the text is neither.
    static func decoded(_ challenge: String) -> String? {
        guard let bytes = bytes(challenge), case .object = try? JSONValue(parsing: bytes) else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads a text that must be an object.
    private static func object(
        _ text: String,
        called name: String
    ) throws(AuthenticationError) -> [String: JSONValue] {
        guard let bytes = bytes(text) else {
            throw invalid(name, "it is neither a JSON object nor one in base64, or is too long")
        }
        guard let json = try? JSONValue(parsing: bytes), let members = json.objectValue else {
            throw invalid(name, "it is not one JSON object")
        }
        return members
    }

    /// The JSON behind a text: itself, or what it is the base64 of; both alphabets occur, with padding and without.
    private static func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= maximumLength else { return nil }
        if text.utf8.first(where: { !" \t\r\n".utf8.contains($0) }) == UInt8(ascii: "{") { return Array(text.utf8) }
        let urlSafe = text.trimmingSpaces().replacing("+", with: "-").replacing("/", with: "_")
        let padding = urlSafe.reversed().prefix { $0 == "=" }.count
        return padding <= 2 ? Base64URL.decode(urlSafe.dropLast(padding)) : nil
    }

    /// Two objects as one: objects are merged member by member, of anything else the second counts.
    private static func merged(_ first: [String: JSONValue], _ second: [String: JSONValue]) -> [String: JSONValue] {
        first.merging(second) { old, new in
            if case .object(let old) = old, case .object(let new) = new { .object(merged(old, new)) } else { new }
        }
    }

    /// The refusal; what was passed may tell of a person and is not repeated.
    private static func invalid(_ name: String, _ reason: String) -> AuthenticationError {
        AuthenticationError(
            .invalidCall,
            .claimsInvalid,
            "The \(name) cannot be used: \(reason). Pass on the text that came with the error or the response unchanged."
        )
    }
}
