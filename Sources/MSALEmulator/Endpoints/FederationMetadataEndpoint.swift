// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// `GET /adfs/services/trust/mex`: how the federation server wants to be asked (WS-MetadataExchange).
struct FederationMetadataEndpoint: Sendable {
    /// Answers with the one binding there is: name and password over TLS, WS-Trust 1.3.
    func respond(to incoming: Incoming) -> Answer {
        let address = XMLText.escape(FederationServer.trustURL(incoming.base))
        return .text(Self.document(address), type: "text/xml; charset=utf-8").notStored()
    }

    /// The document, with the policy that clients look for before they send a password anywhere.
    private static func document(_ address: String) -> String {
        let security = "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702"
        return """
            <wsdl:definitions name="SecurityTokenService" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" \
            targetNamespace="http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice" \
            xmlns:tns="http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice" \
            xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/" xmlns:wsp="\(FederationServer.policy)" \
            xmlns:wsu="\(FederationServer.utility)" xmlns:wsa10="\(FederationServer.addressing)" xmlns:sp="\(security)">
            <wsp:Policy wsu:Id="UserNameWSTrustBinding_IWSTrust13Async_policy"><wsp:ExactlyOne><wsp:All>
            <sp:TransportBinding><wsp:Policy>
            <sp:TransportToken><wsp:Policy><sp:HttpsToken><wsp:Policy/></sp:HttpsToken></wsp:Policy></sp:TransportToken>
            <sp:AlgorithmSuite><wsp:Policy><sp:Basic256/></wsp:Policy></sp:AlgorithmSuite>
            <sp:Layout><wsp:Policy><sp:Strict/></wsp:Policy></sp:Layout><sp:IncludeTimestamp/>
            </wsp:Policy></sp:TransportBinding>
            <sp:SignedEncryptedSupportingTokens><wsp:Policy>
            <sp:UsernameToken sp:IncludeToken="\(security)/IncludeToken/AlwaysToRecipient">\
            <wsp:Policy><sp:WssUsernameToken10/></wsp:Policy></sp:UsernameToken>
            </wsp:Policy></sp:SignedEncryptedSupportingTokens>
            </wsp:All></wsp:ExactlyOne></wsp:Policy>
            <wsdl:binding name="UserNameWSTrustBinding_IWSTrust13Async" type="tns:IWSTrust13Async">
            <wsp:PolicyReference URI="#UserNameWSTrustBinding_IWSTrust13Async_policy"/>
            <soap12:binding transport="http://schemas.xmlsoap.org/soap/http"/>
            <wsdl:operation name="Trust13IssueAsync">
            <soap12:operation soapAction="\(FederationServer.issueAction)" style="document"/>
            <wsdl:input><soap12:body use="literal"/></wsdl:input><wsdl:output><soap12:body use="literal"/></wsdl:output>
            </wsdl:operation></wsdl:binding>
            <wsdl:service name="SecurityTokenService">
            <wsdl:port name="UserNameWSTrustBinding_IWSTrust13Async" binding="tns:UserNameWSTrustBinding_IWSTrust13Async">
            <soap12:address location="\(address)"/>
            <wsa10:EndpointReference><wsa10:Address>\(address)</wsa10:Address></wsa10:EndpointReference>
            </wsdl:port></wsdl:service>
            </wsdl:definitions>

            """
    }
}
