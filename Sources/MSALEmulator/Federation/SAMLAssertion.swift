// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT

/// What a federation server says about a person who has just signed in there.
struct SAMLAssertion: Sendable {
    /// For whom all assertions are.
    static let audience = "urn:federation:MicrosoftOnline"
    /// How long one can be used.
    static let lifetime: TimeInterval = 3600

    /// The version it is written in.
    let version: SAMLVersion
    /// Who wrote it.
    let issuer: String
    /// Whom it is about.
    let userPrincipalName: String
    /// The person's name that never changes.
    let immutableID: String
    /// When it was written.
    let issued: Date

    /// The text, with a place for the signature.
    var text: String {
        let names = (upn: XMLText.escape(userPrincipalName), id: XMLText.escape(immutableID))
        let times = (start: XMLText.time(issued), end: XMLText.time(issued.addingTimeInterval(Self.lifetime)))
        let name = "_\(GUID.random())"
        switch version {
        case .one: return Self.one(name, XMLText.escape(issuer), names, times)
        case .two: return Self.two(name, XMLText.escape(issuer), names, times)
        }
    }

    /// SAML 1.1, with the attributes that the platform's federation has in that version.
    private static func one(
        _ name: String,
        _ issuer: String,
        _ names: (upn: String, id: String),
        _ times: (start: String, end: String)
    ) -> String {
        let subject =
            "<saml:Subject><saml:NameIdentifier Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified\">"
            + "\(names.id)</saml:NameIdentifier><saml:SubjectConfirmation><saml:ConfirmationMethod>"
            + "urn:oasis:names:tc:SAML:1.0:cm:bearer</saml:ConfirmationMethod></saml:SubjectConfirmation></saml:Subject>"
        return "<saml:Assertion MajorVersion=\"1\" MinorVersion=\"1\" AssertionID=\"\(name)\" Issuer=\"\(issuer)\" "
            + "IssueInstant=\"\(times.start)\" xmlns:saml=\"\(SAMLVersion.one.namespace)\">"
            + "<saml:Conditions NotBefore=\"\(times.start)\" NotOnOrAfter=\"\(times.end)\">"
            + "<saml:AudienceRestrictionCondition><saml:Audience>\(audience)</saml:Audience>"
            + "</saml:AudienceRestrictionCondition></saml:Conditions><saml:AttributeStatement>\(subject)"
            + "<saml:Attribute AttributeName=\"UPN\" AttributeNamespace=\"http://schemas.xmlsoap.org/claims\">"
            + "<saml:AttributeValue>\(names.upn)</saml:AttributeValue></saml:Attribute>"
            + "<saml:Attribute AttributeName=\"ImmutableID\" "
            + "AttributeNamespace=\"http://schemas.microsoft.com/LiveID/Federation/2008/05\">"
            + "<saml:AttributeValue>\(names.id)</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"
            + "<saml:AuthenticationStatement AuthenticationMethod=\"urn:oasis:names:tc:SAML:1.0:am:password\" "
            + "AuthenticationInstant=\"\(times.start)\">\(subject)</saml:AuthenticationStatement>"
            + "\(AssertionKey.emptySignature)</saml:Assertion>"
    }

    /// SAML 2.0, with the same attributes under their long names.
    private static func two(
        _ name: String,
        _ issuer: String,
        _ names: (upn: String, id: String),
        _ times: (start: String, end: String)
    ) -> String {
        "<saml:Assertion ID=\"\(name)\" Version=\"2.0\" IssueInstant=\"\(times.start)\" "
            + "xmlns:saml=\"\(SAMLVersion.two.namespace)\"><saml:Issuer>\(issuer)</saml:Issuer>"
            + "\(AssertionKey.emptySignature)<saml:Subject><saml:NameID>\(names.id)</saml:NameID>"
            + "<saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"/></saml:Subject>"
            + "<saml:Conditions NotBefore=\"\(times.start)\" NotOnOrAfter=\"\(times.end)\"><saml:AudienceRestriction>"
            + "<saml:Audience>\(audience)</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            + "<saml:AttributeStatement><saml:Attribute Name=\"http://schemas.xmlsoap.org/claims/UPN\">"
            + "<saml:AttributeValue>\(names.upn)</saml:AttributeValue></saml:Attribute>"
            + "<saml:Attribute Name=\"http://schemas.microsoft.com/LiveID/Federation/2008/05/ImmutableID\">"
            + "<saml:AttributeValue>\(names.id)</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>"
            + "<saml:AuthnStatement AuthnInstant=\"\(times.start)\"><saml:AuthnContext><saml:AuthnContextClassRef>"
            + "urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext>"
            + "</saml:AuthnStatement></saml:Assertion>"
    }
}

/// Texts inside XML.
enum XMLText {
    /// Replaces what means something in XML; the same characters as in HTML.
    static func escape(_ text: String) -> String {
        ScalarHTML().escapeText(text)
    }

    /// A time as the schemas of XML spell it, in UTC.
    static func time(_ date: Date) -> String {
        date.formatted(.iso8601)
    }

    /// Reads such a time, with fractions of seconds or without.
    static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}
