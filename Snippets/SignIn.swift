// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import MSALAsyncHTTPClient
import MSALCore

// snippet.web-application
/// A web app: it can keep a secret, and gets its tokens by authorization code.
func makeWebApplication(secret: Secret) throws -> ConfidentialClientApplication {
    try ConfidentialClientApplication(
        clientID: "6731de76-14a6-49ae-97bc-6eba6914391e",
        authority: .entra(tenant: "contoso.onmicrosoft.com"),
        credential: .secret(secret),
        transport: .asyncHTTPClient
    )
}
// snippet.end

// snippet.public-application
/// A command line tool: it runs on its users' machines, and has no secret to keep.
func makeCommandLineApplication() throws -> PublicClientApplication {
    let keys = try KeyRing.file(at: "/var/lib/tool/key")
    return try PublicClientApplication(
        clientID: "9b1f6f3d-0a52-4c0f-a3a5-5d5f2a3c9d11",
        authority: .entra(tenant: "organizations"),
        tenants: .any,
        transport: .asyncHTTPClient,
        tokens: TokenPersistence(
            store: EncryptedFileTokenStore(path: "/var/lib/tool/tokens", keys: keys),
            keys: keys
        )
    )
}
// snippet.end

// snippet.authorization-code-start
/// The first leg: where the browser goes, and the flow that is kept, sealed, until it comes back.
func startSignIn(_ application: ConfidentialClientApplication) async throws -> AuthorizationCodeFlow {
    var options = AuthorizationOptions()
    options.prompt = .selectAccount
    options.loginHint = "ada@contoso.example"
    return try await application.startAuthorizationCodeFlow(
        scopes: ["User.Read"],
        redirectURI: "https://portal.example/auth/callback",
        options: options
    )
}
// snippet.end

// snippet.authorization-code-finish
/// The second leg: what the browser posted to the redirect URI, against the flow that was kept.
func finishSignIn(
    _ application: ConfidentialClientApplication,
    _ flow: AuthorizationCodeFlow,
    postedForm: String
) async throws -> Account? {
    let response = try AuthorizationResponse(form: postedForm)
    let result = try await application.acquireToken(completing: flow, with: response)
    return result.account
}
// snippet.end

// snippet.silent
/// Later: from the cache, or with the refresh token, for any API that was consented to.
func readMail(_ application: ConfidentialClientApplication, of account: Account) async throws -> String {
    let result = try await application.acquireTokenSilently(scopes: ["Mail.Read"], account: account)
    return result.authorizationHeader
}
// snippet.end

// snippet.silent-challenge
/// After a 401 of an API: its challenge goes into the next request for a token.
func answer(
    _ challenges: [String],
    for account: Account,
    with application: ConfidentialClientApplication
) async throws -> AuthenticationResult {
    let challenge = BearerChallenge(among: AuthenticateChallenge.read(challenges))
    return try await application.acquireTokenSilently(
        scopes: ["Mail.Read"],
        account: account,
        claims: challenge?.claims
    )
}
// snippet.end

// snippet.device-code
/// A sign-in on another device: the code is shown, and the call waits until it was entered there.
func signInElsewhere(_ application: PublicClientApplication) async throws -> Account? {
    let flow = try await application.startDeviceCodeFlow(scopes: ["User.Read"])
    print("Open \(flow.verificationURI) and enter \(flow.userCode).")
    return try await application.acquireToken(completing: flow).account
}
// snippet.end

// snippet.interactive
/// The person signs in with the browser of this machine; the notice goes to the standard error.
func signInHere(_ application: PublicClientApplication) async throws -> Account? {
    try await application.acquireTokenInteractively(scopes: ["User.Read"]).account
}
// snippet.end

// snippet.interactive-own
/// The same with words of one's own, and two minutes for the person.
func signInHere(
    _ application: PublicClientApplication,
    show: @escaping @Sendable (String) -> Void
) async throws -> Account? {
    var signIn = InteractiveSignIn.systemBrowser { show("\($0)") }
    signIn.timeLimit = .seconds(120)
    return try await application.acquireTokenInteractively(scopes: ["User.Read"], with: signIn).account
}
// snippet.end

// snippet.refresh-token
/// A refresh token from elsewhere is redeemed, and what comes is kept like after a sign-in.
func move(_ refreshToken: Secret, to application: ConfidentialClientApplication) async throws -> Account? {
    try await application.acquireToken(byRefreshToken: refreshToken, scopes: ["User.Read"]).account
}
// snippet.end

// snippet.password
/// For tests against a tenant of one's own, and nothing else.
@available(*, deprecated, message: "Passwords belong to the provider.")
func signInTestUser(_ application: PublicClientApplication, password: Secret) async throws -> AuthenticationResult {
    try await application.acquireToken(
        username: "test@contoso.onmicrosoft.com",
        password: password,
        scopes: ["User.Read"]
    )
}
// snippet.end

// snippet.sign-out
/// The tokens go here, and the browser goes to the provider, which ends its session too.
func signOut(_ application: ConfidentialClientApplication, _ account: Account) async throws -> String? {
    let url = try await application.endSessionURL(
        for: account,
        postLogoutRedirectURI: "https://portal.example/auth/signed-out"
    )
    try await application.removeAccount(account)
    return url
}
// snippet.end

// snippet.errors
/// The kind of an error says what to do; its message is made to be read.
func whatToDo(about error: AuthenticationError) -> String {
    switch error.kind {
    case .interactionRequired:
        "Sign in again, with these claims: \(error.claims ?? "none")"
    case .throttled:
        "Wait for \(error.retryAfter ?? .seconds(60))."
    case .transient:
        "Try again later."
    case .misconfigured, .invalidCall:
        "Tell whoever runs this: \(error.message) (\(error.correlationID ?? "never sent"))"
    default:
        error.message
    }
}
// snippet.end

// snippet.explain
/// A number out of a log, in words.
func explain(_ pasted: String) -> [String] {
    AADSTSExplanation.numbers(in: pasted).compactMap { number in
        AADSTSExplanation(number: number).map { "AADSTS\(number): \($0.cause) \($0.cure)" }
    }
}
// snippet.end
