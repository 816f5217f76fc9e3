// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// An assertion of a federation server, as it goes to the platform (RFC 7522).
struct SAMLAssertion: Sendable {
    /// The versions that the platform takes.
    enum Version: String, Sendable, CaseIterable {
        /// SAML 1.1, whose namespace says 1.0.
        case oneDotOne = "urn:oasis:names:tc:SAML:1.0:assertion"
        /// SAML 2.0.
        case two = "urn:oasis:names:tc:SAML:2.0:assertion"

        /// The grant that carries it.
        var grantType: String {
            switch self {
            case .oneDotOne: "urn:ietf:params:oauth:grant-type:saml1_1-bearer"
            case .two: "urn:ietf:params:oauth:grant-type:saml2-bearer"
            }
        }
    }

    /// Its version.
    var version: Version
    /// The base64url of its text, which is the server's to the byte.
    var encoded: Secret

    /// Takes the assertion out of a federation server's answer.
    ///
    /// - Throws: ``AuthenticationError``: what the server said when it said no, `rejectedResponse` where there is neither
    ///   an assertion nor a fault.
    init(_ answer: XMLDocument, from host: String, _ trust: TrustVersion) throws(AuthenticationError) {
        if let fault = answer.root.first([.soap("Body"), .soap("Fault")]) {
            throw Self.error(fault, host)
        }
        let tokens = answer.root.all(XMLNode.Name(trust.namespace, "RequestedSecurityToken")).flatMap(\.children)
        for version in Version.allCases {
            guard let node = tokens.first(where: { $0.name == XMLNode.Name(version.rawValue, "Assertion") }) else {
                continue
            }
            self.version = version
            encoded = Secret(Base64URL.encode(answer.source(of: node)))
            return
        }
        throw AuthenticationError(
            .rejectedResponse,
            .federation,
            "The federation server at \(host) answered with no assertion of SAML 1.1 or 2.0."
        )
    }

    /// The error for a fault of SOAP; only a wrong name or password is the person's to mend.
    private static func error(_ fault: XMLNode, _ host: String) -> AuthenticationError {
        let code = fault.first([.soap("Code"), .soap("Subcode"), .soap("Value")])?.text.split(separator: ":").last
        let isRefusal = code == "FailedAuthentication"
        var error = AuthenticationError(
            isRefusal ? .interactionRequired : .refused,
            .federation,
            isRefusal
                ? "The federation server at \(host) does not take the user name and the password. Ask for them again."
                : "The federation server at \(host) issued no assertion. Look into its log for the reason."
        )
        error.interaction = isRefusal ? .signIn : nil
        error.serverDescription = fault.first([.soap("Reason"), .soap("Text")])?.text
        return error
    }
}
