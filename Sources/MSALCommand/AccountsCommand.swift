// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALCore

/// `msal accounts`: who has signed in.
struct AccountsCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "accounts",
        abstract: "Show who has signed in, and to which applications.",
        discussion: "msal cache list shows their tokens too.\n\n\(Outcome.help)"
    )

    /// Whether to write JSON.
    @Flag(help: "Write JSON.")
    var json = false

    /// Where the tokens are.
    @OptionGroup(title: "Tokens") var location: CacheLocation

    /// Lists.
    func run() async throws {
        let logger = Logger.command("accounts")
        try await refusing(json: json) {
            let contents = try await TokenStoreContents(of: try location.persistence(logger: logger), logger: logger)
            let rows = Self.rows(contents)
            try Terminal.print(json ? Terminal.json(rows) : Self.text(rows, in: location.name))
            if contents.unreadable > 0 {
                notice("\(contents.unreadable) entries could not be opened; is a key missing from the key file?")
            }
        }
    }

    /// An account with the applications it signed in to.
    struct Row: Encodable {
        var username: String
        var name: String?
        var homeAccountID, tenantID, environment: String
        var clientIDs: [String]
    }

    /// The accounts of a store.
    private static func rows(_ contents: TokenStoreContents) -> [Row] {
        contents.accounts.map { account in
            let tokens = contents.tokens.filter {
                $0.homeAccountID == account.homeAccountID && $0.environment == account.environment
            }
            return Row(
                username: account.username,
                name: account.name,
                homeAccountID: account.homeAccountID,
                tenantID: account.tenantID,
                environment: account.environment,
                clientIDs: Set(tokens.map(\.clientID)).sorted()
            )
        }
    }

    /// The accounts for people.
    private static func text(_ rows: [Row], in place: String) -> String {
        guard !rows.isEmpty else {
            return "Nobody has signed in: there is no account in \(Terminal.plain(place)). Sign in with: msal login"
        }
        return rows.map { row in
            let name = row.username.isEmpty ? "(no name)" : Terminal.plain(row.username)
            let details = [
                ("account", row.homeAccountID), ("tenant", row.tenantID), ("provider", row.environment),
                ("application", row.clientIDs.joined(separator: " ")),
            ].filter { !$0.1.isEmpty }
            return
                ([Terminal.styled(name, .strong)]
                + details.map { name, value in
                    "  " + Terminal.styled(name.padding(toLength: 13, withPad: " ", startingAt: 0), .faint)
                        + Terminal.plain(value)
                }).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
