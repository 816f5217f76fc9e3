// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

/// Reads the assertion of a token request and decides whether it is good.
struct SAMLAssertionReader: Sendable {
    /// The version that the grant names.
    let version: SAMLVersion
    /// What assertions are signed with.
    let key: AssertionKey
    /// The people and the domains.
    let directory: Directory
    /// The current time.
    let now: Date

    /// The person that a good assertion is about.
    func user(_ parameter: String) throws(PlatformError) -> User {
        let text = try text(parameter)
        let root: XMLElement
        do {
            root = try XMLReader.read(Array(text.utf8))
        } catch {
            throw .samlMalformed(error.reason)
        }
        guard root.isNamed("Assertion", version.namespace) else {
            throw .samlMalformed("it is no assertion of SAML \(version.rawValue)")
        }
        guard key.isSigned(text) else { throw .samlSignatureWrong }
        try checkConditions(root)
        let issuer = version == .one ? root["Issuer"] : root.only("Issuer", version.namespace)?.trimmedText
        guard let name = userPrincipalName(root), let user = directory.user(named: name),
            let domain = directory.federatedDomain(of: user), domain.issuer == issuer
        else { throw .samlSubjectUnknown }
        guard user.isEnabled else { throw .userDisabled }
        return user
    }

    /// Undoes the base64, which clients spell in both alphabets and with padding or without.
    private func text(_ parameter: String) throws(PlatformError) -> String {
        let spelling = parameter.replacing("+", with: "-").replacing("/", with: "_").prefix { $0 != "=" }
        guard let bytes = Base64URL.decode(String(spelling)), let text = String(validating: bytes, as: UTF8.self) else {
            throw .samlMalformed("it is not base64 of a text")
        }
        return text
    }

    /// Whether it is meant for the platform, and for now.
    private func checkConditions(_ root: XMLElement) throws(PlatformError) {
        let restriction = version == .one ? "AudienceRestrictionCondition" : "AudienceRestriction"
        guard let conditions = root.only("Conditions", version.namespace),
            let start = conditions["NotBefore"].flatMap(XMLText.date),
            let end = conditions["NotOnOrAfter"].flatMap(XMLText.date),
            let audience = conditions.only([restriction, "Audience"], version.namespace)?.trimmedText
        else { throw .samlMalformed("it has no conditions") }
        guard start <= now, now < end else { throw .samlExpired }
        guard audience == SAMLAssertion.audience else { throw .samlAudienceWrong }
    }

    /// The sign-in name among the attributes.
    private func userPrincipalName(_ root: XMLElement) -> String? {
        let attributes = root.only("AttributeStatement", version.namespace)?.children ?? []
        let name = attributes.first { attribute in
            attribute["AttributeName"] == "UPN" || attribute["Name"] == "http://schemas.xmlsoap.org/claims/UPN"
        }
        return name?.only("AttributeValue", version.namespace)?.trimmedText
    }
}
