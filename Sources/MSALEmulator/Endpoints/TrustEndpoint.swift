// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT

/// `POST /adfs/services/trust/13/usernamemixed`: the federation server of all federated domains.
struct TrustEndpoint: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// Answers with an assertion, or with a fault of SOAP.
    func respond(to incoming: Incoming) -> Answer {
        do throws(TrustFault) {
            let type = incoming.headers[.contentType]?.split(separator: ";").first.map { $0.lowercased() }
            guard type?.contains("application/soap+xml") == true else {
                throw .malformed("its type is not application/soap+xml", messageID: nil)
            }
            let now = platform.now()
            let address = FederationServer.trustURL(incoming.base)
            let request = try TrustRequest(incoming.body, address: address, now: now)
            let (user, domain) = try signIn(request)
            let assertion = SAMLAssertion(
                version: request.version ?? domain.version,
                issuer: domain.issuer,
                userPrincipalName: user.userPrincipalName,
                immutableID: Data(user.id.bytes).base64EncodedString(),
                issued: now
            )
            return answer(request, assertion)
        } catch {
            return fault(error)
        }
    }

    /// The person, if name and password belong together.
    private func signIn(_ request: TrustRequest) throws(TrustFault) -> (User, FederatedDomain) {
        guard let user = platform.directory.user(named: request.username),
            let domain = platform.directory.federatedDomain(of: user)
        else { throw .notAuthenticated(messageID: request.messageID) }
        do {
            try platform.check(request.password, of: user)
        } catch {
            throw .notAuthenticated(messageID: request.messageID)
        }
        return (user, domain)
    }

    /// The collection with one response in it; the assertion stands there as it was signed, for clients to cut out.
    private func answer(_ request: TrustRequest, _ assertion: SAMLAssertion) -> Answer {
        let trust = FederationServer.trust
        let start = XMLText.time(assertion.issued)
        let end = XMLText.time(assertion.issued.addingTimeInterval(SAMLAssertion.lifetime))
        return envelope(
            action: "\(trust)/RSTRC/IssueFinal",
            messageID: request.messageID,
            body: "<trust:RequestSecurityTokenResponseCollection xmlns:trust=\"\(trust)\">"
                + "<trust:RequestSecurityTokenResponse><trust:Lifetime>"
                + "<wsu:Created xmlns:wsu=\"\(FederationServer.utility)\">\(start)</wsu:Created>"
                + "<wsu:Expires xmlns:wsu=\"\(FederationServer.utility)\">\(end)</wsu:Expires></trust:Lifetime>"
                + "<wsp:AppliesTo xmlns:wsp=\"\(FederationServer.policy)\"><a:EndpointReference><a:Address>"
                + "\(SAMLAssertion.audience)</a:Address></a:EndpointReference></wsp:AppliesTo>"
                + "<trust:RequestedSecurityToken>\(platform.assertionKey.sign(assertion.text))"
                + "</trust:RequestedSecurityToken><trust:TokenType>\(assertion.version.namespace)</trust:TokenType>"
                + "<trust:RequestType>\(trust)/Issue</trust:RequestType><trust:KeyType>\(trust)/Bearer</trust:KeyType>"
                + "</trust:RequestSecurityTokenResponse></trust:RequestSecurityTokenResponseCollection>"
        )
    }

    /// A fault, with the status that these servers give it even when the client is to blame.
    private func fault(_ fault: TrustFault) -> Answer {
        var answer = envelope(
            action: "\(FederationServer.addressing)/soap/fault",
            messageID: fault.messageID,
            body: "<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value xmlns:f=\"\(fault.namespace)\">"
                + "f:\(fault.code)</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en\">"
                + "\(XMLText.escape(fault.reason))</s:Text></s:Reason></s:Fault>"
        )
        answer.status = .internalServerError
        return answer
    }

    /// The envelope of both.
    private func envelope(action: String, messageID: String?, body: String) -> Answer {
        let relation = messageID.map { "<a:RelatesTo>\(XMLText.escape($0))</a:RelatesTo>" } ?? ""
        return .text(
            "<s:Envelope xmlns:s=\"\(FederationServer.soap)\" xmlns:a=\"\(FederationServer.addressing)\"><s:Header>"
                + "<a:Action s:mustUnderstand=\"1\">\(action)</a:Action>\(relation)</s:Header>"
                + "<s:Body>\(body)</s:Body></s:Envelope>",
            type: "application/soap+xml; charset=utf-8"
        )
        .notStored()
    }
}
