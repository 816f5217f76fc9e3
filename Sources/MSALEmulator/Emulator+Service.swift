// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
public import ServiceLifecycle
import Synchronization

extension Emulator: Service {
    /// Listens until it is cancelled or its service group shuts down, which takes less than a second.
    ///
    /// It runs once in its life.
    ///
    /// - Throws: ``EmulatorError`` when a port is taken or the certificates cannot be made.
    public func run() async throws {
        do {
            try await listen()
            readiness.fail(EmulatorError(code: .stopped, message: "The emulator has stopped."))
        } catch {
            readiness.fail(error)
            throw error
        }
    }

    /// Waits until both listeners accept connections.
    ///
    /// - Returns: where they are.
    /// - Throws: the error of ``run()`` when it ends before, or `CancellationError`.
    public func waitUntilReady() async throws -> EmulatorAddresses {
        try await readiness.wait()
    }

    /// Runs the listeners.
    private func listen() async throws {
        let configuration = platform.configuration
        let store = CertificateStore(
            directory: configuration.certificateDirectory.map { URL(filePath: $0) }
                ?? CertificateStore.standardDirectory(),
            now: platform.now()
        )
        let ports = Mutex<[String: Int]>([:])
        let expected = configuration.httpsPort == nil ? 1 : 2
        let onListening: @Sendable (String, Int) -> Void = { [platform, readiness] scheme, port in
            let known = ports.withLock { ports in
                ports[scheme] = port
                return ports
            }
            if scheme == "http", configuration.baseURL == nil {
                platform.fallbackBase.withLock { $0 = BaseURL(scheme: "http", authority: "localhost:\(port)") }
            }
            guard known.count == expected, let http = known["http"] else { return }
            readiness.succeed(
                EmulatorAddresses(
                    http: "http://localhost:\(http)",
                    https: known["https"].map { "https://localhost:\($0)" },
                    caCertificatePath: known["https"].map { _ in store.certificateURL.path(percentEncoded: false) }
                )
            )
        }
        var listeners = [
            Listener(
                emulator: self,
                scheme: "http",
                port: configuration.httpPort,
                option: configuration.httpPortOption,
                server: .http1(),
                onListening: onListening
            )
        ]
        if let port = configuration.httpsPort {
            listeners.append(
                Listener(
                    emulator: self,
                    scheme: "https",
                    port: port,
                    option: configuration.httpsPortOption,
                    server: try .tls(.http1(), tlsConfiguration: store.serverConfiguration()),
                    onListening: onListening
                )
            )
        }
        try await Self.run(listeners, logger: platform.logger)
    }

    /// Runs services until the first ends; open connections get half a second to finish.
    private static func run(_ listeners: [Listener], logger: Logger) async throws {
        var configuration = ServiceGroupConfiguration(services: listeners, logger: logger)
        configuration.maximumGracefulShutdownDuration = .milliseconds(500)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError where !Task.isCancelled {
            // The half second was over: connections were cut, and that is an orderly end.
        }
    }
}

/// One port.
private struct Listener: Service, CustomStringConvertible {
    /// Whose port.
    let emulator: Emulator
    /// `http` or `https`.
    let scheme: String
    /// The port asked for.
    let port: Int
    /// The command line option that chooses the port.
    let option: String
    /// How connections are set up.
    let server: HTTPServerBuilder
    /// Told the port that was given.
    let onListening: @Sendable (String, Int) -> Void

    /// What logs call it.
    var description: String { "Listener(\(scheme), port \(port))" }

    /// Listens.
    func run() async throws {
        let configuration = emulator.platform.configuration
        var logger = emulator.platform.logger
        logger[metadataKey: "msal.emulator.scheme"] = "\(scheme)"
        // The server calls every connection that is cut an error; that is of use only to those who debug it.
        if logger.logLevel > .debug { logger.logLevel = .critical }
        let application = Hummingbird.Application(
            responder: ListenerResponder(routes: emulator.routes, scheme: scheme),
            server: server,
            configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: port)),
            onServerRunning: { [onListening, scheme] channel in
                onListening(scheme, channel.localAddress?.port ?? 0)
            },
            logger: logger
        )
        do {
            try await application.run()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw EmulatorError.portInUse(port, option: option)
        } catch let error as IOError {
            throw EmulatorError(
                code: .cannotListen,
                message: "Cannot listen on \(configuration.host), port \(port) (\(option)): \(error)"
            )
        }
    }
}
