// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import MSALJWT

/// Finds out which application calls the token endpoint, and whether it is that one (RFC 6749 §2.3).
struct ClientAuthentication: Sendable {
    /// What all endpoints share.
    let platform: Platform

    /// What `Authorization: Basic` carries.
    private struct Credential {
        /// The client ID.
        let clientID: String
        /// The secret.
        let secret: String
    }

    /// The application, its secret or assertion checked when it has one.
    func client(
        _ incoming: Incoming,
        _ form: Parameters,
        _ segment: TenantSegment
    ) async throws(PlatformError) -> AuthenticatedClient {
        let basic = try basic(incoming.headers)
        let methods = [basic?.secret, form["client_secret"], form["client_assertion"]].compactMap { $0 }
        guard methods.count < 2 else { throw .malformed("Use one client authentication method, not two.") }
        if let basic, let clientID = form["client_id"], GUID(clientID) != GUID(basic.clientID) {
            throw .malformed("The parameter 'client_id' and the Authorization header name different applications.")
        }
        guard let clientID = basic?.clientID ?? form["client_id"] else { throw .missing("client_id") }
        let application = try platform.client(clientID, at: segment)
        guard application.isConfidential else {
            if !methods.isEmpty { throw .credentialOfPublicClient }
            return AuthenticatedClient(application: application, proof: .none)
        }
        if let assertion = form["client_assertion"] {
            try await check(assertion, form["client_assertion_type"], of: application, incoming, segment)
            return AuthenticatedClient(application: application, proof: .assertion)
        }
        guard let secret = methods.first else {
            guard application.needsNoCredential(for: form["grant_type"]) else { throw .credentialMissing }
            return AuthenticatedClient(application: application, proof: .none)
        }
        try check(secret, of: application)
        return AuthenticatedClient(application: application, proof: .secret)
    }

    /// Compares with every secret, so that the time tells nothing.
    private func check(_ secret: String, of application: Application) throws(PlatformError) {
        let now = platform.now()
        var isKnown = false
        var isAlive = false
        for candidate in application.secrets {
            let matches = candidate.value.matches(secret)
            isKnown = isKnown || matches
            isAlive = isAlive || matches && (candidate.expires ?? .distantFuture) > now
        }
        guard isKnown else { throw .secretWrong(application.id) }
        guard isAlive else { throw .secretExpired(application.id) }
    }

    /// Checks an assertion: the application's own names it as issuer, any other is a federated one.
    private func check(
        _ text: String,
        _ type: String?,
        of application: Application,
        _ incoming: Incoming,
        _ segment: TenantSegment
    ) async throws(PlatformError) {
        guard let type else { throw .missing("client_assertion_type") }
        guard type == ClientAssertion.type else { throw .assertionTypeUnknown(type) }
        let assertion = try ClientAssertion(text)
        if let issuer = assertion.claims.issuer, GUID(issuer) == nil {
            try await FederatedAssertionCheck(
                platform: platform,
                client: application,
                tenantID: segment.tenantID,
                base: incoming.base
            )
            .check(assertion)
            return
        }
        // The tenant by GUID or as the client called it, since both are addresses of the endpoint.
        let roots = [segment.path, incoming.tenantName].map { "\(incoming.base)/\($0)" }
        try await CertificateAssertionCheck(
            platform: platform,
            client: application,
            audiences: Set(roots.flatMap { ["\($0)/oauth2/v2.0/token", "\($0)/v2.0"] })
        )
        .check(assertion)
    }

    /// Reads the header; both halves are form-encoded inside the base64 (RFC 6749 §2.3.1).
    private func basic(_ headers: HTTPFields) throws(PlatformError) -> Credential? {
        let values = headers[values: .authorization]
        guard let value = values.first else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard values.count == 1, parts.count == 2, parts[0].lowercased() == "basic",
            let decoded = Data(base64Encoded: String(parts[1])),
            let colon = decoded.firstIndex(of: UInt8(ascii: ":")),
            let clientID = Parameters.decode(decoded[..<colon]),
            let secret = Parameters.decode(decoded[decoded.index(after: colon)...]),
            !clientID.isEmpty, !secret.isEmpty
        else { throw .malformed("The Authorization header is not of the form 'Basic base64(id:secret)'.") }
        return Credential(clientID: clientID, secret: secret)
    }
}
