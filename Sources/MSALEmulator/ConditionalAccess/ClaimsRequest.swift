// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// What the `claims` parameter asks for (OpenID Connect Core §5.5), read strictly.
struct ClaimsRequest: Sendable {
    /// Which token a claim is asked for.
    enum Token: String, Sendable, CaseIterable {
        /// The access token.
        case access = "access_token"
        /// The ID token.
        case identity = "id_token"
    }

    /// What is asked of one claim.
    private struct Individual {
        /// Whether it is worth nothing without.
        let isEssential: Bool
        /// The values that would do.
        let values: [JSONValue]

        /// The values that are texts.
        var texts: [String] { values.compactMap(\.stringValue) }
    }

    /// Nothing in particular.
    static let none = ClaimsRequest()

    /// What is asked, by token and claim.
    private var individuals: [Token: [String: Individual]] = [:]

    /// Asks for nothing.
    private init() {}

    /// Reads the parameter; nothing is asked when it is absent.
    init(_ text: String?) throws(PlatformError) {
        guard let text else { return }
        guard let document = (try? JSONValue(parsing: Array(text.utf8)))?.objectValue else {
            throw .claimsMalformed("It must be a JSON object.")
        }
        // Members that are not known are passed over (OpenID Connect Core §5.5), but not those that are no request.
        for (name, value) in document where value != .null {
            guard let members = value.objectValue else { throw .claimsMalformed("'\(name)' must be an object.") }
            let read = try Self.individuals(members, in: name)
            if let token = Token(rawValue: name) { individuals[token] = read }
        }
    }

    /// The authentication contexts (`acrs`) that are asked for, for either token.
    var contexts: Set<String> { Set(Token.allCases.flatMap { contexts(of: $0) }) }

    /// Those without which a token is worth nothing.
    var essentialContexts: Set<String> {
        Set(
            Token.allCases.flatMap { token in
                individuals[token]?["acrs"]?.isEssential == true ? Array(contexts(of: token)) : []
            }
        )
    }

    /// The policies that an earlier error named (`capolids`, `polids`), to be met now.
    var policyIDs: Set<GUID> {
        let asked = individuals[.access] ?? [:]
        return Set(["capolids", "polids"].flatMap { asked[$0]?.texts ?? [] }.compactMap { GUID($0) })
    }

    /// What the client says it can do (`xms_cc`): `cp1` is known, whatever its case.
    var capabilities: [String] {
        let names = individuals[.access]?["xms_cc"]?.texts ?? []
        return names.contains { $0.lowercased() == ClientCapability.claimsChallenges }
            ? [ClientCapability.claimsChallenges] : []
    }

    /// The authentication contexts that are asked for one token.
    func contexts(of token: Token) -> Set<String> {
        Set((individuals[token]?["acrs"]?.texts ?? []).filter(AuthenticationContext.isName))
    }

    /// This request and an earlier one; where both ask for a claim, this one counts.
    func merged(into earlier: ClaimsRequest) -> ClaimsRequest {
        var merged = earlier
        merged.individuals.merge(individuals) { $0.merging($1) { _, new in new } }
        return merged
    }

    /// Reads the claims of one token.
    private static func individuals(
        _ members: [String: JSONValue],
        in token: String
    ) throws(PlatformError) -> [String: Individual] {
        var read: [String: Individual] = [:]
        for (claim, value) in members {
            if value == .null {
                read[claim] = Individual(isEssential: false, values: [])
                continue
            }
            let place = "'\(claim)' of '\(token)'"
            guard let value = value.objectValue else { throw .claimsMalformed("\(place) must be an object or null.") }
            guard let isEssential = (value["essential"] ?? false).boolValue else {
                throw .claimsMalformed("'essential' of \(place) must be true or false.")
            }
            guard let values = (value["values"] ?? []).arrayValue else {
                throw .claimsMalformed("'values' of \(place) must be a list.")
            }
            read[claim] = Individual(isEssential: isEssential, values: (value["value"].map { [$0] } ?? []) + values)
        }
        return read
    }
}

/// What clients say of themselves in `xms_cc`.
enum ClientCapability {
    /// The client can act on a claims challenge.
    static let claimsChallenges = "cp1"
}

/// The spelling of authentication contexts.
enum AuthenticationContext {
    /// Whether a text names one: `c1` to `c99`.
    static func isName(_ text: String) -> Bool {
        guard text.hasPrefix("c"), let number = Int(text.dropFirst()) else { return false }
        return (1...99).contains(number) && text == "c\(number)"
    }
}

/// The words of `amr` (RFC 8176).
enum AuthenticationMethod {
    /// A password.
    static let password = "pwd"
    /// More than one factor.
    static let severalFactors = "mfa"
}
