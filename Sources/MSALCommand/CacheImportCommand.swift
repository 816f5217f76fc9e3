// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALAsyncHTTPClient
import MSALCore

/// `msal cache import`: takes in the cache of another MSAL.
struct CacheImportCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in the token cache of another MSAL.",
        discussion: """
            What is newer than what is kept already is taken; what belongs to other applications is kept for the next \
            export. What cannot be used is named with the reason.
            """
    )

    /// The cache to take in.
    @Argument(help: ArgumentHelp("The cache as JSON; - reads it from the standard input.", valueName: "file"))
    var source: String

    /// The application.
    @Option(
        name: .customLong("client-id"),
        help: ArgumentHelp("The application whose tokens are taken; needed if there are several.", valueName: "id")
    )
    var clientID: String?

    /// The provider.
    @Option(
        help: ArgumentHelp(
            "The provider the tokens are of; needed for one on a port of its own, as the cache names no ports.",
            valueName: "url"
        )
    )
    var authority: String?

    /// Where to put them.
    @OptionGroup var location: CacheLocation

    /// Imports and prints the report.
    func run() async throws {
        let logger = Logger.command("cache")
        try await refusing {
            let json = try Self.read(source)
            let clients = try TokenStoreContents.clients(in: json)
            let client = try choose(among: clients)
            let application = try ConfidentialClientApplication(
                configuration: ApplicationConfiguration(
                    clientID: client.id,
                    authority: try authority(of: client),
                    // Nothing is asked of the provider.
                    credential: .secret(Secret("none")),
                    tenants: .any
                ),
                transport: AsyncHTTPClientTransport(),
                tokens: try location.persistence(logger: logger),
                logger: logger
            )
            let report = try await application.importCache(json)
            try Terminal.print("\(report)")
        }
    }

    /// The application whose tokens are taken.
    private func choose(among clients: [TokenStoreContents.Client]) throws -> TokenStoreContents.Client {
        if let clientID {
            let found = clients.first { $0.id.lowercased() == clientID.lowercased() }
            return found ?? TokenStoreContents.Client(id: clientID, environments: [])
        }
        guard let only = clients.first else { throw Refusal(message: "There is no token in \(source).") }
        guard clients.count == 1 else {
            let names = clients.map { "  " + $0.id }.joined(separator: "\n")
            throw Refusal(message: "There are tokens of several applications; name one with --client-id:\n\(names)")
        }
        return only
    }

    /// The provider of the application's tokens.
    private func authority(of client: TokenStoreContents.Client) throws -> Authority {
        if let authority { return try Authority(authority) }
        guard let environment = client.environments.first, client.environments.count == 1 else {
            throw Refusal(
                message: client.environments.isEmpty
                    ? "There is no token of the application \(client.id) in \(source)."
                    : "The tokens are of several providers; name one with --authority: "
                        + client.environments.sorted().joined(separator: ", ")
            )
        }
        return try Authority("https://\(environment)/organizations")
    }

    /// The bytes of a file or of the standard input.
    private static func read(_ source: String) throws -> [UInt8] {
        if source == "-" { return [UInt8](try Input.standardInput()) }
        guard let data = FileManager.default.contents(atPath: source) else {
            throw Refusal(message: "The file \(source) cannot be read.")
        }
        return [UInt8](data)
    }
}
