// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALAsyncHTTPClient
import MSALCore

/// `msal token`: a token without asking anybody to sign in.
struct TokenCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Get a token: for somebody who signed in, for an application, or on behalf of a caller.",
        discussion: """
            msal token --scope User.Read
            msal token --client-credentials --client-secret-file secret --scope api://claims/.default
            msal token --on-behalf-of-file token --client-certificate api.pem --scope User.Read

            Nobody is asked to sign in: where a sign-in is needed, the command says so and ends with 1. The token itself \
            is shown with --show-token alone. With --client-credentials and --on-behalf-of-file the credential may be set \
            in AZURE_AD_CLIENT_SECRET, AZURE_AD_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE.

            \(Outcome.help)
            """
    )

    /// Which provider and application.
    @OptionGroup(title: "Provider") var provider: ProviderOptions

    /// What the application proves itself with.
    @OptionGroup(title: "Credential") var credential: CredentialOptions

    /// What the token must be good for.
    @Option(
        name: .customLong("scope"),
        help: ArgumentHelp("What the token is for; may be repeated.", valueName: "scope")
    )
    var scopes: [String] = []

    /// Whose token.
    @Option(
        help: ArgumentHelp(
            "Whose token: a home account ID or a user name; needed if there are several.",
            valueName: "who"
        )
    )
    var account: String?

    /// Whether the application asks for itself.
    @Flag(help: "Get a token for the application itself.")
    var clientCredentials = false

    /// The file with the caller's token.
    @Option(
        help: ArgumentHelp(
            "Get a token on behalf of the caller whose access token is in this file; - reads the standard input.",
            valueName: "file"
        ),
        completion: .file()
    )
    var onBehalfOfFile: String?

    /// Whether to ask the provider in any case.
    @Flag(help: "Get a new token even if there is one.")
    var forceRefresh = false

    /// Whether to show the token.
    @Flag(help: "Show the token itself: whoever reads it can use it.")
    var showToken = false

    /// Whether to write JSON.
    @Flag(help: "Write JSON.")
    var json = false

    /// Where the tokens are.
    @OptionGroup(title: "Tokens") var location: CacheLocation

    /// Refuses a call without a scope, and ways to a token that exclude each other.
    func validate() throws {
        guard !scopes.isEmpty else { throw ValidationError("Name at least one --scope.") }
        guard !clientCredentials || onBehalfOfFile == nil else {
            throw ValidationError("--client-credentials and --on-behalf-of-file are two ways to a token; say one.")
        }
        guard account == nil || !clientCredentials && onBehalfOfFile == nil else {
            throw ValidationError("--account is for tokens of somebody who signed in, with neither of the two.")
        }
        guard onBehalfOfFile != "-" || credential.clientSecretFile != "-" else {
            throw ValidationError("The standard input can be read once: the caller's token, or the secret.")
        }
    }

    /// Gets the token and prints what it is.
    func run() async throws {
        let logger = Logger.command("token")
        try await refusing(json: json, cure: cure) {
            let result = try await acquire(logger)
            let report = TokenReport(result: result, showsToken: showToken)
            try Terminal.print(json ? report.json() : report.text(now: Date()))
        }
    }

    /// What helps where somebody must act.
    private var cure: String {
        if clientCredentials { return "Nobody can sign in for an application: its administrator must let it in." }
        if onBehalfOfFile != nil {
            return "Only the caller can help: get a new token as the caller did, and try again."
        }
        return "Sign in with: msal login"
    }

    /// Gets the token in the way that was asked for.
    private func acquire(_ logger: Logger) async throws -> AuthenticationResult {
        if clientCredentials {
            // The store keeps these too, so a refresh passes over it by not giving it along.
            let application = try confidential(try credential.required(), isKept: !forceRefresh, logger)
            return try await application.acquireTokenForClient(scopes: scopes)
        }
        if let onBehalfOfFile {
            // Kept nowhere: the next run has the caller's token again.
            let application = try confidential(try credential.required(), isKept: false, logger)
            let assertion = try Input.secret(inFile: onBehalfOfFile)
            return try await application.acquireTokenOnBehalfOf(assertion, scopes: scopes)
        }
        if let credential = try credential.named() {
            return try await silently(try confidential(credential, isKept: true, logger))
        }
        return try await silently(
            try PublicClientApplication(
                configuration: try provider.configuration(),
                transport: AsyncHTTPClientTransport(),
                tokens: try location.persistence(logger: logger),
                logger: logger
            )
        )
    }

    /// Gets the token of somebody who signed in.
    private func silently<Kind>(_ application: ClientApplication<Kind>) async throws -> AuthenticationResult {
        let account = try await application.accounts().chosen(account, in: location.name)
        return try await application.acquireTokenSilently(scopes: scopes, account: account, forceRefresh: forceRefresh)
    }

    /// The application with its credential.
    private func confidential(
        _ credential: ClientCredential,
        isKept: Bool,
        _ logger: Logger
    ) throws -> ConfidentialClientApplication {
        try ConfidentialClientApplication(
            configuration: try provider.configuration(credential: credential),
            transport: AsyncHTTPClientTransport(),
            tokens: isKept ? try location.persistence(logger: logger) : nil,
            logger: logger
        )
    }
}
