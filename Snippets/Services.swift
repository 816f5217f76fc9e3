// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import MSALAsyncHTTPClient
import MSALCore

// snippet.client-credentials
/// A daemon calls an API as itself: from the cache, renewed in the background.
func callGraph(_ application: ConfidentialClientApplication) async throws -> String {
    let result = try await application.acquireTokenForClient(scopes: ["https://graph.microsoft.com/.default"])
    return result.authorizationHeader
}
// snippet.end

// snippet.tenants
/// One application for many tenants: each keeps tokens of its own.
func callGraph(
    _ application: ConfidentialClientApplication,
    in tenants: [String]
) async throws -> [AuthenticationResult] {
    var results: [AuthenticationResult] = []
    for tenant in tenants {
        results.append(
            try await application.acquireTokenForClient(
                scopes: ["https://graph.microsoft.com/.default"],
                tenant: tenant
            )
        )
    }
    return results
}
// snippet.end

// snippet.on-behalf-of
/// A web API calls the next one for its caller, whose token it has validated.
func callGraph(
    _ application: ConfidentialClientApplication,
    for callersToken: Secret
) async throws -> AuthenticationResult {
    try await application.acquireTokenOnBehalfOf(callersToken, scopes: ["https://graph.microsoft.com/User.Read"])
}
// snippet.end

// snippet.long-running
/// Work that goes on after the caller's token has ended, under a key that only the job knows; with a store another process can
/// go on with it.
func export(_ application: ConfidentialClientApplication, for callersToken: Secret) async throws {
    let scopes = ["https://graph.microsoft.com/Files.Read"]
    let (_, key) = try await application.startLongRunningOnBehalfOf(callersToken, scopes: scopes)
    for page in 1...100 {
        let result = try await application.continueLongRunningOnBehalfOf(sessionKey: key, scopes: scopes)
        print("page \(page), with a token until \(result.expiresOn)")
    }
    try await application.stopLongRunningOnBehalfOf(sessionKey: key)
}
// snippet.end

// snippet.agent
/// An agent reads its user's mail: three exchanges in one call, each from the cache where it can be.
func readMail(_ blueprint: ConfidentialClientApplication, asAgent agentID: String) async throws -> AuthenticationResult
{
    try await blueprint.acquireTokenForAgent(agentID, on: .username("ada@contoso.example"), scopes: ["Mail.Read"])
}
// snippet.end

// snippet.agent-legs
/// The same leg by leg, where the instance's token comes from elsewhere.
func readMail(
    _ agent: ConfidentialClientApplication,
    with instanceToken: Secret
) async throws -> AuthenticationResult {
    try await agent.acquireToken(
        byUserFederatedIdentityCredential: instanceToken,
        of: .objectID("11111111-2222-4333-8444-555555555555"),
        scopes: ["Mail.Read"]
    )
}
// snippet.end

// snippet.credentials
/// A certificate from a PEM file, found in Entra ID by its subject name and issuer.
func certificateCredential() throws -> ClientCredential {
    let certificate = try ClientCertificate(pemFile: "daemon.pem", passphrase: Secret("…"), sendsX5C: true)
    return .certificate(certificate)
}

/// A certificate from a PFX file, with its chain.
func pfxCredential() throws -> ClientCredential {
    .certificate(try .pfx(file: "daemon.pfx", passphrase: Secret("…")))
}

/// The identity of a pod: the file that its cluster keeps fresh is read for each request.
func workloadCredential() throws -> ClientCredential {
    try .workloadIdentity()
}
// snippet.end

// snippet.credential-callbacks
/// A secret that changes without a restart: when the provider refuses the client, it is asked for once more.
func rotatingSecret(from vault: some KeyVault) -> ClientCredential {
    .secret { try await vault.secret(named: "client-secret") }
}

/// A key that never leaves its vault, which signs for the application.
func remoteKey(in vault: some KeyVault, _ certificate: ClientCertificate) -> ClientCredential {
    .signing(certificate) { bytes, algorithm in
        try await vault.sign(bytes, by: algorithm.rawValue)
    }
}

/// An assertion that somebody else signs: a federated identity credential.
func federated(with vault: some KeyVault) -> ClientCredential {
    .assertion { request in
        try await vault.secret(named: "assertion-for-\(request.tenant)")
    }
}

/// What the three ask; yours goes to where your keys are.
protocol KeyVault: Sendable {
    /// A secret by its name.
    func secret(named name: String) async throws -> Secret
    /// A signature over bytes.
    func sign(_ bytes: [UInt8], by algorithm: String) async throws -> [UInt8]
}
// snippet.end

// snippet.token-provider
/// Tokens that another part of the system issues, behind the library's cache and single flight.
func makeApplication(askingFor tokens: @escaping TokenProvider) throws -> ConfidentialClientApplication {
    var configuration = ApplicationConfiguration(
        clientID: "6731de76-14a6-49ae-97bc-6eba6914391e",
        authority: try .entra(tenant: "contoso.onmicrosoft.com")
    )
    configuration.tokenProvider = tokens
    return try ConfidentialClientApplication(configuration: configuration, transport: .asyncHTTPClient)
}
// snippet.end

// snippet.signed-requests
/// A request that only the holder of the key could have sent, with a token that is worth nothing without it.
func sign(
    _ request: HTTPRequest,
    _ application: ConfidentialClientApplication,
    with proof: ProofOfPossession
) async throws -> HTTPRequest {
    var options = RequestOptions()
    options.binding = .signedRequests(proof)
    let token = try await application.acquireTokenForClient(scopes: ["api://claims/.default"], options: options)
    var signed = request
    signed.headerFields[.authorization] =
        try proof.authorization(for: request, accessToken: token.accessToken).reveal()
    return signed
}
// snippet.end

// snippet.tls-client-certificate
/// An application that proves itself by the certificate of its connections, with tokens that are bound to it.
func callGraph(with certificate: ClientCertificate) async throws -> AuthenticationResult {
    let application = try ConfidentialClientApplication(
        clientID: "6731de76-14a6-49ae-97bc-6eba6914391e",
        authority: .entra(tenant: "contoso.onmicrosoft.com"),
        credential: .tlsClientCertificate,
        transport: try AsyncHTTPClientTransport(clientCertificate: certificate)
    )
    var options = RequestOptions()
    options.binding = .tlsClientCertificate(certificate)
    return try await application.acquireTokenForClient(
        scopes: ["https://graph.microsoft.com/.default"],
        options: options
    )
}
// snippet.end

// snippet.configuration
/// Settings besides the three that every application has.
func configure(_ credential: ClientCredential) throws -> ApplicationConfiguration {
    var configuration = ApplicationConfiguration(
        clientID: "6731de76-14a6-49ae-97bc-6eba6914391e",
        authority: try .entra(tenant: "contoso.onmicrosoft.com"),
        credential: credential
    )
    configuration.capabilities = ["cp1"]
    configuration.region = .automatic
    configuration.timeout = .seconds(10)
    configuration.applicationName = "nightly-report"
    return configuration
}
// snippet.end

// snippet.authorities
/// Whom to trust: a tenant of a cloud, External ID, B2C, AD FS, or any OpenID Connect provider.
func authorities() throws -> [Authority] {
    [
        try .entra(tenant: "contoso.onmicrosoft.com"),
        try .entra(tenant: "contoso.us", instance: "https://login.microsoftonline.us"),
        try Authority("https://contoso.ciamlogin.com"),
        try Authority("https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_sign_in"),
        try Authority("https://fs.contoso.com/adfs"),
        try .openIDConnect(issuer: "https://accounts.example.com"),
    ]
}
// snippet.end
