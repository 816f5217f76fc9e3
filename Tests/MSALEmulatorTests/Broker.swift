// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALEmulator
import MSALJWT
import Testing

/// The person of the built-in federated domain, and what a client sends to the federation server.
enum Broker {
    static let name = "broker@brokers.harbourmutual.example"
    static let path = "/adfs/services/trust/13/usernamemixed"
    static let metadata = "/adfs/services/trust/mex"
    static let address = "http://localhost:8400\(path)"

    /// The request, written out by hand, at the time of the tests' clock.
    static let request = """
        <s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a='http://www.w3.org/2005/08/addressing'
          xmlns:u="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">
        <s:Header>
          <a:Action s:mustUnderstand="1">http://docs.oasis-open.org/ws-sx/ws-trust/200512/RST/Issue</a:Action>
          <a:MessageID>urn:uuid:1</a:MessageID>
          <a:To s:mustUnderstand="1">\(address)</a:To>
          <w:Security xmlns:w="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
            <u:Timestamp u:Id="_0"><u:Created>2026-09-21T14:13:20Z</u:Created>
              <u:Expires>2026-09-21T14:23:20.000Z</u:Expires></u:Timestamp>
            <w:UsernameToken><w:Username>\(name)</w:Username><w:Password>Broker-Pass-1</w:Password></w:UsernameToken>
          </w:Security>
        </s:Header>
        <s:Body><!-- one token, please -->
          <t:RequestSecurityToken xmlns:t="http://docs.oasis-open.org/ws-sx/ws-trust/200512">
            <p:AppliesTo xmlns:p="http://schemas.xmlsoap.org/ws/2004/09/policy"><a:EndpointReference>
              <a:Address>urn:federation:MicrosoftOnline</a:Address></a:EndpointReference></p:AppliesTo>
            <t:KeyType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Bearer</t:KeyType>
            <t:RequestType>http://docs.oasis-open.org/ws-sx/ws-trust/200512/Issue</t:RequestType>
          </t:RequestSecurityToken>
        </s:Body>
        </s:Envelope>
        """

    /// The built-in directory, whose federated domain writes assertions of a version.
    static func seed(_ version: String) -> EmulatorSeed {
        var seed = EmulatorSeed.insurance
        seed.tenants[0].federatedDomains[0].samlVersion = version
        return seed
    }

    /// The token type of a version.
    static func namespace(_ version: String) -> String {
        version == "1.1" ? "urn:oasis:names:tc:SAML:1.0:assertion" : "urn:oasis:names:tc:SAML:2.0:assertion"
    }

    /// The assertion, cut out of the answer as it is.
    static func assertion(_ answer: TestBrowser.Page) throws -> String {
        let parts = answer.text.components(separatedBy: "RequestedSecurityToken>")
        try #require(parts.count == 3, "\(answer.text)")
        return String(parts[1].dropLast("</trust:".count))
    }

    /// The form that brings an assertion; nil takes a parameter out.
    static func form(
        _ assertion: String,
        _ version: String,
        _ changes: [String: String?] = [:]
    ) -> [(String, String)] {
        var values = [
            "grant_type": "urn:ietf:params:oauth:grant-type:saml\(version == "1.1" ? "1_1" : "2")-bearer",
            "client_id": Device.client, "assertion": Base64URL.encode(Array(assertion.utf8)),
            "scope": "User.Read openid profile offline_access",
        ]
        for (name, value) in changes { values[name] = value }
        return values.map { ($0.key, $0.value) }
    }
}

extension TestBrowser {
    /// Sends the broker's request to the federation server, changed if need be.
    func trust(_ change: (String) -> String = { $0 }) async throws -> Page {
        try await send(
            .post,
            Broker.path,
            body: change(Broker.request),
            headers: [.contentType: "application/soap+xml; charset=utf-8"]
        )
    }
}
