// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

/// The versions of WS-Trust that federation servers speak.
enum TrustVersion: Sendable, CaseIterable {
    /// WS-Trust 1.3, which is preferred.
    case oneDotThree
    /// Its draft of February 2005.
    case february2005

    /// The namespace of its elements.
    var namespace: String {
        switch self {
        case .oneDotThree: "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
        case .february2005: "http://schemas.xmlsoap.org/ws/2005/02/trust"
        }
    }

    /// What a request for a token is called in SOAP.
    var issueAction: String { namespace + "/RST/Issue" }

    /// What a token is called that is bound to no key.
    var bearerKeyType: String {
        switch self {
        case .oneDotThree: namespace + "/Bearer"
        case .february2005: "http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey"
        }
    }
}

/// The namespaces around WS-Trust.
enum TrustNamespace {
    /// SOAP 1.2.
    static let soap = "http://www.w3.org/2003/05/soap-envelope"
    /// WS-Addressing 1.0.
    static let addressing = "http://www.w3.org/2005/08/addressing"
    /// WS-Policy 1.2.
    static let policy = "http://schemas.xmlsoap.org/ws/2004/09/policy"
    /// WSDL 1.1.
    static let wsdl = "http://schemas.xmlsoap.org/wsdl/"
    /// Its binding to SOAP 1.2.
    static let wsdlSOAP = "http://schemas.xmlsoap.org/wsdl/soap12/"
    /// What the next two have in common.
    private static let security = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity"
    /// WS-Security 1.0.
    static let securityExtensions = security + "-secext-1.0.xsd"
    /// Its times and names.
    static let securityUtility = security + "-utility-1.0.xsd"
    /// WS-SecurityPolicy 1.2, and its draft of July 2005.
    static let securityPolicies = [
        "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702",
        "http://schemas.xmlsoap.org/ws/2005/07/securitypolicy",
    ]
}

extension XMLNode.Name {
    /// A name of SOAP.
    static func soap(_ local: String) -> XMLNode.Name { XMLNode.Name(TrustNamespace.soap, local) }
}
