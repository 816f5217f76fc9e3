// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALCore

/// `msal cache list`: who is signed in, and which tokens there are.
struct CacheListCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Show accounts and tokens, without the tokens themselves."
    )

    /// Whether to write JSON.
    @Flag(help: "Write JSON.")
    var json = false

    /// Where the tokens are.
    @OptionGroup var location: CacheLocation

    /// Lists.
    func run() async throws {
        let logger = Logger.command("cache")
        let contents = try await refusing {
            try await TokenStoreContents(of: try location.persistence(logger: logger), logger: logger)
        }
        if json {
            try Terminal.print(Self.json(contents))
        } else {
            try Terminal.print(Self.text(contents, now: Date()))
        }
        if contents.unreadable > 0 {
            notice("\(contents.unreadable) entries could not be opened; is a key missing from the key file?")
        }
    }

    /// The contents for people.
    static func text(_ contents: TokenStoreContents, now: Date) -> String {
        guard !contents.accounts.isEmpty || !contents.tokens.isEmpty || contents.sessions > 0 else {
            return "No tokens."
        }
        var lines = ["Accounts"]
        lines += contents.accounts.map { account in
            let name = account.username.isEmpty ? "(no name)" : Terminal.plain(account.username)
            let place = "tenant \(Terminal.plain(account.tenantID)) at \(Terminal.plain(account.environment))"
            return "  \(name)\n    \(Terminal.plain(account.homeAccountID))\n    \(place)"
        }
        if contents.accounts.isEmpty { lines.append("  none") }
        let people = Dictionary(contents.accounts.map { ($0.homeAccountID, $0.username) }) { first, _ in first }
        // Two people may have the same name, at two providers for example.
        let names = people.filter { person in people.values.count { $0 == person.value } == 1 }
        var client: String?
        for token in contents.tokens {
            if token.clientID != client {
                client = token.clientID
                lines.append("Application \(Terminal.plain(token.clientID))")
            }
            let name = names[token.homeAccountID].flatMap { $0.isEmpty ? nil : $0 } ?? token.homeAccountID
            let holder = token.homeAccountID.isEmpty ? "the application's own" : "of \(Terminal.plain(name))"
            lines.append("  \(token.kind.rawValue) token \(holder)")
            if !token.scopes.isEmpty { lines.append("    " + Terminal.plain(token.scopes.joined(separator: " "))) }
            if let end = token.expiresOn { lines.append("    \(Terminal.ends(end, now))") }
        }
        if contents.sessions > 0 {
            lines.append("\(contents.sessions) \(contents.sessions == 1 ? "session" : "sessions") on behalf of callers")
        }
        return lines.joined(separator: "\n")
    }

    /// The contents for programs.
    static func json(_ contents: TokenStoreContents) throws -> String {
        struct Token: Encodable {
            var kind, clientID, homeAccountID, environment, tenantID: String
            var scopes: [String]
            var expiresOn: Date?
        }
        struct Listing: Encodable {
            var accounts: [Account]
            var tokens: [Token]
            var onBehalfOfSessions: Int
            var unreadableEntries: Int
        }
        let listing = Listing(
            accounts: contents.accounts,
            tokens: contents.tokens.map { token in
                Token(
                    kind: token.kind.rawValue,
                    clientID: token.clientID,
                    homeAccountID: token.homeAccountID,
                    environment: token.environment,
                    tenantID: token.tenant,
                    scopes: token.scopes,
                    expiresOn: token.expiresOn
                )
            },
            onBehalfOfSessions: contents.sessions,
            unreadableEntries: contents.unreadable
        )
        return try Terminal.json(listing)
    }
}
