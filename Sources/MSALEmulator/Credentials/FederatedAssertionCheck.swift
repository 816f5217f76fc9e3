// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// A federated identity credential, or what stands for one between an agent and its blueprint.
struct FederatedCredential: Sendable, Hashable {
    /// The issuer; one that starts with a slash is this emulator's own.
    let issuer: String
    /// The subject.
    let subject: String
    /// The audience.
    let audience: String
}

/// Checks an assertion of another issuer against an application's federated identity credentials.
struct FederatedAssertionCheck: Sendable {
    /// What all endpoints share.
    let platform: Platform
    /// The application.
    let client: Application
    /// The tenant.
    let tenantID: GUID?
    /// What addresses start with.
    let base: BaseURL

    /// Checks issuer, audience and subject letter by letter, then the signature, then the time.
    func check(_ assertion: ClientAssertion) async throws(PlatformError) {
        let credentials = credentials
        guard !credentials.isEmpty else { throw .federationUnset(client) }
        let issuer = assertion.claims.issuer ?? ""
        let own = OwnIssuer(issuer, base: base, directory: platform.directory)
        let ofIssuer = credentials.filter { credential in
            credential.issuer.hasPrefix("/") ? credential.issuer == own?.path : credential.issuer == issuer
        }
        guard !ofIssuer.isEmpty else { throw .federationMismatch(.issuer, issuer) }
        let isOwn = own?.base.authority == base.authority || ofIssuer.contains { $0.issuer.hasPrefix("/") }
        if isOwn, own?.kind == .tenant, !AccessTokenKind(assertion.claims).isApplication { throw .federationOfPerson }
        let audiences = assertion.claims.audience
        guard audiences.count < 2 else { throw .assertionAudiences(audiences.count) }
        let audience = audiences.first.map { TokenExchange.audience($0) } ?? ""
        let forAudience = ofIssuer.filter { $0.audience == audience }
        guard !forAudience.isEmpty else { throw .federationMismatch(.audience, audience) }
        let subject = assertion.claims.subject ?? ""
        guard forAudience.contains(where: { $0.subject == subject }) else {
            throw .federationMismatch(.subject, subject)
        }
        let keys = try await keys(of: issuer, isOwn ? own : nil)
        // Kubernetes and its like sign with RS256, and the platform takes nothing else from them.
        guard (try? keys.verify(assertion.token, allowing: [.rs256])) != nil else {
            throw .assertionKeyUnknown("No key of the issuer signed the assertion.", nil)
        }
        try assertion.checkTime(at: platform.now())
    }

    /// The application's credentials; an agent trusts what its blueprint gets for it.
    private var credentials: [FederatedCredential] {
        let listed = client.credentials.federated
        guard let blueprint = client.credentials.blueprintID, let tenantID else { return listed }
        let agent = FederatedCredential(
            issuer: "/\(tenantID)/v2.0",
            subject: TokenExchange.subject(tenantID: tenantID, clientID: blueprint, path: client.id.text),
            audience: TokenExchange.standard.identifierURI
        )
        return listed + [agent]
    }

    /// The keys of an issuer: at hand for this emulator's own, asked for otherwise.
    private func keys(of issuer: String, _ own: OwnIssuer?) async throws(PlatformError) -> JSONWebKeySet {
        switch own?.kind {
        case .tenant: return platform.keys.verifier
        case .workload: return platform.workloads.verifier
        case nil: break
        }
        do {
            return try JSONWebKeySet(parsing: try await platform.configuration.issuerKeys(issuer))
        } catch {
            throw .federationKeysMissing(issuer)
        }
    }
}

/// One of this emulator's issuers, by whichever of its addresses it was asked.
struct OwnIssuer: Sendable {
    /// The kinds.
    enum Kind: Sendable, Hashable {
        /// A tenant's, which signs access tokens.
        case tenant
        /// A made-up cluster's.
        case workload
    }

    /// What its address starts with.
    let base: BaseURL
    /// The path, which names it: a token may be fetched by http and shown by https.
    let path: String
    /// The kind.
    let kind: Kind

    /// Recognizes an issuer; nil for one of somebody else.
    init?(_ issuer: String, base: BaseURL, directory: Directory) {
        let parts = issuer.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let address = BaseURL("\(parts[0])//\(parts[2])"),
            address.authority == base.authority || BaseURL.isLoopback(address.host)
        else { return nil }
        self.base = address
        path = "/\(parts[3])"
        let names = parts[3].split(separator: "/", omittingEmptySubsequences: false)
        if names.count == 2, names[0] == WorkloadIssuer.segment {
            kind = .workload
        } else if names.count == 2, names[1] == "v2.0", directory.tenant(String(names[0])) != nil {
            kind = .tenant
        } else {
            return nil
        }
    }
}
