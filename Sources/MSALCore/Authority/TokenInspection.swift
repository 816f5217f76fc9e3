// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Logging
package import MSALJWT

/// Checks tokens of any kind against a provider's keys, for tools that show them.
///
/// An access token is its API's to judge: this says who signed it, and nothing about what it is good for.
package struct TokenInspection: Sendable {
    /// The provider.
    private let authority: Authority
    /// What finds its metadata.
    private let discovery: Discovery
    /// What holds its keys.
    private let keys: SigningKeys

    /// Prepares to ask a provider.
    package init(authority: Authority, transport: any HTTPTransport, time: any TimeSource = SystemTime()) {
        let client = ServiceClient(
            transport: transport,
            timeout: .seconds(30),
            time: time,
            logger: Logger(label: "msal", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        self.authority = authority
        discovery = Discovery(client: client, time: time)
        keys = SigningKeys(client: client, time: time)
    }

    /// What was found out about a token.
    package struct Verdict: Sendable {
        /// Why the signature is not the provider's; nil when it is.
        package var signatureFault: JWTError?
        /// Whether the token names an issuer that the provider speaks for.
        package var isIssuerRight: Bool
        /// The issuer that the provider's metadata announce.
        package var expectedIssuer: String
    }

    /// Checks a token's signature and issuer.
    ///
    /// - Throws: AuthenticationError when the provider cannot be asked.
    package func verdict(on token: UnverifiedJWT) async throws -> Verdict {
        let correlationID = Randomness.system.token()
        let metadata = try await discovery.metadata(of: authority, correlationID: correlationID)
        var verdict = Verdict(isIssuerRight: false, expectedIssuer: metadata.issuer)
        do {
            let verified = try await keys.verify(
                token,
                withKeysAt: metadata.keysEndpoint,
                correlationID: correlationID
            )
            verdict.isIssuerRight = isIssuer(of: verified.claims, metadata)
        } catch let fault as JWTError {
            verdict.signatureFault = fault
        }
        return verdict
    }

    /// Whether claims name the provider's issuer, in the form of their version.
    private func isIssuer(of claims: JWTClaims, _ metadata: ProviderMetadata) -> Bool {
        guard let issuer = claims.issuer else { return false }
        let tenant = claims.tenantID.flatMap { GUID.isValid($0) ? $0 : nil }
        if issuer == metadata.issuer || tenant.map({ metadata.issuer.replacing("{tenantid}", with: $0) }) == issuer {
            return true
        }
        // Access tokens of version 1 come from another host; the metadata of version 2 do not announce it.
        guard authority.kind == .entra, claims["ver"]?.stringValue == "1.0", let tenant, let named = Endpoint(issuer)
        else { return false }
        let isTenantRight = metadata.tenantID.map { $0.lowercased() == tenant.lowercased() } ?? true
        let isHostRight = named.host.hasPrefix("sts.") || named.origin == authority.base.origin
        return isTenantRight && isHostRight && named.path == "/\(tenant)/"
    }
}
