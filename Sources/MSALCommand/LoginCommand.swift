// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALAsyncHTTPClient
import MSALCore

/// `msal login`: signs somebody in and keeps their tokens.
struct LoginCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "login",
        abstract: "Sign in, and keep the tokens for later.",
        discussion: """
            msal login --tenant contoso.com --client-id … --scope User.Read
            msal login --device-code

            A browser is opened; over ssh or without one you get a code to enter on any device. The application must be \
            registered as a public client, with the redirect URI http://localhost for mobile and desktop applications.

            \(Outcome.help)
            """
    )

    /// Which provider and application.
    @OptionGroup(title: "Provider") var provider: ProviderOptions

    /// What to ask for.
    @Option(
        name: .customLong("scope"),
        help: ArgumentHelp("What to ask for, of one API; may be repeated.", valueName: "scope")
    )
    var scopes: [String] = []

    /// What to consent to besides.
    @Option(
        name: .customLong("extra-scope"),
        help: ArgumentHelp("A scope of another API to consent to at once; may be repeated.", valueName: "scope")
    )
    var extraScopes: [String] = []

    /// Whether to do without a browser here.
    @Flag(help: "Sign in with a code on any device.")
    var deviceCode = false

    /// The user name to offer.
    @Option(help: ArgumentHelp("The user name to offer.", valueName: "name"))
    var loginHint: String?

    /// The domain to go to.
    @Option(help: ArgumentHelp("The domain whose sign-in page to go to at once.", valueName: "domain"))
    var domainHint: String?

    /// How the provider asks.
    @Option(help: ArgumentHelp("login, select_account, consent or create.", valueName: "how"))
    var prompt: String?

    /// The file with a claims challenge.
    @Option(
        help: ArgumentHelp(
            "A file with the claims challenge of an API; - reads the standard input.",
            valueName: "file"
        ),
        completion: .file()
    )
    var claimsFile: String?

    /// How long to wait for the browser.
    @Option(help: ArgumentHelp("How long to wait for the browser.", valueName: "seconds"))
    var timeLimit = 300

    /// Whether to show the token.
    @Flag(help: "Show the access token: whoever reads it can use it.")
    var showToken = false

    /// Whether to write JSON.
    @Flag(help: "Write JSON.")
    var json = false

    /// Where to keep the tokens.
    @OptionGroup(title: "Tokens") var location: CacheLocation

    /// What the provider can be made to ask.
    private static let prompts = ["login", "select_account", "consent", "create"]

    /// Refuses a time limit or a prompt that is none, and what a device code cannot carry.
    func validate() throws {
        guard (1...900).contains(timeLimit) else {
            throw ValidationError("--time-limit must be a number of seconds from 1 to 900, not \(timeLimit).")
        }
        if let prompt, !Self.prompts.contains(prompt) {
            throw ValidationError("--prompt must be one of \(Self.prompts.joined(separator: ", ")), not \(prompt).")
        }
        let isForBrowsers = loginHint != nil || domainHint != nil || prompt != nil || !extraScopes.isEmpty
        guard !deviceCode || !isForBrowsers else {
            throw ValidationError(
                "--login-hint, --domain-hint, --prompt and --extra-scope are for browsers and not for --device-code."
            )
        }
    }

    /// Signs in and prints who did.
    func run() async throws {
        let logger = Logger.command("login")
        try await refusing(json: json) {
            let application = try PublicClientApplication(
                configuration: try provider.configuration(),
                transport: AsyncHTTPClientTransport(),
                tokens: try location.persistence(logger: logger),
                logger: logger
            )
            let result = try await signIn(application)
            let report = TokenReport(result: result, showsToken: showToken)
            if json {
                try Terminal.print(report.json())
            } else {
                let name = Terminal.plain(result.account?.username ?? "")
                try Terminal.print(
                    Terminal.styled("Signed in as \(name.isEmpty ? "somebody without a name" : name).", .good)
                )
                try Terminal.print(report.text(now: Date()))
                try Terminal.print("The tokens are kept in \(Terminal.plain(location.name)).")
            }
        }
    }

    /// Signs in, with a browser or with a code.
    private func signIn(_ application: PublicClientApplication) async throws -> AuthenticationResult {
        let claims = try claimsFile.map { try Input.text(of: $0) }
        if deviceCode {
            let flow = try await application.startDeviceCodeFlow(scopes: scopes, claims: claims)
            notice(Terminal.plain(flow.instruction))
            return try await waiting(for: "the code to be entered") {
                try await application.acquireToken(completing: flow)
            }
        }
        var options = AuthorizationOptions()
        options.prompt = prompt.map { Prompt(rawValue: $0) }
        options.loginHint = loginHint
        options.domainHint = domainHint
        options.extraScopesToConsent = extraScopes
        options.claims = claims
        var signIn = InteractiveSignIn.systemBrowser { notice(Terminal.plainLines($0.description)) }
        signIn.timeLimit = .seconds(timeLimit)
        return try await waiting(for: "the sign-in") { [signIn, options] in
            try await application.acquireTokenInteractively(scopes: scopes, options: options, with: signIn)
        }
    }
}
