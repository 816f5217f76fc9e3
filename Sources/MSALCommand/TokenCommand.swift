// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALAsyncHTTPClient
import MSALCore

/// `msal token`: a token for somebody who signed in before.
struct TokenCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Get a token for somebody who signed in before, from the cache or by refresh.",
        discussion: """
            Nobody is asked to sign in: where a sign-in is needed, the command says so and ends with 1. The token itself \
            is shown with --show-token alone.
            """
    )

    /// The provider.
    @Option(help: ArgumentHelp("The provider and tenant.", valueName: "url"))
    var authority: String

    /// The application.
    @Option(name: .customLong("client-id"), help: ArgumentHelp("The application (client) ID.", valueName: "id"))
    var clientID: String

    /// The file with the application's secret.
    @Option(help: ArgumentHelp("A file with the application's secret.", valueName: "file"))
    var clientSecretFile: String?

    /// The variable with the application's secret.
    @Option(
        help: ArgumentHelp("The environment variable with the application's secret.", valueName: "name")
    )
    var clientSecretEnv: String?

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
    @OptionGroup var location: CacheLocation

    /// Refuses a call without a scope or with two secrets.
    func validate() throws {
        guard !scopes.isEmpty else { throw ValidationError("Name at least one --scope.") }
        guard (clientSecretFile == nil) != (clientSecretEnv == nil) else {
            throw ValidationError("Name the application's secret with --client-secret-file or --client-secret-env.")
        }
    }

    /// Gets the token and prints what it is.
    func run() async throws {
        let logger = Logger.command("token")
        try await refusing {
            let application = try ConfidentialClientApplication(
                configuration: ApplicationConfiguration(
                    clientID: clientID,
                    authority: try Authority(authority),
                    credential: .secret(try secret()),
                    tenants: .any
                ),
                transport: AsyncHTTPClientTransport(),
                tokens: try location.persistence(logger: logger),
                logger: logger
            )
            let account = try choose(among: try await application.accounts())
            let result = try await application.acquireTokenSilently(
                scopes: scopes,
                account: account,
                forceRefresh: forceRefresh
            )
            print(try json ? Self.json(result, showsToken: showToken) : text(result))
        }
    }

    /// The account that is meant.
    private func choose(among accounts: [Account]) throws -> Account {
        let wanted = account?.lowercased()
        let found = accounts.filter { account in
            wanted == nil || account.homeAccountID.lowercased() == wanted || account.username.lowercased() == wanted
        }
        guard let first = found.first else {
            throw Refusal(
                message: accounts.isEmpty
                    ? "Nobody has signed in: there is no account in \(location.name)."
                    : "There is no such account in \(location.name). msal cache list shows those there are."
            )
        }
        guard Set(found.map(\.homeAccountID)).count == 1 else {
            throw Refusal(message: "There are several accounts. Name one with --account; msal cache list shows them.")
        }
        // In the home tenant where the person is known to several.
        return found.first { $0.homeAccountID.hasSuffix("." + $0.tenantID) } ?? first
    }

    /// The application's secret.
    private func secret() throws -> Secret {
        if let name = clientSecretEnv {
            guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
                throw Refusal(message: "The environment variable \(name) is not set.")
            }
            return Secret(value)
        }
        let path = clientSecretFile ?? ""
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Refusal(message: "The file \(path) cannot be read.")
        }
        return Secret(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The result for people.
    private func text(_ result: AuthenticationResult) -> String {
        var lines = [
            "from     " + Self.name(of: result.source),
            "account  " + Terminal.plain(result.account?.username ?? ""),
            "tenant   " + Terminal.plain(result.tenantID),
            "scopes   " + Terminal.plain(result.scopes.joined(separator: " ")),
            "token    " + Terminal.ends(result.expiresOn, Date()),
        ]
        if showToken { lines.append(result.accessToken.reveal()) }
        return lines.joined(separator: "\n")
    }

    /// The result for programs.
    private static func json(_ result: AuthenticationResult, showsToken: Bool) throws -> String {
        struct Answer: Encodable {
            var source: String
            var homeAccountID, username: String?
            var tenantID: String
            var scopes: [String]
            var expiresOn: Date
            var accessToken: String?
        }
        return try Terminal.json(
            Answer(
                source: name(of: result.source),
                homeAccountID: result.account?.homeAccountID,
                username: result.account?.username,
                tenantID: result.tenantID,
                scopes: result.scopes,
                expiresOn: result.expiresOn,
                accessToken: showsToken ? result.accessToken.reveal() : nil
            )
        )
    }

    /// Where a token came from, in a word.
    private static func name(of source: AuthenticationResult.Source) -> String {
        source == .cache ? "cache" : "provider"
    }
}
