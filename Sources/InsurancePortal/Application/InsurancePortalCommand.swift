// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALCore
import MSALEmulator
import ServiceLifecycle

/// The command line of the portal.
@main
struct InsurancePortalCommand: AsyncParsableCommand {
    /// How the command is called and what its help says.
    static let configuration = CommandConfiguration(
        commandName: "insurance-portal",
        abstract: "The web app of Harbour Mutual, an invented insurer, with sign-in by swift-msal.",
        discussion: """
            Without options it brings its own identity platform emulator and needs no settings at all. With --no-emulator \
            people sign in at the provider that AZURE_AD_* names, read from the environment and then from a JSON file.
            """
    )

    /// The portal's port.
    @Option(help: "The portal's port; 0 picks a free one.")
    var port = 8080

    /// The address to listen on.
    @Option(help: "The address to listen on. With the emulator, whose passwords are public, it stays this machine's.")
    var host = "127.0.0.1"

    /// The emulator's port for http.
    @Option(help: "The emulator's port for http; 0 picks a free one.")
    var emulatorPort = 8400

    /// The emulator's port for https.
    @Option(name: .customLong("emulator-https-port"), help: "The emulator's port for https; 0 picks a free one.")
    var emulatorHTTPSPort = 8443

    /// Whether another provider signs people in.
    @Flag(help: "Sign people in at the provider that AZURE_AD_* names, instead of the emulator.")
    var noEmulator = false

    /// The database file.
    @Option(
        help: """
            The SQLite file for policies, claims, sessions and tokens, made if there is none; people stay signed in across \
            restarts. Without it, all is in memory.
            """
    )
    var data: String?

    /// The settings file.
    @Option(help: "A JSON file with settings, for --no-emulator; portal.json unless told otherwise.")
    var config: String?

    /// Checks what the options say together.
    func validate() throws {
        for (name, port) in [
            ("--port", port), ("--emulator-port", emulatorPort), ("--emulator-https-port", emulatorHTTPSPort),
        ]
        where !(0...65_535).contains(port) {
            throw ValidationError("\(name) takes a number from 0 to 65535.")
        }
        if config != nil, !noEmulator {
            throw ValidationError("--config is for --no-emulator; with the emulator there is nothing to set.")
        }
        if !noEmulator, !["127.0.0.1", "::1", "localhost"].contains(host) {
            throw ValidationError("--host is for --no-emulator; the emulator's passwords are public.")
        }
    }

    /// Runs the portal until a signal ends it.
    func run() async throws {
        let logger = Self.makeLogger()
        do {
            try await PortalProcess(options: self, logger: logger).run()
        } catch let fault as StartFault {
            Self.complain(fault.message)
            throw ExitCode(fault.exitCode)
        }
    }

    /// Logs to the standard error stream at the level of `LOG_LEVEL`.
    private static func makeLogger() -> Logger {
        let level =
            ProcessInfo.processInfo.environment["LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0.lowercased()) }
            ?? .info
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = level
            return handler
        }
        return Logger(label: "insurance-portal")
    }

    /// Says what is wrong on the standard error stream.
    private static func complain(_ message: String) {
        FileHandle.standardError.write(Data("insurance-portal: \(message)\n".utf8))
    }
}
