// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Claims as rules need them: absent and malformed are different faults.
extension JWTClaims {
    /// A text, if the claim is there.
    func optionalText(_ name: String) throws(JWTError) -> String? {
        guard let value = self[name] else { return nil }
        guard let text = value.stringValue else { throw .malformedClaim(name, "a text") }
        return text
    }

    /// A text.
    func requiredText(_ name: String) throws(JWTError) -> String {
        guard let text = try optionalText(name) else { throw .missingClaim(name) }
        return text
    }

    /// Checks that a claim is there and is a text, without decoding it.
    func requireText(_ name: String) throws(JWTError) {
        if isText(name) { return }
        _ = try requiredText(name)
    }

    /// A text or a list of texts.
    func requiredTexts(_ name: String) throws(JWTError) -> [String] {
        if let texts = texts(name) { return texts }
        guard self[name] != nil else { throw .missingClaim(name) }
        throw .malformedClaim(name, "a text or a list of texts")
    }

    /// A moment, if the claim is there.
    func optionalDate(_ name: String) throws(JWTError) -> Date? {
        if let date = date(name) { return date }
        guard self[name] != nil else { return nil }
        throw .malformedClaim(name, "a number of seconds since 1970")
    }

    /// A moment.
    func requiredDate(_ name: String) throws(JWTError) -> Date {
        guard let date = try optionalDate(name) else { throw .missingClaim(name) }
        return date
    }
}

extension JWTError {
    /// The refusal of a token without a claim it needs.
    static func missingClaim(_ name: String) -> JWTError {
        JWTError(.missingClaim, "The token lacks the claim \(name).", name: name)
    }

    /// The refusal of a claim of another type than it must have.
    static func malformedClaim(_ name: String, _ expected: String) -> JWTError {
        JWTError(.malformedClaim, "The token's claim \(name) is not \(expected).", name: name)
    }
}
