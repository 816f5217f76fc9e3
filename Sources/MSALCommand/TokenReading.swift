// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore
import MSALJWT

/// A token as it is explained.
struct TokenReading {
    /// What it says about its signature.
    let header: JWSHeader
    /// What it says.
    let claims: JWTClaims
    /// What checking it came to; nil if nobody checked.
    let check: Check?

    /// What checking a token came to.
    struct Check: Encodable {
        /// Whether the provider signed it.
        let isSignatureGood: Bool
        /// Whether it names the provider as its issuer.
        let isIssuerGood: Bool
        /// Whether now is between its beginning and its end.
        let isTimeGood: Bool
        /// What is wrong, in sentences.
        let faults: [String]

        /// Whether nothing is wrong.
        var isGood: Bool { faults.isEmpty }

        /// Puts together what was found out.
        init(_ verdict: TokenInspection.Verdict, _ claims: JWTClaims, now: Date) {
            var faults: [String] = []
            isSignatureGood = verdict.signatureFault == nil
            isIssuerGood = verdict.isIssuerRight
            let begins = claims.notBefore.map { $0 <= now } ?? true
            let lasts = claims.expiresAt.map { now < $0 } ?? false
            isTimeGood = begins && lasts
            if let fault = verdict.signatureFault {
                faults.append("The provider did not sign this token: \(fault.message)")
            } else if !isIssuerGood {
                faults.append(
                    "The issuer is not the provider that was named, whose tokens come from \(verdict.expectedIssuer)."
                )
            }
            if !begins { faults.append("The token is not good yet.") }
            if !lasts { faults.append(claims.expiresAt == nil ? "The token names no end." : "The token has ended.") }
            self.faults = faults
        }
    }

    /// The explanation for people.
    func text(now: Date) -> String {
        var lines = [Terminal.styled("Header", .strong)]
        lines.append(Self.row("alg", header.algorithm.rawValue, "how it is signed"))
        if let type = header.type { lines.append(Self.row("typ", type, "what kind of token it says it is")) }
        if let keyID = header.keyID { lines.append(Self.row("kid", keyID, "which key signed it")) }
        lines.append(Terminal.styled("Claims", .strong))
        let all = claims.all
        for name in all.keys.sorted() {
            guard let value = all[name] else { continue }
            lines.append(Self.row(name, Self.value(value, of: name, now), ClaimMeaning.of(name)))
        }
        lines.append(conclusion)
        return lines.joined(separator: "\n")
    }

    /// The explanation for programs.
    func json() throws -> String {
        let encoder = JSONEncoder()
        var members: [String: JSONValue] = [
            "header": .object(
                ["alg": header.algorithm.rawValue, "typ": header.type, "kid": header.keyID]
                    .compactMapValues { $0.map { .string($0) } }
            ),
            "claims": .object(claims.all),
            "meanings": .object(
                Dictionary(uniqueKeysWithValues: claims.all.keys.map { ($0, ClaimMeaning.of($0)) })
                    .compactMapValues { $0.map { .string($0) } }
            ),
        ]
        if let check { members["verified"] = try JSONValue(parsing: [UInt8](encoder.encode(check))) }
        return String(decoding: JSONValue.object(members).serialized(), as: UTF8.self)
    }

    /// What to make of it all.
    private var conclusion: String {
        guard let check else {
            return Terminal.styled("Not verified", .strong)
                + ": nobody has checked who wrote this. --verify asks the provider's keys."
        }
        guard !check.isGood else {
            return Terminal.styled("Verified", .good) + ": the provider signed it, and it is good now."
        }
        return Terminal.styled("Refused", .bad) + ": " + Terminal.plain(check.faults.joined(separator: " "))
    }

    /// A claim with its value and its meaning.
    private static func row(_ name: String, _ value: String, _ meaning: String?) -> String {
        let name = Terminal.plain(name)
        let wide = name.count < 20 ? name.padding(toLength: 20, withPad: " ", startingAt: 0) : name + " "
        let line = "  " + wide + Terminal.plain(value)
        return meaning.map { line + "\n      " + Terminal.styled($0, .faint) } ?? line
    }

    /// A value for people: moments as such, lists in a line.
    private static func value(_ value: JSONValue, of name: String, _ now: Date) -> String {
        if ClaimMeaning.moments.contains(name), let seconds = value.doubleValue,
            (0...253_402_300_799).contains(seconds)
        {
            return Terminal.moment(Date(timeIntervalSince1970: seconds), now)
        }
        switch value {
        case .string(let text): return text
        case .array(let values) where values.allSatisfy({ $0.stringValue != nil }):
            return values.compactMap(\.stringValue).joined(separator: " ")
        default: return String(decoding: value.serialized(), as: UTF8.self)
        }
    }
}
