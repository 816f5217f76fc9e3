// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

extension ClientApplication {
    /// The grant for a user name and a password: the platform's own, or that of an assertion where the person's domain is
    /// federated.
    ///
    /// - Throws: ``AuthenticationError``.
    func passwordGrant(
        _ password: Secret,
        of username: String,
        scopes: [String],
        claims: String?,
        at authority: Authority,
        _ call: Call
    ) async throws -> TokenRequest {
        do {
            guard let domain = try await federatedDomain(of: username, at: authority, call) else {
                return .password(password, of: username, scopes: scopes, claims: claims)
            }
            let isLocal = authority.base.isLoopback
            let assertion = try await assertion(for: username, password, in: domain, isLocal: isLocal, call)
            return .assertion(assertion, scopes: scopes, claims: claims)
        } catch var error as AuthenticationError {
            error.correlationID = error.correlationID ?? call.correlationID
            throw error
        }
    }

    /// Asks the platform where the password of a person is to be shown; nil for itself.
    private func federatedDomain(
        of username: String,
        at authority: Authority,
        _ call: Call
    ) async throws -> FederatedDomain? {
        guard authority.kind == .entra, username.contains("@") else { return nil }
        let name = FormEncoding.encode(username).replacing("+", with: "%20")
        let question = authority.base.at(path: "/common/userrealm/\(name)", query: "api-version=1.0")
        do {
            let answer = try await client.get(question, correlationID: call.correlationID)
            // Who refuses the question takes the password itself, and says what is wrong with it.
            return answer.isSuccess ? try FederatedDomain(answer.json, isLocal: authority.base.isLoopback) : nil
        } catch let error as AuthenticationError where error.httpStatus == 404 {
            // A host without user realms, which need not say so in JSON.
            return nil
        }
    }

    /// Exchanges a name and a password for an assertion at the person's federation server.
    private func assertion(
        for username: String,
        _ password: Secret,
        in domain: FederatedDomain,
        isLocal: Bool,
        _ call: Call
    ) async throws -> SAMLAssertion {
        let document = try await client.exchangeXML(
            domain.metadata.request(.get, fields: [.accept: "application/soap+xml, text/xml"]),
            correlationID: call.correlationID
        )
        guard let destination = FederationMetadata(document, isLocal: isLocal).passwordEndpoints.first else {
            throw AuthenticationError(
                .misconfigured,
                .federation,
                "The federation server at \(domain.metadata.host) offers no https endpoint for user names and passwords."
                    + " Enable 'usernamemixed' there, or sign the person in with a browser."
            )
        }
        let request = TrustRequest(
            destination: destination,
            username: username,
            password: password,
            audience: domain.audience
        )
        let answer = try await client.exchangeXML(
            destination.endpoint.request(.post, fields: request.fields),
            request.body(at: time.now, messageID: randomness.uuid()),
            // A wrong password is answered with a status of failure too, and sent twice it counts twice against the
            // account.
            .spendsSomething,
            correlationID: call.correlationID
        )
        return try SAMLAssertion(answer, from: destination.endpoint.host, destination.version)
    }
}

extension TokenRequest {
    /// An assertion of a federation server (RFC 7522 §2.1).
    static func assertion(_ assertion: SAMLAssertion, scopes: [String], claims: String?) -> TokenRequest {
        TokenRequest(
            parameters: [
                ("grant_type", assertion.version.grantType),
                ("assertion", assertion.encoded.reveal()),
                ("scope", scopes.joined(separator: " ")),
            ],
            claims: claims,
            party: .holder(of: assertion.encoded)
        )
    }
}
