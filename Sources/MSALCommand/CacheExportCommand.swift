// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALCore

/// `msal cache export`: writes a cache that other MSALs read.
struct CacheExportCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all tokens as a cache that other MSALs read.",
        discussion: """
            The tokens stand in it in plain text: whoever can read it can act in your name. A file is written so that you \
            alone may read it.
            """
    )

    /// Where to write.
    @Argument(help: ArgumentHelp("The file to write; - or none writes to the standard output.", valueName: "file"))
    var target = "-"

    /// Where the tokens are.
    @OptionGroup var location: CacheLocation

    /// Exports.
    func run() async throws {
        let logger = Logger.command("cache")
        try await refusing {
            let json = try await TokenStoreContents.export(try location.persistence(logger: logger), logger: logger)
            if target == "-" {
                try Terminal.print(String(decoding: json, as: UTF8.self))
            } else {
                try PrivateOutput.write(json, to: target)
            }
            notice("Warning: these are tokens in plain text. Whoever can read them can act in your name.")
        }
    }
}

/// Files that their owner alone may read.
enum PrivateOutput {
    /// Writes a file in the place of whatever has its name, once it is whole.
    static func write(_ bytes: [UInt8], to path: String) throws {
        var status = stat()
        guard lstat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw Refusal(
                message: "\(path) is a folder, a link or a device. Name a file, or none for the standard output."
            )
        }
        let new = path + ".new-\(UUID().uuidString)"
        let descriptor = open(new, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else {
            throw Refusal(message: "The file \(path) cannot be written: \(String(cString: strerror(errno))).")
        }
        do {
            let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
            try file.write(contentsOf: Data(bytes))
            try file.close()
            guard rename(new, path) == 0 else {
                throw Refusal(message: "The file \(path) cannot be written: \(String(cString: strerror(errno))).")
            }
        } catch {
            unlink(new)
            throw error is Refusal ? error : Refusal(message: "The file \(path) cannot be written: \(error).")
        }
    }
}
