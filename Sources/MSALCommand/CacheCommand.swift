// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `msal cache`: the tokens of this user.
struct CacheCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract: "Show, import and export the tokens that are kept for you.",
        discussion: """
            Tokens lie sealed in a file of yours, or in a SQLite file with --sqlite. Import and export speak the JSON that \
            the MSALs of other languages share.
            """,
        subcommands: [
            CacheImportCommand.self, CacheExportCommand.self, CacheListCommand.self, CacheClearCommand.self,
        ]
    )
}
