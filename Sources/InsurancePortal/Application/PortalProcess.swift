// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Configuration
import Foundation
import Logging
import MSALAsyncHTTPClient
import MSALCore
import MSALEmulator
import ServiceLifecycle
import UnixSignals

/// The portal as a process: opens the data, starts the emulator and the server, ends both on a signal.
struct PortalProcess {
    /// What the command line says.
    let options: InsurancePortalCommand
    /// Where notes go.
    let logger: Logger

    /// How long open requests may go on after a signal.
    private static let grace = Duration.milliseconds(400)

    /// Runs until SIGINT or SIGTERM.
    ///
    /// - Throws: ``StartFault`` with a sentence for the person at the terminal.
    func run() async throws {
        try await checkPorts()
        let data = try openData()
        do {
            let server = try await options.noEmulator ? outsideServer(data) : bundledServer(data)
            var services: [any Service] = [server]
            if let emulator = server.emulator { services.insert(emulator, at: 0) }
            var group = ServiceGroupConfiguration(
                services: services,
                gracefulShutdownSignals: [.sigint, .sigterm],
                logger: logger
            )
            group.maximumGracefulShutdownDuration = Self.grace
            try await ServiceGroup(configuration: group).run()
        } catch is CancellationError {
            // The grace was over with requests still open; the process ends as it was asked to.
            return
        } catch {
            throw StartFault(error, port: options.port) ?? error
        }
    }

    /// Makes sure that the ports are free, before anything is started that would have to be stopped again.
    private func checkPorts() async throws {
        try await PortCheck.listen(host: options.host, port: options.port, option: "--port")
        guard !options.noEmulator else { return }
        try await PortCheck.listen(host: options.host, port: options.emulatorPort, option: "--emulator-port")
        try await PortCheck.listen(host: options.host, port: options.emulatorHTTPSPort, option: "--emulator-https-port")
    }

    /// The database of the command line.
    private func openData() throws -> PortalDatabase {
        do {
            let data = try PortalDatabase(file: options.data, now: Date())
            if !options.noEmulator, let key = PortalSettings.demoCustomerKey { try data.linkDemoCustomer(to: key) }
            return data
        } catch {
            throw StartFault.data(options.data ?? "in memory", error)
        }
    }

    /// The server with the bundled emulator.
    private func bundledServer(_ data: PortalDatabase) throws -> PortalServer {
        let emulator = try Emulator(
            seed: PortalSettings.seed,
            configuration: EmulatorConfiguration(
                httpPort: options.emulatorPort,
                httpsPort: options.emulatorHTTPSPort,
                stateFile: options.data.map { $0 + ".emulator" },
                httpPortOption: "--emulator-port",
                httpsPortOption: "--emulator-https-port"
            ),
            logger: logger
        )
        // Beside the data, so that cookies, sessions and tokens of the last run can be opened.
        let keys = try options.data.map { try KeyRing.file(at: $0 + ".keys") }
        return PortalServer(host: options.host, port: options.port, emulator: emulator, logger: logger) {
            port,
            addresses in
            try makePortal(
                PortalSettings.bundled(emulator: addresses?.http ?? "", publicBaseURL: "http://localhost:\(port)"),
                data,
                keys: keys
            )
        }
    }

    /// The server for another provider; everything is checked before it listens.
    private func outsideServer(_ data: PortalDatabase) async throws -> PortalServer {
        let settings: ConfigReader
        do {
            settings = try await PortalSettings.outside(file: options.config)
        } catch {
            let file = options.config ?? PortalSettings.standardFile
            throw StartFault("The settings file \(file) cannot be read: \(error)", exitCode: StartFault.configuration)
        }
        let portal = try makePortal(settings, data)
        return PortalServer(host: options.host, port: options.port, emulator: nil, logger: logger) { _, _ in portal }
    }

    /// The portal with the transport of real life.
    private func makePortal(_ settings: ConfigReader, _ data: PortalDatabase, keys: KeyRing? = nil) throws -> Portal {
        try Portal(
            configuration: settings,
            transport: AsyncHTTPClientTransport(),
            time: SystemTime(),
            data: data,
            storage: options.data.map { .sqlite(file: $0) } ?? .memory,
            keys: keys,
            logger: logger
        )
    }
}
