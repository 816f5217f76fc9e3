// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALCore

/// `msal cache clear`: forgets all tokens.
struct CacheClearCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "clear",
        abstract: "Forget all tokens.",
        discussion: "People stay signed in at their provider; here they have to sign in again."
    )

    /// Whether to go ahead.
    @Flag(help: "Do not ask whether you are sure.")
    var yes = false

    /// Where the tokens are.
    @OptionGroup var location: CacheLocation

    /// Asks and clears.
    func run() async throws {
        let logger = Logger.command("cache")
        try await refusing {
            if !yes {
                guard isatty(STDIN_FILENO) == 1 else {
                    throw Refusal(message: "Nobody can be asked here. Say --yes to forget all tokens.")
                }
                print("Forget all tokens in \(location.name)? Type yes: ", terminator: "")
                fflush(nil)
                guard readLine() == "yes" else { throw Refusal(message: "Nothing was changed.") }
            }
            let count = try await TokenStoreContents.removeAll(
                from: try location.persistence(logger: logger),
                logger: logger
            )
            try Terminal.print("\(count) \(count == 1 ? "entry" : "entries") forgotten.")
        }
    }
}
