// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A request to a federation server: a name and a password for an assertion (WS-Trust over SOAP 1.2).
struct TrustRequest: Sendable {
    /// Where it goes, and in which version.
    var destination: FederationMetadata.PasswordEndpoint
    /// The user name.
    var username: String
    /// The password.
    var password: Secret
    /// For whom the assertion is to be.
    var audience: String

    /// How long the request itself is good for.
    private static let lifetime: TimeInterval = 600

    /// The request's fields.
    var fields: HTTPFields {
        [
            .contentType: "application/soap+xml; charset=utf-8",
            .accept: "application/soap+xml",
            .soapAction: destination.version.issueAction,
        ]
    }

    /// The envelope.
    func body(at now: Date, messageID: String) -> [UInt8] {
        let version = destination.version
        let text = """
            <s:Envelope xmlns:s="\(TrustNamespace.soap)" xmlns:a="\(TrustNamespace.addressing)" \
            xmlns:u="\(TrustNamespace.securityUtility)"><s:Header>\
            <a:Action s:mustUnderstand="1">\(version.issueAction)</a:Action>\
            <a:MessageID>urn:uuid:\(messageID)</a:MessageID>\
            <a:ReplyTo><a:Address>\(TrustNamespace.addressing)/anonymous</a:Address></a:ReplyTo>\
            <a:To s:mustUnderstand="1">\(HTML.escape(destination.endpoint.url))</a:To>\
            <o:Security s:mustUnderstand="1" xmlns:o="\(TrustNamespace.securityExtensions)">\
            <u:Timestamp u:Id="_0"><u:Created>\(now.formatted(.iso8601))</u:Created>\
            <u:Expires>\(now.addingTimeInterval(Self.lifetime).formatted(.iso8601))</u:Expires></u:Timestamp>\
            <o:UsernameToken u:Id="uuid-\(messageID)"><o:Username>\(HTML.escape(username))</o:Username>\
            <o:Password>\(HTML.escape(password.reveal()))</o:Password></o:UsernameToken></o:Security>\
            </s:Header><s:Body><t:RequestSecurityToken xmlns:t="\(version.namespace)">\
            <p:AppliesTo xmlns:p="\(TrustNamespace.policy)"><a:EndpointReference>\
            <a:Address>\(HTML.escape(audience))</a:Address></a:EndpointReference></p:AppliesTo>\
            <t:KeyType>\(version.bearerKeyType)</t:KeyType>\
            <t:RequestType>\(version.namespace)/Issue</t:RequestType>\
            </t:RequestSecurityToken></s:Body></s:Envelope>
            """
        return Array(text.utf8)
    }
}

// swift-format-ignore: NeverForceUnwrap
extension HTTPField.Name {
    /// What a SOAP request asks for; a token (RFC 9110 §5.6.2).
    static let soapAction = HTTPField.Name("SOAPAction")!
}
