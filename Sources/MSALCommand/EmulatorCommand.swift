// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Logging
import MSALEmulator
import ServiceLifecycle
import UnixSignals

/// `msal emulator`: the identity platform on this machine.
struct EmulatorCommand: AsyncParsableCommand {
    /// What `--help` says.
    static let configuration = CommandConfiguration(
        commandName: "emulator",
        abstract: "Run the identity platform emulator on this machine.",
        discussion: """
            It signs people in, issues tokens and answers /v1.0/me, by plain http and by https, for this machine only. \
            Clients that insist on https must trust the development CA whose path is printed at the start.

            Without --seed it holds the directory of the made-up insurer Harbour Mutual. docs/emulator.md describes the \
            format of seed files. Control-C ends it.
            """
    )

    /// The port for plain http.
    @Option(help: "The port for plain http; 0 picks a free one.")
    var port = 8400

    /// The port for https.
    @Option(help: "The port for https; 0 picks a free one.")
    var httpsPort = 8443

    /// The seed file, if any.
    @Option(help: ArgumentHelp("A directory to start with, as JSON.", valueName: "file"))
    var seed: String?

    /// Where the development CA is kept, if not in the usual place.
    @Option(help: ArgumentHelp("Where the development CA is kept.", valueName: "directory"))
    var certificates: String?

    /// The certificates to register, each with the application it is for.
    @Option(
        help: ArgumentHelp(
            "A certificate (PEM) whose key may sign an application's client assertions; repeatable.",
            valueName: "client-id=file"
        )
    )
    var clientCertificate: [String] = []

    /// Whether it keeps to the RFCs.
    @Flag(help: "Keep to the RFCs where the platform departs from them: slow_down for devices that ask too often.")
    var strict = false

    /// The name of the log level.
    @Option(
        help: """
            How much to log: trace, debug, info, notice, warning, error or critical. The environment variable LOG_LEVEL \
            says the same.
            """
    )
    var logLevel = ProcessInfo.processInfo.environment["LOG_LEVEL"] ?? "warning"

    /// Refuses ports that are none.
    func validate() throws {
        for (name, value) in [("--port", port), ("--https-port", httpsPort)] where !(0...65_535).contains(value) {
            throw ValidationError("\(name) must be a number from 0 to 65535, not \(value).")
        }
        guard Logger.Level(rawValue: logLevel) != nil else {
            throw ValidationError("--log-level must be the name of a level, not \(logLevel).")
        }
    }

    /// Runs until SIGINT or SIGTERM.
    func run() async throws {
        var logger = Logger(label: "msal.emulator", factory: { label in StreamLogHandler.standardError(label: label) })
        logger.logLevel = Logger.Level(rawValue: logLevel) ?? .warning
        let emulator: Emulator
        do {
            emulator = try Emulator(
                seed: try readSeed(),
                configuration: EmulatorConfiguration(
                    httpPort: port,
                    httpsPort: httpsPort,
                    certificateDirectory: certificates,
                    isStrict: strict
                ),
                logger: logger
            )
        } catch {
            throw Refusal(message: "\(error)")
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [emulator, Announcement(emulator: emulator)],
                gracefulShutdownSignals: [.sigint, .sigterm],
                logger: logger
            )
        )
        do {
            try await group.run()
        } catch let error as EmulatorError {
            throw Refusal(message: "\(error)")
        }
    }

    /// Reads the seed file, or takes the built-in directory, and registers certificates.
    private func readSeed() throws -> EmulatorSeed {
        var seed = try readDirectory()
        for option in clientCertificate {
            let parts = option.split(separator: "=", maxSplits: 1).map { String($0) }
            guard parts.count == 2 else {
                throw Refusal(message: "--client-certificate must be a client ID, = and a file, not \(option).")
            }
            guard let data = FileManager.default.contents(atPath: parts[1]) else {
                throw Refusal(message: "The certificate file \(parts[1]) cannot be read.")
            }
            try seed.register(certificate: String(decoding: data, as: UTF8.self), for: parts[0])
        }
        return seed
    }

    /// Reads the seed file, or takes the built-in directory.
    private func readDirectory() throws -> EmulatorSeed {
        guard let seed else { return .insurance }
        guard let data = FileManager.default.contents(atPath: seed) else {
            throw Refusal(message: "The seed file \(seed) cannot be read.")
        }
        return try EmulatorSeed(json: Array(data))
    }
}

/// An error that is told in its own words, without a usage text.
struct Refusal: Error, CustomStringConvertible, LocalizedError {
    /// The words.
    let message: String

    /// The words.
    var description: String { message }
    /// The words.
    var errorDescription: String? { message }
}
