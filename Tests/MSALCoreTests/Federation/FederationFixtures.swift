// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

@testable import MSALCore

/// What a federation server says of itself, written in the order and with the prefixes of AD FS.
struct FederationFixture {
    /// A port that takes something.
    struct Port {
        var name: String
        var version: TrustVersion
        var address: String
        /// What proves the caller: `UserNameToken` and the like.
        var token = "UsernameToken"
        var isOverTLS = true
    }

    var ports: [Port]

    var document: String {
        let policies = ports.map { port -> String in
            let namespace = TrustNamespace.securityPolicies[port.version == .oneDotThree ? 0 : 1]
            let transport =
                port.isOverTLS
                ? "<sp:TransportBinding xmlns:sp=\"\(namespace)\"><wsp:Policy><sp:TransportToken><wsp:Policy>"
                    + "<sp:HttpsToken RequireClientCertificate=\"false\"/></wsp:Policy></sp:TransportToken></wsp:Policy>"
                    + "</sp:TransportBinding>" : ""
            return "<wsp:Policy wsu:Id=\"\(port.name)_policy\"><wsp:ExactlyOne><wsp:All>\(transport)"
                + "<sp:SignedSupportingTokens xmlns:sp=\"\(namespace)\"><wsp:Policy><sp:\(port.token)><wsp:Policy>"
                + "<sp:WssUsernameToken10/></wsp:Policy></sp:\(port.token)></wsp:Policy></sp:SignedSupportingTokens>"
                + "</wsp:All></wsp:ExactlyOne></wsp:Policy>"
        }
        let bindings = ports.map { port in
            "<wsdl:binding name=\"\(port.name)\" type=\"tns:I\(port.name)\"><wsp:PolicyReference "
                + "URI=\"#\(port.name)_policy\"/><soap12:binding transport=\"http://schemas.xmlsoap.org/soap/http\"/>"
                + "<wsdl:operation name=\"Issue\"><soap12:operation soapAction=\"\(port.version.issueAction)\" "
                + "style=\"document\"/></wsdl:operation></wsdl:binding>"
        }
        let services = ports.map { port in
            "<wsdl:port name=\"\(port.name)\" binding=\"tns:\(port.name)\"><soap12:address location=\"\(port.address)\"/>"
                + "<wsa10:EndpointReference><wsa10:Address>\(port.address)</wsa10:Address></wsa10:EndpointReference>"
                + "</wsdl:port>"
        }
        return "<wsdl:definitions xmlns:wsdl=\"\(TrustNamespace.wsdl)\" xmlns:tns=\"http://tempuri.example/\" "
            + "xmlns:soap12=\"\(TrustNamespace.wsdlSOAP)\" xmlns:wsp=\"\(TrustNamespace.policy)\" "
            + "xmlns:wsu=\"\(TrustNamespace.securityUtility)\" xmlns:wsa10=\"\(TrustNamespace.addressing)\">"
            + policies.joined() + bindings.joined() + "<wsdl:service name=\"SecurityTokenService\">"
            + services.joined() + "</wsdl:service></wsdl:definitions>"
    }

    /// An answer with an assertion.
    static func answer(_ assertion: String, _ version: TrustVersion) -> String {
        "<s:Envelope xmlns:s=\"\(TrustNamespace.soap)\"><s:Body><t:RequestSecurityTokenResponse "
            + "xmlns:t=\"\(version.namespace)\"><t:RequestedSecurityToken>\(assertion)</t:RequestedSecurityToken>"
            + "</t:RequestSecurityTokenResponse></s:Body></s:Envelope>"
    }

    /// A fault of the one who asked.
    static func fault(_ code: String) -> String {
        "<s:Envelope xmlns:s=\"\(TrustNamespace.soap)\"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode>"
            + "<s:Value xmlns:a=\"urn:a\">a:\(code)</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en-US\">"
            + "MSIS3127: no.</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"
    }
}
