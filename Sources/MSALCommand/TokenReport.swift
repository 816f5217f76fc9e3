// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALCore

/// What is told of a token that was acquired.
struct TokenReport {
    /// The token and where it came from.
    let result: AuthenticationResult
    /// Whether the token itself is shown.
    let showsToken: Bool

    /// The report for people.
    func text(now: Date) -> String {
        var rows = [("from", Self.name(of: result.source))]
        if let account = result.account { rows.append(("account", account.username)) }
        if !result.tenantID.isEmpty { rows.append(("tenant", result.tenantID)) }
        rows.append(("scopes", result.scopes.joined(separator: " ")))
        rows.append(("token", Terminal.ends(result.expiresOn, now)))
        var lines = rows.map { name, value in
            Terminal.styled(name.padding(toLength: 9, withPad: " ", startingAt: 0), .faint) + Terminal.plain(value)
        }
        if showsToken { lines.append(Terminal.plain(result.accessToken.reveal())) }
        return lines.joined(separator: "\n")
    }

    /// The report for programs.
    func json() throws -> String {
        try Terminal.json(
            Answer(
                source: Self.name(of: result.source),
                homeAccountID: result.account?.homeAccountID,
                username: result.account?.username,
                tenantID: result.tenantID,
                scopes: result.scopes,
                expiresOn: result.expiresOn,
                accessToken: showsToken ? result.accessToken.reveal() : nil
            )
        )
    }

    /// The document for programs.
    private struct Answer: Encodable {
        var source: String
        var homeAccountID, username: String?
        var tenantID: String
        var scopes: [String]
        var expiresOn: Date
        var accessToken: String?
    }

    /// Where a token came from, in a word.
    private static func name(of source: AuthenticationResult.Source) -> String {
        source == .cache ? "cache" : "provider"
    }
}

extension [Account] {
    /// The one account that is meant.
    ///
    /// - Parameters:
    ///   - wanted: a home account ID or a user name; nil where there is only one.
    ///   - place: where the accounts are kept, in words.
    /// - Returns: the account, in its home tenant where the person is known to several.
    /// - Throws: `Refusal` when there is none, or more than one.
    func chosen(_ wanted: String?, in place: String) throws -> Account {
        let wanted = wanted?.lowercased()
        let found = filter { account in
            wanted == nil || account.homeAccountID.lowercased() == wanted || account.username.lowercased() == wanted
        }
        guard let first = found.first else {
            throw Refusal(
                message: isEmpty
                    ? "Nobody has signed in: there is no account in \(place). Sign in with: msal login"
                    : "There is no such account in \(place). msal accounts shows those there are."
            )
        }
        guard Set(found.map(\.homeAccountID)).count == 1 else {
            throw Refusal(message: "There are several accounts. Name one with --account; msal accounts shows them.")
        }
        return found.first { $0.homeAccountID.hasSuffix("." + $0.tenantID) } ?? first
    }
}
