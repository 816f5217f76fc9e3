// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The `msal` tool.
@main
struct MSALCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "msal",
        abstract: "Tools for the Microsoft identity platform, from swift-msal.",
        subcommands: [CacheCommand.self, EmulatorCommand.self, TokenCommand.self]
    )
}
