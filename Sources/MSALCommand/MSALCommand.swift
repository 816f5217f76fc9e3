// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import MSALCore

/// The `msal` tool.
@main
struct MSALCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "msal",
        abstract: "Tools for the Microsoft identity platform, from swift-msal.",
        discussion: """
            export AZURE_AD_TENANT_ID=contoso.com AZURE_AD_CLIENT_ID=…
            msal login --scope User.Read
            msal token --scope User.Read --json
            msal explain AADSTS50011

            Tokens are kept sealed in a file of yours, and shown with --show-token alone. Secrets are read from files, from \
            the environment or from the standard input, never from the command line.

            \(Outcome.help)

            Completions: msal --generate-completion-script bash (or zsh, or fish) writes a script for your shell.
            """,
        version: ClientFields.version,
        subcommands: [
            LoginCommand.self, TokenCommand.self, AccountsCommand.self, LogoutCommand.self, DecodeCommand.self,
            ExplainCommand.self, CacheCommand.self, EmulatorCommand.self,
        ]
    )
}
