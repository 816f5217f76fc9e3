// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Hummingbird
import Logging
import MSALEmulator
import NIOCore
import ServiceLifecycle
import Synchronization

/// Listens, tells where, and answers.
struct PortalServer: Service {
    /// The address to listen on.
    let host: String
    /// The port to listen on, 0 for any.
    let port: Int
    /// The emulator that runs beside, if there is one.
    let emulator: Emulator?
    /// Where notes go.
    let logger: Logger
    /// Makes the portal once its port and the emulator's addresses are known.
    let makePortal: @Sendable (Int, EmulatorAddresses?) throws -> Portal

    /// Serves until it is cancelled or shut down.
    func run() async throws {
        let addresses = try await emulator?.waitUntilReady()
        let routes = LateRoutes()
        let (portals, made) = AsyncStream.makeStream(of: Portal.self)
        let application = Application(
            responder: routes,
            configuration: ApplicationConfiguration(address: .hostname(host, port: port)),
            onServerRunning: { channel in
                do {
                    let actual = channel.localAddress?.port ?? port
                    let portal = try makePortal(actual, addresses)
                    routes.set(.success(portal.router().buildResponder()))
                    made.yield(portal)
                    announce(portal, port: actual, addresses)
                } catch {
                    routes.set(.failure(error))
                    channel.close(promise: nil)
                }
            },
            logger: logger
        )
        try await withThrowingTaskGroup { group in
            group.addTask {
                for await portal in portals { try await portal.keepTokensInOrder() }
            }
            try await application.run()
            made.finish()
            try await group.waitForAll()
        }
        if let error = routes.failure { throw error }
    }

    /// Tells the person at the terminal where everything is, and the accounts to try.
    private func announce(_ portal: Portal, port: Int, _ addresses: EmulatorAddresses?) {
        var lines = ["Portal: \(portal.publicBaseURL)"]
        if let addresses {
            lines.append("Emulator: \(addresses.http)")
            if let https = addresses.https { lines.append("Emulator: \(https)") }
            if let certificate = addresses.caCertificatePath { lines.append("CA certificate: \(certificate)") }
            lines.append("")
            lines += (emulator?.accounts ?? []).flatMap { account in
                account.roles.prefix(1).map { "\(account.username) \(account.password) \($0)" }
            }
        } else {
            lines.append("Listening: \(host):\(port)")
        }
        // Not print(): a pipe would get the lines only when a buffer is full.
        FileHandle.standardOutput.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }
}

/// Routes that come to be when the port is known.
///
/// They are set before the server takes its first connection in.
private final class LateRoutes: HTTPResponder, Sendable {
    /// The routes, or why there are none.
    private let routes = Mutex<Result<RouterResponder<PortalContext>, any Error>?>(nil)

    /// Why there are no routes.
    var failure: (any Error)? {
        routes.withLock { if case .failure(let error) = $0 { error } else { nil } }
    }

    /// Takes the routes, or why there are none.
    func set(_ result: Result<RouterResponder<PortalContext>, any Error>) {
        routes.withLock { $0 = result }
    }

    /// Answers by the routes.
    func respond(to request: Request, context: PortalContext) async throws -> Response {
        guard case .success(let responder) = routes.withLock(\.self) else {
            return Response(status: .serviceUnavailable)
        }
        return try await responder.respond(to: request, context: context)
    }
}
