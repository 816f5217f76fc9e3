// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALJWT

/// Validates ID tokens whole (OpenID Connect Core §3.1.3.7): the signature always, whatever the transport.
struct IDTokenValidator: Sendable {
    private let configuration: ApplicationConfiguration
    private let keys: SigningKeys
    private let time: any TimeSource

    init(configuration: ApplicationConfiguration, client: ServiceClient, time: any TimeSource) {
        self.configuration = configuration
        self.time = time
        keys = SigningKeys(client: client, time: time)
    }

    /// What a token must agree with besides the application's settings.
    struct Expectation {
        /// The nonce that was sent; nil for a token that came with a refresh.
        var nonce: String?
        /// The age in seconds that was asked for.
        var maximumAge: Int64?
    }

    /// Validates a token.
    ///
    /// - Throws: ``AuthenticationError`` with the code `idTokenRejected` or `tenantNotAllowed`, or why no keys can be had.
    func validate(
        _ token: String,
        from metadata: ProviderMetadata,
        of authority: Authority,
        expecting expectation: Expectation,
        correlationID: String
    ) async throws -> IDToken {
        do {
            let unverified = try UnverifiedJWT(token)
            let verified = try await keys.verify(
                unverified,
                withKeysAt: metadata.keysEndpoint,
                correlationID: correlationID
            )
            var rules = IDTokenRules(
                issuer: metadata.issuerRule,
                clientID: configuration.clientID,
                nonce: expectation.nonce
            )
            rules.maximumAge = expectation.maximumAge.map { Duration.seconds($0) }
            rules.tenantID = metadata.tenantID
            rules.clockSkew = configuration.clockSkew
            try rules.check(verified, at: time.now)
            try checkTenant(of: verified.claims, authority)
            return IDToken(token: Secret(token), claims: verified.claims)
        } catch let error as JWTError {
            var rejection = AuthenticationError(
                .rejectedToken,
                .idTokenRejected,
                "The ID token was refused: \(error.message)",
                underlying: error
            )
            rejection.correlationID = correlationID
            throw rejection
        }
    }

    private func checkTenant(of claims: JWTClaims, _ authority: Authority) throws(AuthenticationError) {
        guard authority.kind == .entra, case .only(let tenants) = configuration.tenants else { return }
        let tenant = claims.tenantID?.lowercased() ?? ""
        guard tenants.contains(where: { $0.lowercased() == tenant }) else {
            throw AuthenticationError(
                .rejectedToken,
                .tenantNotAllowed,
                "The account's tenant '\(tenant)' is not among those this application accepts."
            )
        }
    }
}
