// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A request for a token with a name and a password (WS-Trust 1.3, SOAP 1.2).
struct TrustRequest: Sendable {
    /// The name.
    let username: String
    /// The password.
    let password: String
    /// The version of assertion that was asked for; nil when the request leaves it to the server.
    let version: SAMLVersion?
    /// What names the request in the answer.
    let messageID: String?

    /// How far the clocks of both sides may be apart.
    private static let skew: TimeInterval = 300

    /// Reads a request that came to an address.
    init(_ body: [UInt8], address: String, now: Date) throws(TrustFault) {
        let envelope: XMLElement
        do {
            envelope = try XMLReader.read(body)
        } catch {
            throw .malformed(error.reason, messageID: nil)
        }
        let soap = FederationServer.soap
        guard envelope.isNamed("Envelope", soap), let header = envelope.only("Header", soap),
            let body = envelope.only("Body", soap)
        else { throw .malformed("it is no envelope of SOAP 1.2", messageID: nil) }
        let messageID = header.only("MessageID", FederationServer.addressing)?.trimmedText
        self.messageID = messageID
        guard header.only("Action", FederationServer.addressing)?.trimmedText == FederationServer.issueAction else {
            throw .malformed("its action is not \(FederationServer.issueAction)", messageID: messageID)
        }
        guard header.only("To", FederationServer.addressing)?.trimmedText == address else {
            throw .malformed("it is addressed to somebody else", messageID: messageID)
        }
        guard let security = header.only("Security", FederationServer.security),
            let token = security.only("UsernameToken", FederationServer.security),
            let username = token.only("Username", FederationServer.security)?.text, !username.isEmpty,
            let password = token.only("Password", FederationServer.security)?.text
        else { throw .malformed("it has no name and password", messageID: messageID) }
        self.username = username
        self.password = password
        guard Self.isTimely(security, now: now) else {
            throw .malformed("its timestamp is missing or not of now", messageID: messageID)
        }
        version = try Self.version(body, messageID)
    }

    /// Whether it was sent now, as far as clocks agree (WS-Security 1.0 §10).
    private static func isTimely(_ security: XMLElement, now: Date) -> Bool {
        let timestamp = security.only("Timestamp", FederationServer.utility)
        guard
            let created = timestamp?.only("Created", FederationServer.utility).flatMap({ XMLText.date($0.trimmedText) }
            ),
            let expires = timestamp?.only("Expires", FederationServer.utility).flatMap({ XMLText.date($0.trimmedText) })
        else { return false }
        return created <= now.addingTimeInterval(skew) && expires > now.addingTimeInterval(-skew)
    }

    /// Reads what is asked for: a bearer token, for the platform.
    private static func version(_ body: XMLElement, _ messageID: String?) throws(TrustFault) -> SAMLVersion? {
        let trust = FederationServer.trust
        guard let request = body.only("RequestSecurityToken", trust),
            request.only("RequestType", trust)?.trimmedText == trust + "/Issue"
        else { throw .malformed("it asks for no new token", messageID: messageID) }
        guard request.only("KeyType", trust)?.trimmedText == trust + "/Bearer" else {
            throw .malformed("it asks for a token that is bound to a key", messageID: messageID)
        }
        let target = request.only("AppliesTo", FederationServer.policy)?
            .only(["EndpointReference", "Address"], FederationServer.addressing)?.trimmedText
        guard target == SAMLAssertion.audience else { throw .unknownTarget(messageID: messageID) }
        guard let type = request.only("TokenType", trust)?.trimmedText else { return nil }
        guard let version = SAMLVersion(tokenType: type) else {
            throw .malformed("it asks for a token of an unknown type", messageID: messageID)
        }
        return version
    }
}

/// Why the federation server answers with a fault.
struct TrustFault: Error, Sendable {
    /// The namespace of the code.
    let namespace: String
    /// The code.
    let code: String
    /// A sentence.
    let reason: String
    /// What names the request.
    let messageID: String?

    /// It cannot be read, or is no request that is answered here.
    static func malformed(_ why: String, messageID: String?) -> TrustFault {
        TrustFault(
            namespace: FederationServer.trust,
            code: "InvalidRequest",
            reason: "The request was invalid or malformed: \(why).",
            messageID: messageID
        )
    }

    /// Nobody knows whom the token is for.
    static func unknownTarget(messageID: String?) -> TrustFault {
        TrustFault(
            namespace: FederationServer.trust,
            code: "InvalidScope",
            reason: "The server issues tokens for \(SAMLAssertion.audience) alone.",
            messageID: messageID
        )
    }

    /// Name and password do not belong together, or the account cannot be used; which of them is nobody's business.
    static func notAuthenticated(messageID: String?) -> TrustFault {
        TrustFault(
            namespace: FederationServer.security,
            code: "FailedAuthentication",
            reason: "The security token could not be authenticated or authorized.",
            messageID: messageID
        )
    }
}
