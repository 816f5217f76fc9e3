// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALAsyncHTTPClient
import MSALCore

/// `msal logout`: forgets somebody's tokens.
struct LogoutCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "logout",
        abstract: "Forget the tokens of somebody who signed in to an application.",
        discussion: """
            msal logout
            msal logout --account ada@contoso.com

            The browser stays signed in at the provider. msal cache clear forgets the tokens of all applications.

            \(Outcome.help)
            """
    )

    /// Which provider and application.
    @OptionGroup(title: "Provider") var provider: ProviderOptions

    /// Whose tokens.
    @Option(
        help: ArgumentHelp(
            "Whose tokens: a home account ID or a user name; needed if there are several.",
            valueName: "who"
        )
    )
    var account: String?

    /// Whether everybody is meant.
    @Flag(help: "Forget the tokens of everybody who signed in to the application.")
    var all = false

    /// Whether to write JSON.
    @Flag(help: "Write JSON.")
    var json = false

    /// Where the tokens are.
    @OptionGroup(title: "Tokens") var location: CacheLocation

    /// Refuses one and all at once.
    func validate() throws {
        guard account == nil || !all else { throw ValidationError("--account and --all exclude each other; say one.") }
    }

    /// Forgets.
    func run() async throws {
        let logger = Logger.command("logout")
        try await refusing(json: json) {
            let application = try PublicClientApplication(
                configuration: try provider.configuration(),
                transport: AsyncHTTPClientTransport(),
                tokens: try location.persistence(logger: logger),
                logger: logger
            )
            let accounts = try await application.accounts()
            let leaving = all ? accounts : [try accounts.chosen(account, in: location.name)]
            for account in leaving {
                try await application.removeAccount(account)
            }
            var seen: Set<String> = []
            let people = leaving.filter { seen.insert($0.homeAccountID).inserted }
            if json {
                try Terminal.print(Terminal.json(Answer(signedOut: people)))
            } else if people.isEmpty {
                try Terminal.print("Nobody has signed in.")
            } else {
                try Terminal.print(people.map { "Signed out \(Terminal.plain($0.username))." }.joined(separator: "\n"))
            }
        }
    }

    /// The document for programs.
    private struct Answer: Encodable {
        var signedOut: [Account]
    }
}
